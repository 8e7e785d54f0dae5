// The ledger's collection: append-only rows of decisions and settlements, each under an id that makes writing it twice harmless.

import { type Connection, type Model, Schema } from 'mongoose';
import type { LedgerTotal } from '../../ports/touches';
import { type LedgerRow, rowId } from '../../rules/ledger/rows';
import { insertNew } from './inserts';
import { modelOf } from './model';
import { withoutId } from './plain';

export type LedgerDocument = LedgerRow & { readonly _id: string };

const schema = new Schema(
  {
    _id: { type: String, required: true },
    kind: { type: String, enum: ['decision', 'settlement'], required: true },
    touchId: { type: String, required: true },
    contactId: { type: String, required: true },
    at: { type: String, required: true },
    revision: { type: Number, required: true },
    channel: { type: String, required: true },
    sequence: Number,
    chain: String,
    chainKey: String,
    subject: String,
    life: Number,
    sealedAs: String,
    // Decisions.
    attempt: Number,
    city: String,
    class: String,
    category: String,
    campaign: String,
    product: String,
    staffId: String,
    expiresAt: String,
    verdict: { type: String, enum: ['pass', 'deferred', 'suppressed'] },
    reason: String,
    rule: String,
    until: String,
    explain: { type: [Schema.Types.Mixed], default: undefined },
    policy: String,
    journey: String,
    step: String,
    workflowId: String,
    runId: String,
    answers: Schema.Types.Mixed,
    basis: Schema.Types.Mixed,
    settleBy: String,
    // Settlements.
    settled: { type: String, enum: ['sent', 'released', 'withdrawn'] },
    why: String,
    channelRef: String,
    acceptedAt: String,
    parts: Number,
    deliveredAt: String,
    partly: Boolean,
    again: Boolean,
  },
  { collection: 'ledger', versionKey: false, minimize: false, strict: 'throw', id: false },
);
schema.index({ contactId: 1, at: 1 });
// The order of an export, so that it streams without being sorted in memory.
schema.index({ at: 1, revision: 1, kind: 1, _id: 1 });

/** The model of ledger rows on a connection. */
export function ledgerModel(connection: Connection): Model<LedgerDocument> {
  return modelOf(connection, 'LedgerRow', schema);
}

const documentOf = (row: LedgerRow): LedgerDocument => ({ _id: rowId(row), ...row });

export const rowFromDocument = (document: LedgerDocument): LedgerRow =>
  withoutId(document) as LedgerRow; // a union keeps its members

/** Writes rows that are not there yet; true per row that was new. */
export const appendRows = (
  ledger: Model<LedgerDocument>,
  rows: readonly LedgerRow[],
): Promise<boolean[]> => insertNew(ledger, rows.map(documentOf));

/**
 * Puts a reservation's row in place of another answer to the same attempt, given by a rival execution of it that lost: one of an
 * earlier version, whose decisions were in no chain. Since they are, the fence of an attempt keeps its executions apart.
 */
export async function overrule(
  ledger: Model<LedgerDocument>,
  rows: readonly LedgerRow[],
): Promise<void> {
  for (const row of rows) {
    if (row.kind !== 'decision') continue;
    const { _id, ...rest } = documentOf(row);
    const lost = { _id, verdict: { $ne: 'pass' }, sequence: { $exists: false } };
    await ledger.collection.replaceOne(lost as object, rest);
  }
}

/** Counts by kind, name and reason. */
export async function ledgerTotals(ledger: Model<LedgerDocument>): Promise<LedgerTotal[]> {
  const groups = await ledger.aggregate<{
    _id: {
      kind: LedgerTotal['kind'];
      name: string;
      again?: boolean | null;
      reason?: string | null;
    };
    count: number;
  }>([
    {
      $group: {
        _id: {
          kind: '$kind',
          name: { $ifNull: ['$verdict', '$settled'] },
          again: '$again',
          reason: { $ifNull: ['$reason', '$why'] },
        },
        count: { $sum: 1 },
      },
    },
  ]);

  return groups.map(({ _id: { kind, name, again, reason }, count }) => ({
    kind,
    name: again ? 'again' : name, // or what had ended would be counted twice
    ...(reason != null && { reason }),
    count,
  }));
}
