// Rows of a ledger, and of its seals, as the lines of a spill: one JSON a line, written by the pass that reads them again.

import type { Beginning } from '../../rules/ledger/archive/beginning';
import type { LedgerRow } from '../../rules/ledger/rows';
import type { SealedRow } from '../../rules/ledger/seal/seal';
import type { ArchivedRow, BeganAt } from './archiveFile';

/** What there is of one contact. */
export interface RowsOfContact {
  readonly rows: LedgerRow[];
  /** What the seals say of them. */
  readonly sealed: SealedRow[];
  /** Where the ledger says that they begin. */
  readonly beginnings: Beginning[];
  /** Rows that files of archives have. */
  readonly archived: LedgerRow[];
  /** Where these begin. */
  readonly began: Beginning[];
}

/** What is sorted by contact. */
export type ContactLine = LedgerRow | SealedRow | Beginning | ArchivedRow | BeganAt;

// Nobody else wrote these lines, so their shape is not checked again.
const rowIn = (line: string): ContactLine => JSON.parse(line) as ContactLine;

/** Whose rows belong together, by name. */
export type GroupOf = (row: ContactLine) => string;

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
    const contact = contacts.get(group) ?? noRows();
    contacts.set(group, contact);
    put(contact, row);
  }

  return contacts;
}

export const noRows = (): RowsOfContact => ({
  ...{ rows: [], sealed: [], beginnings: [], archived: [], began: [] },
});

export function put(contact: RowsOfContact, line: ContactLine): void {
  if (line.kind === 'row') contact.sealed.push(line);
  else if (line.kind === 'beginning') contact.beginnings.push(line);
  else if (line.kind === 'archived') contact.archived.push(line.row);
  else if (line.kind === 'began') contact.began.push(line.beginning);
  else contact.rows.push(line);
}
