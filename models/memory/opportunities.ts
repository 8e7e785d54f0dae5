// What became of triggers for events, in memory.

import type {
  OpportunityCount,
  OpportunityFilter,
  OpportunityStore,
} from '../../ports/opportunities';
import type { OpportunityRow } from '../../rules/trigger/opportunity';
import { copy } from './copy';

const placeOf = ({ at, triggerId, eventId }: OpportunityRow): string =>
  `${at} ${triggerId}/${eventId}`;

export function createMemoryOpportunities(): OpportunityStore {
  const kept = new Map<string, OpportunityRow>();
  const all = () => [...kept.values()];

  return {
    async keep(rows) {
      for (const row of rows) {
        const key = `${row.triggerId}/${row.eventId}`;
        if (!kept.has(key)) kept.set(key, copy(row));
      }
    },

    async list(filter) {
      const { after, limit } = filter;
      const found = all()
        .filter((row) => isAsked(row, filter) && (after === undefined || placeOf(row) < after))
        .sort((a, b) => (placeOf(a) > placeOf(b) ? -1 : 1));
      const rows = copy(found.slice(0, limit));
      const last = rows.at(-1);
      return { rows, next: found.length > limit && last ? placeOf(last) : null };
    },

    async counts({ from, to, cities, triggerId }) {
      const counts = new Map<string, OpportunityCount>();
      for (const row of all()) {
        const isOfTrigger = triggerId === undefined || row.triggerId === triggerId;
        const isInDates = row.date >= from && row.date <= to;
        if (!isOfTrigger || !isInDates || cities?.includes(row.city) === false) continue;

        const group = { triggerId: row.triggerId, date: row.date, city: row.city };
        const each = { ...group, outcome: row.answer.outcome };
        const key = JSON.stringify(each);
        counts.set(key, { ...each, count: (counts.get(key)?.count ?? 0) + 1 });
      }
      return [...counts.values()];
    },
  };
}

function isAsked(row: OpportunityRow, filter: OpportunityFilter): boolean {
  const { cities, triggerId = row.triggerId, contactId = row.contactId } = filter;
  const { eventId = row.eventId, outcome = row.answer.outcome } = filter;
  return (
    cities?.includes(row.city) !== false &&
    row.triggerId === triggerId &&
    row.contactId === contactId &&
    row.eventId === eventId &&
    row.answer.outcome === outcome
  );
}
