// What a calendar in force has to start: the waves of its slots, each once a date, by the version that is in force when it starts.

import { CodedError } from '../base/errors';
import { versionRef } from '../base/ids';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../time/durations';
import { formatInstant } from '../time/instant';
import { localDate } from '../time/localDate';
import { type CalendarLife, versionAt } from './life';
import { type CalendarPlan, type CalendarTables, type PlannedSlot, planDatesOf } from './plan';
import type { WaveKey } from './wave';

/** A wave to be started. */
export interface AgendaEntry extends WaveKey {
  /** ISO: when the first of its contacts is due. */
  readonly startsAt: string;
  /** ISO: from then on nobody of it may be touched any more. */
  readonly expiresAt: string;
  readonly priority: number;
}

interface Asked {
  readonly life: CalendarLife;
  /** Those that the life names, by version. */
  readonly plans: ReadonlyMap<number, CalendarPlan>;
  readonly tables: CalendarTables;
  /** Milliseconds: waves that start after `after` and up to `until`. */
  readonly after: number;
  readonly until: number;
}

/** An offer nobody gave an end to is worth a touch so long, in hours. */
const EXPIRES_AFTER_HOURS = 24;

/** When the touch of an occurrence becomes pointless, in milliseconds. */
export const expiryOf = ({ expiresAfterHours = EXPIRES_AFTER_HOURS }: PlannedSlot, at: number) =>
  at + expiresAfterHours * HOUR_MS;

/**
 * The waves in the order in which they start: by instant, then higher priority, then slot. A slot whose version changes on its very
 * day starts by the version in force at its instant.
 * @throws CodedError NOT_FOUND for a version that `plans` lacks
 */
export function agendaOf({ life, plans, tables, after, until }: Asked): readonly AgendaEntry[] {
  const versions = [...new Set(life.takeovers.map(({ version }) => version))];

  return versions
    .flatMap((version) => wavesOf(planOf(life, plans, version), version, { tables, after, until }))
    .filter(({ startsAt, calendarVersion }) => versionAt(life, startsAt) === calendarVersion)
    .sort(byStart);
}

function planOf(
  { calendarId }: CalendarLife,
  plans: Asked['plans'],
  version: number,
): CalendarPlan {
  const plan = plans.get(version);
  if (plan) return plan;

  throw new CodedError('NOT_FOUND', `calendar ${versionRef(calendarId, version)} is unknown`);
}

function wavesOf(
  plan: CalendarPlan,
  version: number,
  { tables, after, until }: Pick<Asked, 'tables' | 'after' | 'until'>,
): AgendaEntry[] {
  // A day more on both sides: the range is of instants, and dates are the zone's.
  const from = localDate(formatInstant(after - DAY_MS), plan.timezone);
  const to = localDate(formatInstant(until + DAY_MS), plan.timezone);

  return planDatesOf(plan, tables, from, to).flatMap(({ slot, dates }) =>
    dates
      .filter(({ at }) => at > after && at <= until)
      .map(({ date, at }) => ({
        calendarId: plan.id,
        calendarVersion: version,
        slotId: slot.id,
        date,
        startsAt: formatInstant(at),
        expiresAt: formatInstant(expiryOf(slot, at + (slot.spreadMinutes ?? 0) * MINUTE_MS)),
        priority: slot.priority ?? 0,
      })),
  );
}

function byStart(a: AgendaEntry, b: AgendaEntry): number {
  if (a.startsAt !== b.startsAt) return a.startsAt < b.startsAt ? -1 : 1;
  if (a.priority !== b.priority) return b.priority - a.priority;
  return a.slotId < b.slotId ? -1 : 1;
}
