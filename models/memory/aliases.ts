// Other names of contacts in memory.

import type { Alias } from '../../ports/contacts';
import { aliasKey, aliasMoves, type NamesChanged } from '../aliasMoves';

export interface MemoryAliases {
  /** The ids of the contacts with this name, ascending. */
  find(alias: Alias): readonly string[];
  follow(change: NamesChanged): void;
}

export function createMemoryAliases(): MemoryAliases {
  const holders = new Map<string, Set<string>>();

  return {
    find: (alias) => [...(holders.get(aliasKey(alias)) ?? [])].sort(),

    follow(change) {
      const { contactId } = change.after;
      const { released, claimed } = aliasMoves(change);

      for (const key of released) holders.get(key)?.delete(contactId);
      for (const key of claimed) holders.set(key, (holders.get(key) ?? new Set()).add(contactId));
    },
  };
}
