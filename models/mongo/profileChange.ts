// The update that turns one profile into another and touches nothing else of the document.

import { isDeepStrictEqual } from 'node:util';
import type { Profile } from '../../rules/contact/contact';
import type { ContactDocument } from './contactDocument';

export interface ProfileChange {
  readonly $set?: Readonly<Record<string, unknown>>;
  readonly $unset?: Readonly<Record<string, ''>>;
}

/** Sets what differs and removes what is gone. Facts are set one by one, with what each is of. */
export function changeOf(before: Profile, after: Profile): ProfileChange {
  const old = flat(before);
  const next = flat(after);
  const set = Object.entries(next).filter(([path, value]) => !isDeepStrictEqual(value, old[path]));
  const gone = Object.keys(old).filter((path) => !(path in next));

  return {
    ...(set.length > 0 && { $set: Object.fromEntries(set) }),
    ...(gone.length > 0 && { $unset: Object.fromEntries(gone.map((path) => [path, ''])) }),
  };
}

/** True when it changes more than what facts are of: a fact that is told again of a later time is the same. */
export const isNews = (change: ProfileChange): boolean =>
  pathsOf(change).some((path) => !path.startsWith('factTimes.'));

const isOfFacts = (path: string): boolean =>
  path === 'purchases' || path.startsWith('facts.') || path.startsWith('factTimes.');

/** What must not have moved for a change to be written, and what it counts up. Facts are learnt without a revision of the profile. */
export function conditionOf(
  change: ProfileChange,
  { _id, profileRevision, factWrites }: ContactDocument,
  isRevision: boolean,
): { readonly filter: object; readonly $inc?: Readonly<Record<string, number>> } {
  const hasFacts = pathsOf(change).some(isOfFacts);
  const $inc = { ...(isRevision && { profileRevision: 1 }), ...(hasFacts && { factWrites: 1 }) };

  return {
    // `null` is also what is absent: of documents from before facts were counted.
    filter: { _id, profileRevision, ...(hasFacts && { factWrites: factWrites ?? null }) },
    ...(Object.keys($inc).length > 0 && { $inc }),
  };
}

const pathsOf = ({ $set = {}, $unset = {} }: ProfileChange): string[] => [
  ...Object.keys($set),
  ...Object.keys($unset),
];

function flat({
  contactId: _contactId,
  facts,
  factTimes,
  ...rest
}: Profile): Record<string, unknown> {
  const fields: Record<string, unknown> = { ...rest };
  for (const [name, value] of Object.entries(facts ?? {})) fields[`facts.${name}`] = value;
  for (const [name, time] of Object.entries(factTimes ?? {})) fields[`factTimes.${name}`] = time;
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
