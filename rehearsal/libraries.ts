// What is published, as it was when a rehearsal began: read once, and nobody publishes into it.

import type { Library } from '../ports/library';
import type { Stores } from '../ports/stores';
import { CodedError } from '../rules/base/errors';

/** Everything published that waves are made with. */
export type Libraries = Pick<
  Stores,
  'policies' | 'templates' | 'catalogues' | 'holidays' | 'blackouts' | 'calendars' | 'quotas'
>;

export const frozenLibraries = (live: Libraries): Libraries => ({
  policies: frozen(live.policies),
  templates: frozen(live.templates),
  catalogues: frozen(live.catalogues),
  holidays: frozen(live.holidays),
  blackouts: frozen(live.blackouts),
  calendars: frozen(live.calendars),
  quotas: frozen(live.quotas),
});

/** Answers every question as it was answered first. */
function frozen<T>(library: Library<T>): Library<T> {
  const once = remembered();

  return {
    draft: refuse,
    publish: refuse,
    withdraw: refuse,
    publications: (id) => once(`publications ${id}`, () => library.publications(id)),
    current: (id) => once(`current ${id}`, () => library.current(id)),
    inForce: () => once('in force', () => library.inForce()),
    find: (id, version) => once(`find ${id}@${version}`, () => library.find(id, version)),
    versions: (id) => once(`versions ${id}`, () => library.versions(id)),
    list: () => once('list', () => library.list()),
  };
}

function remembered(): <A>(question: string, ask: () => Promise<A>) => Promise<A> {
  const answers = new Map<string, Promise<unknown>>();

  return <A>(question: string, ask: () => Promise<A>) => {
    const known = (answers.get(question) as Promise<A> | undefined) ?? ask();
    answers.set(question, known);
    return known;
  };
}

const refuse = (): Promise<never> =>
  Promise.reject(new CodedError('CONFLICT', 'a rehearsal publishes nothing'));
