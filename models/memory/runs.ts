// Journey runs in memory.

import type { RunRecord, RunStore } from '../../ports/runs';
import { isInCities } from './cities';
import { copy, sorted, take } from './copy';

type RunFilter = Parameters<RunStore['list']>[0];
type RunTotal = Pick<RunRecord, 'journey' | 'state' | 'outcome'> & { readonly count: number };

export function createMemoryRuns(): RunStore {
  const rows = new Map<string, RunRecord>();

  return {
    async open(run) {
      const known = rows.get(run.workflowId);
      if (known && isSameRunClosed(known, run)) return;

      const kept = known?.state === 'running' ? known : {};
      rows.set(run.workflowId, { ...kept, ...copy(run), state: 'running' });
    },

    async openNew(run) {
      if (!rows.has(run.workflowId)) rows.set(run.workflowId, { ...copy(run), state: 'running' });
    },

    async close(workflowId, outcome, closedAt) {
      const known = rows.get(workflowId);
      if (known) rows.set(workflowId, { ...known, state: 'closed', outcome, closedAt });
    },

    find: async (workflowId) => copy(rows.get(workflowId)) ?? null,

    async ofContact(contactId) {
      const own = [...sorted(rows)].filter((run) => run.contactId === contactId);
      return own.sort(latestFirst).map(copy);
    },

    async handOver(contactId, to, workflowIds) {
      for (const run of rows.values())
        if (run.contactId === contactId && (workflowIds?.includes(run.workflowId) ?? true))
          rows.set(run.workflowId, { ...run, contactId: to });
    },

    runningOf: async (contactIds) =>
      [...rows.values()]
        .filter(({ contactId, state }) => state === 'running' && contactIds.includes(contactId))
        .map(copy),

    list: async (filter) =>
      take(sorted(rows, filter.after), filter.limit, (run) => isListed(run, filter)),

    totals: async () => runTotals(rows.values()),
  };
}

const isSameRunClosed = (known: RunRecord, { entry }: Pick<RunRecord, 'entry'>): boolean =>
  known.state === 'closed' && entry !== undefined && known.entry === entry;

/** Runs that began at once stay in order of their ids. */
function latestFirst(a: RunRecord, b: RunRecord): number {
  if (a.startedAt === b.startedAt) return 0;
  return a.startedAt < b.startedAt ? 1 : -1;
}

const isListed = (run: RunRecord, { journey, contactId, cities, state }: RunFilter): boolean =>
  (!journey || run.journey === journey) &&
  (contactId === undefined || run.contactId === contactId) &&
  isInCities(run.city, cities) &&
  (!state || run.state === state);

function runTotals(runs: Iterable<RunRecord>): RunTotal[] {
  const totals = new Map<string, RunTotal>();

  for (const { journey, state, outcome } of runs) {
    const key = JSON.stringify([journey, state, outcome]);
    const count = (totals.get(key)?.count ?? 0) + 1;
    totals.set(key, { journey, state, ...(outcome !== undefined && { outcome }), count });
  }

  return [...totals.values()];
}
