// What a calendar has to start next, as its flow asks for it.

import type { Stores } from '../ports/stores';
import { type AgendaEntry, agendaOf } from '../rules/calendar/agenda';
import type { CalendarLife } from '../rules/calendar/life';
import type { CalendarPlan } from '../rules/calendar/plan';
import { DAY_MS } from '../rules/time/durations';
import { formatInstant } from '../rules/time/instant';
import { calendarTables } from './calendarTables';
import type { Agenda, AgendaInput } from './contract';
import type { ActivityDeps } from './deps';

/** How far a flow looks ahead: what is published meanwhile counts from its next look on. */
const AHEAD_MS = DAY_MS;
/** How far it looks back when it is begun anew: what is older is past every offer's end. */
const BACK_MS = 31 * DAY_MS;
/** Entries of one answer, and whatever starts together with the last of them. */
const MOST_ENTRIES = 50;

/**
 * The waves of a calendar after an instant, those that have expired meanwhile included, without those that were started before.
 * @throws CodedError NOT_FOUND when an approved version is gone
 */
export async function calendarAgenda(
  { stores, clock }: Pick<ActivityDeps, 'stores' | 'clock'>,
  { calendarId, after }: AgendaInput,
): Promise<Agenda> {
  const now = clock.now();
  const until = now + AHEAD_MS;
  const life = await stores.calendarLives.find(calendarId);
  if (life?.state !== 'active')
    return { state: life?.state ?? 'none', entries: [], until: formatInstant(until) };

  const since = after === undefined ? firstInstant(life, now) : Date.parse(after);
  const entries = agendaOf({
    life,
    plans: await plansOf(stores, life),
    tables: await calendarTables(stores),
    after: since,
    until: Math.max(since, until),
  });
  const [next, isWhole] = firstOf(entries);
  const end = isWhole ? formatInstant(Math.max(since, until)) : (next.at(-1)?.startsAt ?? '');

  return { state: 'active', entries: next, until: end };
}

/** A slot that starts at the very instant of the takeover is of it. */
const firstInstant = ({ takeovers }: CalendarLife, now: number): number =>
  Math.max(Date.parse(takeovers[0]?.from ?? formatInstant(now)) - 1, now - BACK_MS);

async function plansOf(
  { calendars }: Pick<Stores, 'calendars'>,
  { calendarId, takeovers }: CalendarLife,
): Promise<ReadonlyMap<number, CalendarPlan>> {
  const plans = new Map<number, CalendarPlan>();

  for (const { version } of takeovers) {
    const found = plans.has(version) ? null : await calendars.find(calendarId, version);
    if (found) plans.set(version, { ...found.body, id: calendarId, version });
  }

  return plans;
}

/** Whole instants: what starts together is answered together. */
function firstOf(entries: readonly AgendaEntry[]): readonly [readonly AgendaEntry[], boolean] {
  const last = entries[MOST_ENTRIES - 1]?.startsAt;
  const next = last === undefined ? entries : entries.filter(({ startsAt }) => startsAt <= last);
  return [next, next.length === entries.length];
}
