// Rows of a ledger, and of its seals, as the lines of a spill: one JSON a line, written by the pass that reads them again.

import type { LedgerRow } from '../../rules/ledger/rows';
import type { SealedRow } from '../../rules/ledger/seal/seal';

/** What there is of one contact. */
export interface RowsOfContact {
  readonly rows: LedgerRow[];
  /** What the seals say of them. */
  readonly sealed: SealedRow[];
}

// Nobody else wrote these lines, so their shape is not checked again.
const rowIn = (line: string): LedgerRow | SealedRow => JSON.parse(line) as LedgerRow | SealedRow;

/** Whose rows belong together, by name. */
export type GroupOf = (row: LedgerRow | SealedRow) => string;

const byContactId: GroupOf = ({ contactId }) => contactId;

export const contactOfLine =
  (groupOf: GroupOf = byContactId) =>
  (line: string): string =>
    groupOf(rowIn(line));

export function rowsByContact(
  lines: readonly string[],
  groupOf: GroupOf = byContactId,
): ReadonlyMap<string, RowsOfContact> {
  const contacts = new Map<string, RowsOfContact>();

  for (const line of lines) {
    const row = rowIn(line);
    const group = groupOf(row);
    const contact = contacts.get(group) ?? { rows: [], sealed: [] };
    contacts.set(group, contact);

    if (row.kind === 'row') contact.sealed.push(row);
    else contact.rows.push(row);
  }

  return contacts;
}
