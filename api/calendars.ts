// Calendars as the API sees them: what a caller may see and change of them, and how they are shown.

import type { Caller } from '../ports/auth';
import type { Version } from '../ports/library';
import { CodedError } from '../rules/base/errors';
import { versionRef } from '../rules/base/ids';
import { type CalendarLife, type Takeover, versionAt } from '../rules/calendar/life';
import { newLife, standingVersions, stateOf } from '../rules/calendar/lifeChanges';
import { type CalendarPlan, numberedPlan } from '../rules/calendar/plan';
import { formatInstant } from '../rules/time/instant';
import type { ApiDeps } from './deps';
import type { Exchange } from './exchange';
import { allows, unknown } from './scope';

export type CalendarVersion = Version<CalendarPlan>;

export interface KnownCalendar {
  readonly id: string;
  readonly life: CalendarLife;
  /** Newest first: the newest of all, the one in force, and those that take over later. */
  readonly counting: readonly CalendarVersion[];
}

export const nowIso = ({ clock }: Pick<ApiDeps, 'clock'>): string => formatInstant(clock.now());

/** A calendar that the caller may see. @throws CodedError NOT_FOUND */
export async function visibleCalendar(
  { deps, caller }: Pick<Exchange, 'deps' | 'caller'>,
  id: string,
): Promise<KnownCalendar> {
  const [newest] = await deps.stores.calendars.versions(id);
  const known = newest && (await knownCalendar(deps, newest));
  if (known === undefined || !sees(caller, known)) throw unknown('calendar', id);

  return known;
}

export async function knownCalendar(
  deps: Pick<ApiDeps, 'stores' | 'clock'>,
  newest: CalendarVersion,
): Promise<KnownCalendar> {
  const { id } = newest;
  const life = (await deps.stores.calendarLives.find(id)) ?? newLife(id);
  const standing = standingVersions(life, nowIso(deps)).filter(
    (version) => version !== newest.version,
  );
  const found = await Promise.all(
    standing.map((version) => deps.stores.calendars.find(id, version)),
  );

  const counting = [newest, ...found.filter((version) => version !== null)];
  return { id, life, counting: counting.sort((a, b) => b.version - a.version) };
}

/** A version of a calendar that the caller may see. @throws CodedError NOT_FOUND */
export async function visibleVersion(
  { deps, caller }: Pick<Exchange, 'deps' | 'caller'>,
  id: string,
  version: number,
): Promise<CalendarVersion> {
  const found = await deps.stores.calendars.find(id, version);
  if (!found || !reaches(caller, found.body)) throw unknown('calendar', versionRef(id, version));

  return found;
}

/** Somebody of the caller's cities takes part in it. */
export const reaches = (caller: Caller, { cities }: CalendarPlan): boolean =>
  cities === undefined || cities.some((city) => allows(caller, city));

export const sees = (caller: Caller, { counting }: KnownCalendar): boolean =>
  counting.some(({ body }) => reaches(caller, body));

/** @throws CodedError FORBIDDEN naming the cities that the caller may not reach */
export function assertReachIsOwn(caller: Caller, id: string, { cities }: CalendarPlan): void {
  if (caller.cities === undefined) return;

  const foreign = cities?.filter((city) => !allows(caller, city)) ?? ['*'];
  if (foreign.length === 0) return;

  const allowed = caller.cities.join(', ');
  const reached = cities === undefined ? 'every city' : foreign.join(', ');
  throw new CodedError('FORBIDDEN', `${id} reaches ${reached}; this key may reach ${allowed}`, [
    { path: 'cities', message: `reaches ${reached}`, value: foreign.join(', '), allowed },
  ]);
}

/** Of everything that counts of it. @throws CodedError FORBIDDEN */
export function assertMayChange(caller: Caller, { id, counting }: KnownCalendar): void {
  for (const { body } of counting) assertReachIsOwn(caller, id, body);
}

/** What a list shows of a calendar: its state, and which version counts from when. */
export function calendarView({ id, life, counting }: KnownCalendar, instant: string): object {
  const [newest] = counting;
  const inForce = versionAt(life, instant);
  const shown = counting.find(({ version }) => version === inForce) ?? newest;

  return {
    id,
    state: stateOf(life, instant),
    ...(shown?.body.name !== undefined && { name: shown.body.name }),
    ...(shown?.body.cities !== undefined && { cities: shown.body.cities }),
    newest: newest?.version,
    inForce,
    ahead: life.takeovers
      .filter(({ from }) => Date.parse(from) > Date.parse(instant))
      .map(({ version, from }) => ({ version, from })),
  };
}

/** The whole life besides, and the version in force, or the newest while none is. */
export function calendarDetail(calendar: KnownCalendar, instant: string): object {
  const { life, counting } = calendar;
  const inForce = versionAt(life, instant);
  const shown = counting.find(({ version }) => version === inForce) ?? counting[0];

  return {
    ...calendarView(calendar, instant),
    takeovers: life.takeovers,
    acts: life.acts ?? [],
    ...(shown && { version: versionView(life, shown) }),
  };
}

/** A version with what its approvals say. */
export function versionView(life: CalendarLife, version: CalendarVersion): object {
  const takeovers = life.takeovers.filter((each) => each.version === version.version);

  return {
    id: version.id,
    version: version.version,
    state: takeovers.length > 0 ? 'approved' : 'draft',
    author: version.author,
    at: version.at,
    body: numberedPlan(version),
    approvals: takeovers.map(approvalView),
  };
}

const approvalView = ({ from, approvedBy, at, reason }: Takeover): object => ({
  ...{ from, approvedBy, at },
  ...(reason !== undefined && { reason }),
});
