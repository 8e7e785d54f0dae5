// The proof of one contact against the seals: every row that was sealed is there as it was, and no other is.

import { type LedgerRow, rowId } from '../rows';
import { digestOfRow, hourOf, type SealedRow } from '../seal/seal';
import { type Violation, violation } from './violation';

/**
 * Every row of a contact that is not as it was sealed.
 * @param rows all rows of this contact, in any order.
 * @param sealed what was sealed of them.
 * @param sealedUntil ISO: rows from then on are not sealed yet.
 */
export function brokenBySeals(
  rows: readonly LedgerRow[],
  sealed: readonly SealedRow[],
  sealedUntil: string,
): Violation[] {
  const known = new Map(rows.map((row) => [rowId(row), row]));
  const isSealed = new Map(sealed.map((each) => [each.row, each]));

  const missing = sealed.filter(({ row }) => !known.has(row));
  const [first] = missing;
  if (first && known.size === 0) return [contactMissing(first, missing.length)];

  return [
    ...missing.map((each) =>
      ofSeal('row-missing', each, 'it was sealed, and is not in the ledger'),
    ),
    ...rows.flatMap((row) => brokenRow(row, isSealed.get(rowId(row)), sealedUntil)),
  ];
}

function brokenRow(
  row: LedgerRow,
  sealed: SealedRow | undefined,
  sealedUntil: string,
): Violation[] {
  const id = rowId(row);
  if (sealed && sealed.digest !== digestOfRow(row)) {
    const place = { hour: sealed.hour, row: id };
    return [{ ...violation('row-changed', row, 'it is not the row that was sealed'), ...place }];
  }
  if (sealed || row.at >= sealedUntil) return [];

  const place = { hour: hourOf(row.at), row: id };
  const detail = 'neither the seal of its hour nor a later one has it';
  return [{ ...violation('row-not-sealed', row, detail), ...place }];
}

const contactMissing = (first: SealedRow, count: number): Violation =>
  ofSeal('contact-missing', first, `${count} rows were sealed, and the ledger has none`);

function ofSeal(
  kind: 'row-missing' | 'contact-missing',
  { contactId, row, hour }: SealedRow,
  detail: string,
): Violation {
  return { kind, contactId, touchId: row.replace(/[#!]\d+$/, ''), at: hour, hour, row, detail };
}
