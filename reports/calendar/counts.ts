// Two versions of a calendar over the whole population, page by page: nothing is kept but the counts.

import { setImmediate as breathe } from 'node:timers/promises';
import type { CityScope, ContactStore } from '../../ports/contacts';
import {
  type AudienceHint,
  type AudienceSources,
  createAudienceCount,
} from '../../rules/calendar/audienceCount';
import { type CalendarLoad, createLoadCount } from '../../rules/calendar/load';
import { type CalendarPlan, type CalendarTables, compilePlan } from '../../rules/calendar/plan';
import type { Contact } from '../../rules/contact/contact';
import type { JobMeans } from '../jobs';

export interface Walked {
  readonly read: number;
  /** As many as there were when it began. */
  readonly of: number;
}

/** Whom to walk. */
export interface Population {
  readonly contacts: Pick<ContactStore, 'page' | 'countAudience'>;
  /** The cities of whoever asked. */
  readonly scope: CityScope;
}

export interface LoadComparison {
  /** Null: there is nothing to compare with. */
  readonly before: CalendarLoad | null;
  readonly after: CalendarLoad;
}

interface Compared {
  readonly before: CalendarPlan | null;
  readonly after: CalendarPlan;
  readonly tables: CalendarTables;
  /** Local dates, both included. */
  readonly from: string;
  readonly to: string;
}

/** @throws the signal's reason once it is aborted */
export async function compareLoads(
  { before, after, tables, from, to }: Compared,
  population: Population,
  means: JobMeans<Walked>,
): Promise<LoadComparison> {
  const countOf = (plan: CalendarPlan) => createLoadCount(compilePlan(plan, tables, from, to));
  const was = before && countOf(before);
  const is = countOf(after);

  await walk(population, means, (contact) => {
    was?.add(contact);
    is.add(contact);
  });

  return { before: was?.load() ?? null, after: is.load() };
}

/** @throws the signal's reason once it is aborted */
export async function countAudiences(
  plan: CalendarPlan,
  sources: AudienceSources,
  population: Population,
  means: JobMeans<Walked>,
): Promise<readonly AudienceHint[]> {
  const count = createAudienceCount(plan, sources);
  await walk(population, means, count.add);

  return count.hints();
}

const PAGE = 500;

async function walk(
  { contacts, scope }: Population,
  { signal, progress }: JobMeans<Walked>,
  visit: (contact: Contact) => void,
): Promise<void> {
  const of = await contacts.countAudience(scope);
  let after: string | null = null;

  for (let read = 0; ; ) {
    signal.throwIfAborted();
    const page: readonly Contact[] = await contacts.page(after, PAGE, scope);
    page.forEach(visit);

    read += page.length;
    progress({ read, of });
    after = page.at(-1)?.contactId ?? null;
    if (page.length < PAGE) return;
    await breathe(); // others on the same thread have their turn
  }
}
