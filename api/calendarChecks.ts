// What is wrong with a version of a calendar, and what its author probably did not mean, against what is published now.

import type { Version } from '../ports/library';
import type { Stores } from '../ports/stores';
import type { Issue } from '../rules/base/errors';
import { parseVersionRef } from '../rules/base/ids';
import { planFaults, planHints } from '../rules/calendar/faults';
import { calendarHolidayWarnings } from '../rules/calendar/holidayWarnings';
import { type CalendarPlan, type CalendarTables, tablesOf } from '../rules/calendar/plan';
import { type PlanReferences, wantedReferences } from '../rules/calendar/references';
import { slotFaults } from '../rules/calendar/slotFaults';
import type { Template } from '../rules/catalogue/texts';
import { parseDate } from '../rules/time/civil';
import { dateText, localDate } from '../rules/time/localDate';
import { type CalendarFinding, calendarFindingWords } from '../rules/words/calendarFinding';
import type { CalendarVersion } from './calendars';
import { refuseFaults } from './refuseFaults';

type Published = Pick<Stores, 'templates' | 'catalogues' | 'holidays' | 'blackouts'>;

/** A month is the cycle of a calendar: references are judged by the dates of the first one. */
const JUDGED_DAYS = 31;

/**
 * What keeps a version from being approved.
 * @param from ISO: when it would take over
 */
export async function faultsOf(
  stores: Published,
  { body }: CalendarVersion,
  from: string,
): Promise<readonly CalendarFinding[]> {
  const judged = { tables: await tablesNow(stores), ...judgedDates(body, from) };

  return [...planFaults(body), ...slotFaults(body, await referencesOf(stores, body), judged)];
}

/** What is only told, as far as no contact has to be read for it. */
export async function hintsOf(
  stores: Published,
  { body }: CalendarVersion,
  from: string,
): Promise<readonly CalendarFinding[]> {
  const dates = judgedDates(body, from);
  const holidays = calendarHolidayWarnings(body, await tablesNow(stores), dates.from, dates.to);

  return [...holidays, ...planHints(body)];
}

function judgedDates({ timezone }: CalendarPlan, from: string) {
  const first = localDate(from, timezone);
  return { from: first, to: dateText(parseDate(first) + JUDGED_DAYS - 1) };
}

export const findingView = (finding: CalendarFinding): object => ({
  ...flat(finding),
  words: calendarFindingWords(finding),
});

/** Of every finding, its kind beside its path. */
function flat(finding: CalendarFinding): object {
  if (!('fault' in finding)) return finding;

  const { fault, ...place } = finding;
  return { ...place, ...fault };
}

/** @throws CodedError INVALID_INPUT naming every fault and its place */
export async function assertFaultless(
  stores: Published,
  version: CalendarVersion,
  from: string,
): Promise<void> {
  const faults = await faultsOf(stores, version, from);
  refuseFaults(version, 'approved', faults.map(issueOf));
}

function issueOf(fault: CalendarFinding): Issue {
  const { 'zh-CN': zh, en } = calendarFindingWords(fault);
  return { path: fault.path, message: `${zh} · ${en}` };
}

/** The tables in force. */
export async function tablesNow({ holidays, blackouts }: Published): Promise<CalendarTables> {
  const [days, closed] = await Promise.all([holidays.current('cn'), blackouts.current('default')]);
  return tablesOf(days?.body, closed?.body);
}

/** What the slots of a calendar refer to, as far as it is published and not withdrawn. */
export const referencesOf = (stores: Published, plan: CalendarPlan): Promise<PlanReferences> =>
  publishedReferences(stores, wantedReferences(plan));

/** The catalogue in force, and what is asked for by version or id. */
export async function publishedReferences(
  { catalogues, templates }: Pick<Stores, 'templates' | 'catalogues'>,
  wanted: ReturnType<typeof wantedReferences>,
): Promise<PlanReferences> {
  const current = await catalogues.current(CATALOGUE);
  const pinned = await Promise.all(
    wanted.catalogueVersions.map(async (version) => {
      const body = usable(await catalogues.find(CATALOGUE, version));
      return body ? [[version, body] as const] : [];
    }),
  );
  const texts = await Promise.all(
    wanted.templates.map(async (ref) => {
      const body = await publishedTemplate(templates, ref);
      return body ? [[ref, body] as const] : [];
    }),
  );

  return {
    catalogue: current?.body ?? null,
    pinnedCatalogues: new Map(pinned.flat()),
    templates: new Map(texts.flat()),
    templateIds: (await templates.list()).map(({ id }) => id),
  };
}

const CATALOGUE = 'default';

/** By `id@version`, or the one in force by its id. */
async function publishedTemplate(
  templates: Published['templates'],
  ref: string,
): Promise<Template | undefined> {
  const named = parseVersionRef(ref);
  return usable(
    named ? await templates.find(named.id, named.version) : await templates.current(ref),
  );
}

const usable = <T>(version: Version<T> | null): T | undefined =>
  version?.state === 'published' && !version.withdrawn ? version.body : undefined;
