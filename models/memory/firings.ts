// When triggers fired for contacts, in memory.

import type { FiredBefore, FiringStore } from '../../ports/firings';
import { withFirings } from '../../rules/trigger/firing';
import { copy } from './copy';

const NEVER: FiredBefore = { firings: [], revision: 0 };

export function createMemoryFirings(): FiringStore {
  const fired = new Map<string, FiredBefore>();

  return {
    ofMany: async (contactIds) =>
      new Map(
        contactIds.flatMap((id) => {
          const found = fired.get(id);
          return found ? [[id, copy(found.firings)] as const] : [];
        }),
      ),
    of: async (contactId) => copy(fired.get(contactId) ?? NEVER),

    async add(contactId, firings, known, forgetBefore) {
      const before = fired.get(contactId) ?? NEVER;
      if (before.revision !== known.revision) return false;

      const kept = withFirings(before.firings, firings, forgetBefore);
      fired.set(contactId, copy({ firings: kept, revision: before.revision + 1 }));
      return true;
    },
  };
}
