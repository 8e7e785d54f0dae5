// From base dates to the days on which a slot takes place: span, then shift, then the blackouts of a city.

import type { DayRange } from '../time/months';
import { baseDays } from './baseDays';
import { type BlackoutRule, blackoutReach, clearedDay } from './blackout';
import type { Slot } from './calendar';
import type { CompileContext } from './compiledSlot';
import { shiftedDay, shiftReach } from './shift';

/** What of a contact its days depend on. */
export interface DayChoice {
  /** Of the span. */
  readonly days: number;
  /** What the anchor reads. */
  readonly anchored: number | null;
  readonly blackout: Pick<BlackoutRule, 'atBlackout' | 'days'> | null;
}

/** The days within the range, ascending, each once. */
export function finalDays(
  slot: Slot,
  context: CompileContext,
  choice: DayChoice,
): readonly number[] {
  const { range, names, dayKind } = context;
  const { days, anchored, blackout } = choice;
  const { shift = 'none' } = slot;
  const rule = ruleOf(slot, context, blackout);
  const reach = reachOf(slot, context, blackout);

  const bases = baseDays(
    slot.anchor,
    { first: reach.first - days, last: reach.last - days },
    { names, dayKind, billDay: anchored, activationDay: anchored },
  );
  const finals = bases
    .map((base) => shiftedDay(shift, base + days, dayKind))
    .map((day) => (day === null || rule === null ? day : clearedDay(rule, day)))
    .filter((day): day is number => day !== null && day >= range.first && day <= range.last);

  return [...new Set(finals)].sort((a, b) => a - b);
}

/** The days from which shift and blackouts may bring a slot into the range. */
export function reachOf(
  slot: Slot,
  context: CompileContext,
  blackout: DayChoice['blackout'],
): DayRange {
  const rule = ruleOf(slot, context, blackout);
  const uncleared = rule === null ? context.range : blackoutReach(rule, context.range);

  return shiftReach(slot.shift ?? 'none', uncleared, context.dayKind);
}

/** A slot that keeps off rest days does so when a blackout moves it, too. */
function ruleOf(
  { shift = 'none' }: Slot,
  { dayKind }: CompileContext,
  blackout: DayChoice['blackout'],
): BlackoutRule | null {
  const isAvoided = (day: number) => shift !== 'none' && dayKind(day) === 'rest';
  return blackout && { ...blackout, isAvoided };
}
