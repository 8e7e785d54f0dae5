// The ledger in memory.

import type { LedgerTotal } from '../../ports/touches';
import { decisionId } from '../../rules/base/ids';
import { type DecisionRow, type LedgerRow, rowId } from '../../rules/ledger/rows';
import { copy } from './copy';

export interface MemoryLedger {
  append(row: LedgerRow): void;
  /** The contact has no rows any more; these are there instead. */
  rename(contactId: string, rows: readonly LedgerRow[]): void;
  /** Answers how many of these there were. */
  remove(rows: readonly LedgerRow[]): number;
  decision(touchId: string, attempt: number): DecisionRow | null;
  /** In no particular order. */
  rowsOf(contactId: string): LedgerRow[];
  /** In no particular order. */
  rows(): LedgerRow[];
  totals(): LedgerTotal[];
}

export function createMemoryLedger(): MemoryLedger {
  const rows = new Map<string, LedgerRow>();
  const idsByContact = new Map<string, Set<string>>();

  const append = (row: LedgerRow): void => {
    const id = rowId(row);
    rows.set(id, copy(row));

    const ids = idsByContact.get(row.contactId) ?? new Set();
    idsByContact.set(row.contactId, ids.add(id));
  };

  return {
    append,

    rename(contactId, renamed) {
      for (const id of idsByContact.get(contactId) ?? []) rows.delete(id);
      idsByContact.delete(contactId);
      for (const row of renamed) append(row);
    },

    remove(gone) {
      const known = gone.filter((row) => rows.delete(rowId(row)));
      for (const row of known) idsByContact.get(row.contactId)?.delete(rowId(row));
      return known.length;
    },

    decision(touchId, attempt) {
      const row = rows.get(decisionId(touchId, attempt));
      return row?.kind === 'decision' ? copy(row) : null;
    },

    rowsOf: (contactId) =>
      [...(idsByContact.get(contactId) ?? [])].flatMap((id) => rows.get(id) ?? []),

    rows: () => [...rows.values()],

    totals: () => totalsOf(rows.values()),
  };
}

/** A row that says more of what had ended counts by another name, or its touch would be counted twice. */
function nameOf(row: LedgerRow): string {
  if (row.kind === 'decision') return row.verdict;
  return row.again ? 'again' : row.settled;
}

function totalsOf(rows: Iterable<LedgerRow>): LedgerTotal[] {
  const totals = new Map<string, LedgerTotal>();

  for (const row of rows) {
    const name = nameOf(row);
    const reason = row.kind === 'decision' ? row.reason : row.why;
    const key = JSON.stringify([row.kind, name, reason]);
    const count = (totals.get(key)?.count ?? 0) + 1;
    totals.set(key, { kind: row.kind, name, ...(reason !== undefined && { reason }), count });
  }

  return [...totals.values()];
}
