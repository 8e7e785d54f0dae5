// Entries into sequences in memory.

import type {
  SequenceEntry,
  SequenceEntryNumber,
  SequenceEntryStore,
} from '../../ports/sequenceEntries';
import { isInCities } from './cities';
import { copy, sorted, take } from './copy';

export function createMemorySequenceEntries(): SequenceEntryStore {
  const rows = new Map<string, SequenceEntry>();

  return {
    find: async (entryId) => copy(rows.get(entryId)) ?? null,

    of: async (sequenceId, contactIds) =>
      [...rows.values()]
        .filter((row) => sequenceId === null || row.sequenceId === sequenceId)
        .filter(({ contactId }) => contactIds.includes(contactId))
        .map(copy),

    async add(entry) {
      if (rows.has(entry.entryId)) return false;
      rows.set(entry.entryId, copy(entry));
      return true;
    },

    async begun(entryId) {
      const known = rows.get(entryId);
      if (known?.state === 'admitted') rows.set(entryId, { ...known, state: 'running' });
    },

    async ended({ workflowId, entry }, outcome, endedAt) {
      for (const row of rows.values())
        if (row.workflowId === workflowId && row.entry === entry && isOpen(row))
          rows.set(row.entryId, { ...row, state: 'ended', outcome, endedAt });
    },

    unstarted: async (before, limit) =>
      take(rows.values(), limit, ({ state, askedAt }) => state === 'admitted' && askedAt < before),

    list: async ({ sequenceId, version, contactId, state, cities, after, limit }) =>
      take(
        sorted(rows, after),
        limit,
        (row) =>
          row.sequenceId === sequenceId &&
          (version === undefined || row.version === version) &&
          (contactId === undefined || row.contactId === contactId) &&
          (state === undefined || row.state === state) &&
          isInCities(row.city, cities),
      ),

    numbers: async (sequenceId, scope) =>
      counted(
        [...rows.values()].filter(
          (row) => row.sequenceId === sequenceId && isInCities(row.city, scope?.cities),
        ),
      ),
  };
}

const isOpen = ({ state }: SequenceEntry): boolean => state === 'admitted' || state === 'running';

function counted(rows: readonly SequenceEntry[]): SequenceEntryNumber[] {
  const numbers = new Map<string, SequenceEntryNumber>();
  for (const { version, state, reason, outcome } of rows) {
    const key = JSON.stringify([version, state, reason, outcome]);
    const count = (numbers.get(key)?.count ?? 0) + 1;
    numbers.set(key, copy({ version, state, reason, outcome, count }) as SequenceEntryNumber);
  }

  return [...numbers.values()];
}
