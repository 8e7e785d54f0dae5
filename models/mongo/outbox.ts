// The outbox of a contact: rows written with its document that a crash may have kept from the ledger.

import type { Connection } from 'mongoose';
import { type LedgerRow, rowId } from '../../rules/ledger/rows';
import { sealedRowId } from '../../rules/ledger/subject';
import { contactModel } from './contactDocument';
import { guarded } from './failures';
import { appendRows, ledgerModel, overrule } from './ledger';

/** Rows remembered as written, by their ids under the pseudonym: who was forgotten and comes back has other ones. */
const REMEMBERED = 20_000;
const PAGE = 500;

export interface LedgerOutbox {
  /** Sees to it that these rows are in the ledger. */
  flush(rows: readonly LedgerRow[]): Promise<void>;
}

export function createOutbox(connection: Connection): LedgerOutbox {
  const ledger = ledgerModel(connection);
  const written = new Set<string>();

  function remember(rows: readonly LedgerRow[]): void {
    for (const row of rows) written.add(sealedRowId(row));
    for (const oldest of written) {
      if (written.size <= REMEMBERED) break;
      written.delete(oldest); // a set walks in order of insertion
    }
  }

  return {
    async flush(rows) {
      const unsure = rows.filter((row) => !written.has(sealedRowId(row)));
      const added = await appendRows(ledger, unsure);

      await overrule(
        ledger,
        unsure.filter((_, i) => !added[i]),
      );

      remember(unsure);
    },
  };
}

/**
 * Puts every row that a crash left in a contact's document into the ledger; for the start of a worker, and before an export.
 * Answers how many there were.
 */
export async function flushOutboxes(connection: Connection): Promise<number> {
  return await guarded({ sweep: () => sweep(connection) }).sweep();
}

async function sweep(connection: Connection): Promise<number> {
  const contacts = contactModel(connection);
  const ledger = ledgerModel(connection);
  let flushed = 0;

  for (let after = ''; ; ) {
    const page = await contacts
      .find({ _id: { $gt: after } }, { outbox: 1 })
      .sort({ _id: 1 })
      .limit(PAGE)
      .lean();
    const last = page.at(-1);
    if (!last) return flushed;

    after = last._id;
    const rows = page.flatMap(({ outbox }) => outbox);
    const present = await ledger.find({ _id: { $in: rows.map(rowId) } }, { _id: 1 }).lean();
    const known = new Set(present.map(({ _id }) => _id));
    const missing = rows.filter((row) => !known.has(rowId(row)));
    flushed += (await appendRows(ledger, missing)).filter(Boolean).length;
  }
}
