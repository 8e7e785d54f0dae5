// The update that turns one profile into another and touches nothing else of the document.

import { isDeepStrictEqual } from 'node:util';
import type { Profile } from '../../rules/contact/contact';

export interface ProfileChange {
  readonly $set?: Readonly<Record<string, unknown>>;
  readonly $unset?: Readonly<Record<string, ''>>;
}

/** Sets what differs and removes what is gone. Facts are set one by one, for they are also learnt without a revision. */
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

function flat({ contactId: _contactId, facts, ...rest }: Profile): Record<string, unknown> {
  const fields: Record<string, unknown> = { ...rest };
  for (const [name, value] of Object.entries(facts ?? {})) fields[`facts.${name}`] = value;
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
