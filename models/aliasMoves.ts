// Which names a contact gives up and claims when its profile changes.

import type { Address } from '../ports/addresses';
import type { Alias } from '../ports/contacts';
import type { Profile } from '../rules/contact/contact';

type Names = Pick<Profile, 'phone' | 'unionId' | 'relations' | 'mergedFrom'>;

export interface NamesChanged {
  readonly before: Profile | null;
  readonly after: Profile;
  /** The names that this change gives: they are claimed even when they are as before, for a crash may have lost the claim. */
  readonly given: { readonly [name in keyof Names]?: Names[name] | null };
}

/** Key of a name over all contacts. */
export const aliasKey = ({ kind, value }: Alias | Address): string => `${kind}:${value}`;

/** Keys of all addresses from which something may have been said that binds the contact. */
export const addressKeysOf = (profile: Profile): string[] => [
  ...keysOf(profile),
  ...[profile, ...(profile.mergedFrom ?? [])].map(({ contactId }) =>
    aliasKey({ kind: 'contactId', value: contactId }),
  ),
];

/** True when the contact has names that it had not, or the other way round. */
export function hasOtherNames(before: Profile | null, after: Profile): boolean {
  const [old, next] = [keysOf(before ?? {}), keysOf(after)].map((keys) => keys.sort().join(' '));
  return old !== next;
}

/** The name of a key. */
export function aliasOf(key: string): Alias {
  const end = key.indexOf(':');
  return { kind: key.slice(0, end) as Alias['kind'], value: key.slice(end + 1) }; // as `aliasKey` made it
}

/** The keys of names that the contact gives up, and of those it claims. A name that the change does not give stays with whoever has it. */
export function aliasMoves({ before, after, given }: NamesChanged): {
  readonly released: string[];
  readonly claimed: string[];
} {
  const held = new Set(keysOf(after));
  return {
    released: keysOf(before ?? {}).filter((key) => !held.has(key)),
    claimed: keysOf(given).filter((key) => held.has(key)),
  };
}

function keysOf({ phone, unionId, relations, mergedFrom }: NamesChanged['given']): string[] {
  const aliases: Alias[] = [];
  if (phone) aliases.push({ kind: 'phone', value: phone });
  if (unionId) aliases.push({ kind: 'unionId', value: unionId });
  for (const { externalUserId } of relations ?? [])
    aliases.push({ kind: 'externalUserId', value: externalUserId });
  for (const record of mergedFrom ?? [])
    if (record.phone !== undefined) aliases.push({ kind: 'phone', value: record.phone });

  return [...new Set(aliases.map(aliasKey))];
}
