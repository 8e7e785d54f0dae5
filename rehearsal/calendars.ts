// The calendars whose waves are rehearsed together: the one that is previewed, as if it were in force, and all others that are.

import type { PreviewAsked } from '../ports/previews';
import type { Stores } from '../ports/stores';
import { CodedError } from '../rules/base/errors';
import { versionRef } from '../rules/base/ids';
import { type AgendaEntry, agendaOf } from '../rules/calendar/agenda';
import type { CalendarLife } from '../rules/calendar/life';
import type { CalendarPlan, CalendarTables } from '../rules/calendar/plan';
import { parseDate } from '../rules/time/civil';
import { formatInstant } from '../rules/time/instant';
import { localDate } from '../rules/time/localDate';
import { zoneOf } from '../rules/time/zone';

interface RehearsedCalendar {
  readonly life: CalendarLife;
  /** By version. */
  readonly plans: ReadonlyMap<number, CalendarPlan>;
}

export interface Calendars {
  readonly previewed: CalendarPlan;
  readonly all: readonly RehearsedCalendar[];
  readonly tables: CalendarTables;
  readonly span: Span;
}

/** Milliseconds: waves that start after `after` and up to `until`. */
export interface Span {
  readonly after: number;
  readonly until: number;
}

/** @param now milliseconds @throws CodedError NOT_FOUND: no such version */
export async function readCalendars(
  stores: Pick<Stores, 'calendars' | 'calendarLives'>,
  tables: CalendarTables,
  asked: PreviewAsked,
  now: number,
): Promise<Calendars> {
  const { calendarId, version } = asked;
  const previewed = await readPlan(stores, calendarId, version);
  const span = spanOf(previewed, asked, now);
  const lives = await stores.calendarLives.list();
  const others = lives.filter((life) => life.state === 'active' && life.calendarId !== calendarId);

  return {
    ...{ previewed, tables, span },
    all: [
      { life: inForceFrom(span.after, previewed), plans: new Map([[version, previewed]]) },
      ...(await Promise.all(
        others.map(async (life) => ({ life, plans: await plansOf(stores, life) })),
      )),
    ],
  };
}

async function readPlan(
  { calendars }: Pick<Stores, 'calendars'>,
  calendarId: string,
  version: number,
): Promise<CalendarPlan> {
  const found = await calendars.find(calendarId, version);
  if (found) return { ...found.body, id: calendarId, version };

  const ref = versionRef(calendarId, version);
  throw new CodedError('NOT_FOUND', `calendar ${ref} does not exist`, [
    { path: 'version', message: 'unknown', value: ref },
  ]);
}

async function plansOf(
  stores: Pick<Stores, 'calendars'>,
  { calendarId, takeovers }: CalendarLife,
): Promise<ReadonlyMap<number, CalendarPlan>> {
  const versions = [...new Set(takeovers.map(({ version }) => version))];
  const plans = await Promise.all(versions.map((version) => readPlan(stores, calendarId, version)));
  return new Map(plans.map((plan) => [plan.version, plan]));
}

/** What would have been due before is not sent, and nothing gives way to it. @param instant milliseconds */
function inForceFrom(instant: number, { id, version }: CalendarPlan): CalendarLife {
  const from = formatInstant(instant);
  return {
    calendarId: id,
    state: 'active',
    takeovers: [{ version, from, author: '', approvedBy: '', at: from }],
    revision: 1,
  };
}

/** What lies in the past already starts no more. @param now milliseconds */
function spanOf({ timezone }: CalendarPlan, asked: PreviewAsked, now: number): Span {
  const zone = zoneOf(timezone);
  const midnight = zone.instantOf(parseDate(asked.from), 0);
  const end = zone.instantOf(parseDate(asked.to) + 1, 0);

  return { after: Math.max(midnight - 1, now), until: end - 1 };
}

/** All waves of a span, in the order in which they start. */
export function agendaIn({ all, tables, span }: Calendars): readonly AgendaEntry[] {
  return all
    .flatMap(({ life, plans }) => agendaOf({ life, plans, tables, ...span }))
    .sort((a, b) => Date.parse(a.startsAt) - Date.parse(b.startsAt) || b.priority - a.priority);
}

/** As dates of the calendar's own zone. */
export const datesOf = (
  { after, until }: Span,
  { timezone }: CalendarPlan,
): readonly [string, string] => [
  localDate(formatInstant(after), timezone),
  localDate(formatInstant(until), timezone),
];
