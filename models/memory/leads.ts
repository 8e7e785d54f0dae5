// Leads in memory.

import type { KeptLead, LeadStore } from '../../ports/leads';
import { isInCities } from './cities';
import { copy, sorted, take } from './copy';

type LeadFilter = Parameters<LeadStore['list']>[0];

export function createMemoryLeads(): LeadStore {
  const rows = new Map<string, KeptLead>();
  let position = '';

  return {
    async add(leads) {
      return leads.flatMap((lead) => {
        if (rows.has(lead.leadId)) return [];

        rows.set(lead.leadId, copy(lead));
        return [lead.leadId];
      });
    },

    find: async (leadId) => copy(rows.get(leadId)) ?? null,

    async update(leadId, change, onlyWhen) {
      const known = rows.get(leadId);
      if (!known || (onlyWhen && known.state !== onlyWhen)) return false;

      rows.set(leadId, { ...known, ...copy(change) });
      return true;
    },

    list: async (filter) =>
      take(sorted(rows, filter.after), filter.limit, (lead) => isListed(lead, filter)),

    cursor: async () => position,
    async moveCursor(cursor) {
      position = cursor;
    },
  };
}

const isListed = (lead: KeptLead, { state, contactId, cities }: LeadFilter): boolean =>
  (!state || lead.state === state) &&
  (contactId === undefined || lead.contactId === contactId) &&
  isInCities(lead.city, cities);
