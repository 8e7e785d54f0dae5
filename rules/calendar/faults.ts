// What is wrong with a calendar by itself, and what its author probably did not mean: told before anybody approves it.

import { HOUR_MS, MINUTE_MS } from '../time/durations';
import type { Phase } from './calendar';
import type { CalendarPlan, PlannedSlot } from './plan';

/** `path` is dotted, lists by index: `slots[0].expiresAfterHours`. The sentences are made in rules/words. */
export type PlanFault = { readonly path: string } & (
  | {
      readonly kind: 'phases-overlap';
      readonly phase: string;
      /** The phase before it in the list, and the days of the month that both have. */
      readonly other: string;
      readonly fromDay: number;
      readonly toDay: number;
    }
  | {
      readonly kind: 'expires-before-end';
      readonly slot: string;
      readonly expiresAfterHours: number;
      /** From the first contact of the slot to the last. */
      readonly endsAfterHours: number;
    }
  | { readonly kind: 'fallback-repeats'; readonly slot: string; readonly channel: string }
);

export type PlanHint = { readonly path: string } & {
  readonly kind: 'days-free';
  /** Days of the month that no phase has. */
  readonly days: readonly { readonly fromDay: number; readonly toDay: number }[];
};

/** With any of these no version is approved. */
export const planFaults = ({ phases = [], slots }: CalendarPlan): readonly PlanFault[] => [
  ...phases.flatMap((phase, i) => overlaps(phase, i, phases)),
  ...slots.flatMap((slot, i) => [...expiryFaults(slot, i), ...fallbackFaults(slot, i)]),
];

function overlaps(phase: Phase, i: number, phases: readonly Phase[]): PlanFault[] {
  return phases.slice(0, i).flatMap((other): PlanFault[] => {
    const fromDay = Math.max(phase.fromDay, other.fromDay);
    const toDay = Math.min(phase.toDay, other.toDay);
    if (fromDay > toDay) return [];

    const path = `phases[${i}].${phase.fromDay < other.fromDay ? 'toDay' : 'fromDay'}`;
    return [{ path, kind: 'phases-overlap', phase: phase.id, other: other.id, fromDay, toDay }];
  });
}

/** Of the slot on one date: each day of a span is a wave of its own. */
function expiryFaults(
  { id, spreadMinutes = 0, expiresAfterHours }: PlannedSlot,
  i: number,
): PlanFault[] {
  const endsAfterHours = (spreadMinutes * MINUTE_MS) / HOUR_MS;
  if (expiresAfterHours === undefined || expiresAfterHours >= endsAfterHours) return [];

  const path = `slots[${i}].expiresAfterHours`;
  return [{ path, kind: 'expires-before-end', slot: id, expiresAfterHours, endsAfterHours }];
}

function fallbackFaults({ id, touch, delivery }: PlannedSlot, i: number): PlanFault[] {
  const channels = [touch.channel, ...(delivery?.fallback ?? [])];

  return channels.flatMap((channel, j): PlanFault[] => {
    if (channels.indexOf(channel) === j) return [];
    const path = `slots[${i}].delivery.fallback[${j - 1}]`;
    return [{ path, kind: 'fallback-repeats', slot: id, channel }];
  });
}

const LAST_DAY = 31;

/** Nothing of this keeps a version from being approved. */
export function planHints({ phases = [] }: CalendarPlan): readonly PlanHint[] {
  if (phases.length === 0) return [];

  const days: { readonly fromDay: number; readonly toDay: number }[] = [];
  let free = 1;

  for (const { fromDay, toDay } of [...phases].sort((a, b) => a.fromDay - b.fromDay)) {
    if (fromDay > free) days.push({ fromDay: free, toDay: fromDay - 1 });
    free = Math.max(free, toDay + 1);
  }
  if (free <= LAST_DAY) days.push({ fromDay: free, toDay: LAST_DAY });

  return days.length === 0 ? [] : [{ path: 'phases', kind: 'days-free', days }];
}
