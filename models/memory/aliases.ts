// Other names of contacts in memory.

import type { Alias } from '../../ports/contacts';
import { aliasKey, aliasMoves, type NamesChanged } from '../aliasMoves';

export interface MemoryAliases {
  /** The id of the contact with this name. */
  find(alias: Alias): string | undefined;
  follow(change: NamesChanged): void;
}

export function createMemoryAliases(): MemoryAliases {
  const contactIds = new Map<string, string>();

  return {
    find: (alias) => contactIds.get(aliasKey(alias)),

    follow(change) {
      const { contactId } = change.after;
      const { released, claimed } = aliasMoves(change);

      for (const key of released) if (contactIds.get(key) === contactId) contactIds.delete(key);
      for (const key of claimed) contactIds.set(key, contactId);
    },
  };
}
