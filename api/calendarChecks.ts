// What is wrong with a version of a calendar, and what its author probably did not mean, against what is published now.

import type { Stores } from '../ports/stores';
import { CodedError, type Issue } from '../rules/base/errors';
import { parseVersionRef, versionRef } from '../rules/base/ids';
import type { AudienceSources } from '../rules/calendar/audienceCount';
import { planFaults, planHints } from '../rules/calendar/faults';
import type { CalendarPlan, CalendarTables } from '../rules/calendar/plan';
import type { Template } from '../rules/catalogue/texts';
import { type CalendarFinding, calendarFindingWords } from '../rules/words/calendarFinding';
import type { CalendarVersion } from './calendars';

type Published = Pick<Stores, 'templates' | 'catalogues' | 'holidays'>;

/** What keeps a version from being approved. */
export const faultsOf = ({ body }: CalendarVersion): readonly CalendarFinding[] => planFaults(body);

/** What is only told, as far as no contact has to be read for it. */
export const hintsOf = ({ body }: CalendarVersion): readonly CalendarFinding[] => planHints(body);

export const findingView = (finding: CalendarFinding): object => ({
  ...finding,
  words: calendarFindingWords(finding),
});

/** @throws CodedError INVALID_INPUT naming every fault and its place */
export function assertFaultless(version: CalendarVersion): void {
  const faults = faultsOf(version);
  if (faults.length === 0) return;

  const ref = versionRef(version.id, version.version);
  const issues = faults.map(issueOf);
  const said = issues.map(({ path, message }) => `${path}: ${message}`).join('; ');
  throw new CodedError('INVALID_INPUT', `${ref} cannot be approved: ${said}`, issues);
}

function issueOf(fault: CalendarFinding): Issue {
  const { 'zh-CN': zh, en } = calendarFindingWords(fault);
  return { path: fault.path, message: `${zh} · ${en}` };
}

/** The tables in force; nothing published, no holidays. */
export async function tablesNow({ holidays }: Published): Promise<CalendarTables> {
  const current = await holidays.current('cn');
  return { holidays: current?.body ?? { days: {}, names: {} } };
}

/** What the texts of a calendar's slots are made of. */
export async function audienceSources(
  stores: Published,
  { slots }: CalendarPlan,
): Promise<AudienceSources> {
  const refs = new Set(slots.flatMap(({ touch }) => touch.template ?? []));
  const templates = await Promise.all(
    [...refs].map(async (ref) => [ref, await publishedTemplate(stores, ref)] as const),
  );
  const catalogue = await stores.catalogues.current('default');

  return {
    templates: new Map(templates.flatMap(([ref, body]) => (body ? [[ref, body]] : []))),
    catalogue: catalogue?.body ?? { products: [], migrations: [] },
  };
}

/** By `id@version`, or the one in force by its id. */
async function publishedTemplate(
  { templates }: Published,
  ref: string,
): Promise<Template | undefined> {
  const named = parseVersionRef(ref);
  const found = named
    ? await templates.find(named.id, named.version)
    : await templates.current(ref);

  return found?.state === 'published' ? found.body : undefined;
}
