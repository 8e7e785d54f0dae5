// Rows of a ledger as the lines of a spill: one JSON a line, written by the pass that reads them again.

import type { LedgerRow } from '../../rules/ledger/rows';

// Nobody else wrote these lines, so their shape is not checked again.
const rowIn = (line: string): LedgerRow => JSON.parse(line) as LedgerRow;

export const contactOfLine = (line: string): string => rowIn(line).contactId;

export function rowsByContact(lines: readonly string[]): ReadonlyMap<string, readonly LedgerRow[]> {
  const contacts = new Map<string, LedgerRow[]>();

  for (const line of lines) {
    const row = rowIn(line);
    const rows = contacts.get(row.contactId);
    if (rows) rows.push(row);
    else contacts.set(row.contactId, [row]);
  }

  return contacts;
}
