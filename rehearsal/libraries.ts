// What is published, as it was when a rehearsal began: read once, and nobody publishes into it.

import type { Library } from '../ports/library';
import { CodedError } from '../rules/base/errors';

/** Answers every question as it was answered first. */
export function frozen<T>(library: Library<T>): Library<T> {
  const once = remembered();

  return {
    draft: refuse,
    publish: refuse,
    withdraw: refuse,
    publications: (id) => once(`publications ${id}`, () => library.publications(id)),
    current: (id) => once(`current ${id}`, () => library.current(id)),
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
