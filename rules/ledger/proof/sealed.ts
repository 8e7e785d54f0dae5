// The proof of one contact against the seals: every row that was sealed is there as it was, and no other is.

import { type LedgerRow, rowId } from '../rows';
import { digestOfRow, hourOf, type SealedRow } from '../seal/seal';
import { groupOf, type Pseudonyms, withSubject } from '../subject';
import { type Violation, violation } from './violation';

/** Instants (ISO). */
interface SealedSpan {
  /** Rows from then on are not sealed yet. */
  readonly sealedUntil: string;
  /** What was sealed before it went into an archive; absent: nothing did. */
  readonly archivedUntil?: string | undefined;
}

/**
 * Every row of a contact that is not as it was sealed.
 * @param rows all rows of this contact, in any order.
 * @param sealed what was sealed of them.
 * @param subjectOf known, where seals from before there were pseudonyms are held against rows that have one.
 */
export function brokenBySeals(
  rows: readonly LedgerRow[],
  sealed: readonly SealedRow[],
  { sealedUntil, archivedUntil = '' }: SealedSpan,
  subjectOf?: Pseudonyms,
): Violation[] {
  const idOf = (row: string, of: { readonly contactId: string; readonly subject?: string }) =>
    withSubject(row, of.contactId, groupOf(of, subjectOf));
  const known = new Set(rows.map((row) => idOf(rowId(row), row)));
  const sealedById = new Map(sealed.map((each) => [idOf(each.row, each), each]));

  const missing = [...sealedById]
    .filter(([id, { hour }]) => !known.has(id) && hour >= archivedUntil)
    .map(([, each]) => each);
  const [first] = missing;
  if (first && known.size === 0) return [contactMissing(first, missing.length)];

  return [
    ...missing.map((each) =>
      ofSeal('row-missing', each, 'it was sealed, and is not in the ledger'),
    ),
    ...rows.flatMap((row) => brokenRow(row, sealedById.get(idOf(rowId(row), row)), sealedUntil)),
  ];
}

function brokenRow(
  row: LedgerRow,
  sealed: SealedRow | undefined,
  sealedUntil: string,
): Violation[] {
  const id = rowId(row);
  if (sealed && sealed.digest !== row.sealedAs && sealed.digest !== digestOfRow(row)) {
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
