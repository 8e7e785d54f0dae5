// Other names of contacts in memory.

import type { Alias, SharedName } from '../../ports/contacts';
import { aliasKey, aliasMoves, aliasOf, type NamesChanged } from '../aliasMoves';

export interface MemoryAliases {
  /** The ids of the contacts with this name, ascending. */
  find(alias: Alias): readonly string[];
  /** Names with several contacts, by key, after `after`. */
  shared(after: string | null, limit: number): SharedName[];
  follow(change: NamesChanged): void;
}

export function createMemoryAliases(): MemoryAliases {
  const holders = new Map<string, Set<string>>();

  return {
    find: (alias) => [...(holders.get(aliasKey(alias)) ?? [])].sort(),

    shared: (after, limit) =>
      [...holders]
        .filter(([key, ids]) => ids.size > 1 && key > (after ?? ''))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .slice(0, limit)
        .map(([key, ids]) => ({ key, name: aliasOf(key), contactIds: [...ids].sort() })),

    follow(change) {
      const { contactId } = change.after;
      const { released, claimed } = aliasMoves(change);

      for (const key of released) holders.get(key)?.delete(contactId);
      for (const key of claimed) holders.set(key, (holders.get(key) ?? new Set()).add(contactId));
    },
  };
}
