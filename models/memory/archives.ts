// Archives of the ledger in memory.

import type { ArchiveStore } from '../../ports/archives';
import type { KeptArchive } from '../../rules/ledger/archive/archive';
import type { Beginning } from '../../rules/ledger/archive/beginning';
import type { LedgerRow } from '../../rules/ledger/rows';
import { compareRows } from '../../rules/ledger/touchState';
import { countingAt, type LaidBeginning, withNext } from '../laidBeginning';
import { copy } from './copy';
import type { MemoryLedger } from './ledger';

export function createMemoryArchives(ledger: MemoryLedger): ArchiveStore {
  const archives: KeptArchive[] = [];
  const laid = new Map<string, LaidBeginning>();
  const counting = (contactId: string, until: string): Beginning | undefined =>
    countingAt(laid.get(contactId) ?? {}, until);

  return {
    list: async () => copy(archives),
    latest: async () => copy(archives.at(-1) ?? null),
    find: async (until) => copy(archives.find((each) => each.until === until) ?? null),
    rowsBefore: (until) => rowsBefore(ledger, until),

    async layDown(beginnings) {
      const latest = archives.at(-1)?.until ?? '';
      for (const next of copy(beginnings))
        laid.set(next.contactId, withNext(laid.get(next.contactId) ?? {}, next, latest));
    },

    async keep(archive) {
      if (archive.number !== archives.length + 1) return false;
      archives.push({ ...copy(archive), state: 'removing' });
      return true;
    },

    beginnings: (until) => beginnings(laid, until),
    beginningsOf: async (contactIds, until) =>
      copy(contactIds.flatMap((contactId) => counting(contactId, until) ?? [])),

    remove: async (rows) => ledger.remove(rows),

    async end(until, removedAt) {
      const i = archives.findIndex((each) => each.until === until);
      const known = archives[i];
      if (known?.state === 'removing') archives[i] = { ...known, state: 'removed', removedAt };
    },
  };
}

async function* beginnings(
  laid: ReadonlyMap<string, LaidBeginning>,
  until: string,
): AsyncGenerator<Beginning> {
  for (const [, each] of [...laid].sort(([a], [b]) => compare(a, b))) {
    const counting = countingAt(each, until);
    if (counting) yield copy(counting);
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

async function* rowsBefore(ledger: MemoryLedger, until: string): AsyncGenerator<LedgerRow> {
  yield* ledger
    .rows()
    .filter(({ at }) => at < until)
    .sort((a, b) => compare(a.contactId, b.contactId) || compareRows(a, b))
    .map(copy);
}
