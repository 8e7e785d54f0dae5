// Acts about contacts in memory.

import type { ContactAct, ContactActStore } from '../../ports/contactActs';
import { copy } from './copy';

export function createMemoryContactActs(): ContactActStore {
  const acts = new Map<string, ContactAct>();

  return {
    async record(act) {
      if (!acts.has(act.actId)) acts.set(act.actId, copy(act));
    },
    ofContact: async (contactId) =>
      [...acts.values()]
        .filter((act) => act.contactId === contactId || act.other === contactId)
        .sort((a, b) => (a.at < b.at || (a.at === b.at && a.actId < b.actId) ? -1 : 1))
        .map(copy),
  };
}
