// One slot, made ready for a range of dates: all that does not depend on the contact is worked out once.

import { wallMs } from '../time/anchors';
import type { DayKinds } from '../time/dayKind';
import { MINUTE_MS } from '../time/durations';
import type { HolidayTable } from '../time/holidays';
import { instantAt } from '../time/instant';
import { dateText } from '../time/localDate';
import type { DayRange } from '../time/months';
import type { Zone } from '../time/zone';
import { createMatcher, type Matcher } from '../trigger/matcher';
import { baseDays } from './baseDays';
import type { CalendarContact, Slot } from './calendar';
import { type Placement, placementsOf } from './placement';
import { shiftedDay, shiftReach } from './shift';

/** A date of a contact in a slot. */
export interface SlotDate {
  /** The local date, after span and shift. */
  readonly date: string;
  /** Milliseconds. */
  readonly at: number;
}

export interface CompiledSlot {
  readonly slot: Slot;
  /** The dates of a contact within the range, ascending, each once; none when it does not take part. */
  datesOf(contact: CalendarContact): readonly SlotDate[];
}

/** What the slots of a calendar share. */
export interface CompileContext {
  readonly calendarId: string;
  readonly zone: Zone;
  readonly cities: ReadonlySet<string> | null;
  /** The final dates asked for. */
  readonly range: DayRange;
  readonly names: HolidayTable['names'];
  readonly dayKind: DayKinds;
}

export function compileSlot(slot: Slot, context: CompileContext): CompiledSlot {
  const takesPart = audienceOf(slot, context.cities);
  const placementOf = placementsOf(context.calendarId, slot);
  const plannedDates = plannedDatesOf(slot, context);

  return {
    slot,
    datesOf(contact) {
      if (!takesPart(contact)) return [];

      const { days, minutes } = placementOf(contact.contactId);
      const dates = plannedDates(contact, days);

      return minutes === 0
        ? dates
        : dates.map(({ date, at }) => ({ date, at: at + minutes * MINUTE_MS }));
    },
  };
}

function audienceOf(
  { audience }: Slot,
  cities: CompileContext['cities'],
): (contact: CalendarContact) => boolean {
  const matches: Matcher = audience === undefined ? () => true : createMatcher(audience);

  return (contact) => (cities === null || cities.has(contact.city ?? '')) && matches(contact);
}

/** Dates at their wall time, by what of a contact they depend on: its days of the span, and what the anchor reads. */
function plannedDatesOf(
  slot: Slot,
  context: CompileContext,
): (contact: CalendarContact, days: Placement['days']) => readonly SlotDate[] {
  const known = new Map<string, readonly SlotDate[]>();
  const dateOf = createDates(slot, context);

  return (contact, days) => {
    const anchored = anchoredOn(slot, contact, context.zone);
    const key = `${days}/${anchored}`;
    const planned = known.get(key) ?? planDates(slot, context, dateOf, { days, anchored });
    known.set(key, planned);

    return planned;
  };
}

/** What the slot's anchor reads of a contact: its bill day, its day of activation, or nothing (null). */
function anchoredOn(
  { anchor }: Slot,
  { billDay, activatedAt }: CalendarContact,
  zone: Zone,
): number | null {
  switch (anchor.kind) {
    case 'billDay':
    case 'cycleEnd':
      return billDay ?? null;
    case 'activation':
      return activatedAt ? zone.dayAt(instantAt(activatedAt, 'activatedAt')) : null;
    default:
      return null;
  }
}

function planDates(
  slot: Slot,
  { range, names, dayKind }: CompileContext,
  dateOf: (day: number) => SlotDate,
  { days, anchored }: { readonly days: number; readonly anchored: number | null },
): readonly SlotDate[] {
  const { shift = 'none' } = slot;
  const reach = shiftReach(shift, range, dayKind);
  const bases = baseDays(
    slot.anchor,
    { first: reach.first - days, last: reach.last - days },
    { names, dayKind, billDay: anchored, activationDay: anchored },
  );

  const finals = bases
    .map((base) => shiftedDay(shift, base + days, dayKind))
    .filter((day): day is number => day !== null && day >= range.first && day <= range.last);

  return [...new Set(finals)].sort((a, b) => a - b).map(dateOf);
}

/** Each date of the slot with its instant, worked out once. */
function createDates(slot: Slot, { zone }: CompileContext): (day: number) => SlotDate {
  const known = new Map<number, SlotDate>();
  const wall = wallMs(slot.at);

  return (day) => {
    const planned = known.get(day) ?? { date: dateText(day), at: zone.instantOf(day, wall) };
    known.set(day, planned);

    return planned;
  };
}
