// The proof of a contact over the cut between its archives and its ledger.

import { longestWindowHours } from '../../policy/longestWindow';
import { HOUR_MS } from '../../time/durations';
import type { Beginning } from '../archive/beginning';
import type { LedgerRow } from '../rows';
import { isSubject, withSubject } from '../subject';
import type { PolicyHistory } from './contact';

/**
 * Rows of an archive under the name that their contact has in the ledger: an archive knows pseudonyms alone, and a draw of the
 * holdout, or a settlement of a touch that was passed before, goes by the contact's own id.
 * @param rows archived ones of a contact. @param live its rows in the ledger; without any the pseudonym stays.
 */
export function underOwnName(
  rows: readonly LedgerRow[],
  live: readonly LedgerRow[],
): readonly LedgerRow[] {
  const named = live.find(
    ({ contactId, subject }) => subject !== undefined && !isSubject(contactId),
  );
  if (!named) return rows;

  const { contactId, subject = '' } = named;
  return rows.map((row) => {
    if (row.contactId !== subject) return row;

    const own = { ...row, contactId, touchId: withSubject(row.touchId, subject, contactId) };
    return row.kind === 'decision'
      ? { ...own, workflowId: withSubject(row.workflowId, subject, contactId) }
      : own;
  }) as LedgerRow[]; // a union keeps its members
}

/**
 * How many rows cannot be judged wholly without the archive: endings of touches that were passed before, and passes whose policy
 * counts what was.
 */
export function unjudgedRows(
  rows: readonly LedgerRow[],
  { until }: Pick<Beginning, 'until'>,
  policies: PolicyHistory,
): number {
  const passed = new Set(rows.filter(isPass).map(({ touchId }) => touchId));

  return rows.filter((row) => {
    if (row.kind === 'settlement') return !passed.has(row.touchId);
    if (!isPass(row)) return false;

    const rules = policies(row.policy, row.basis?.holidays, row.city);
    const windowMs = rules ? longestWindowHours(rules.policy) * HOUR_MS : 0;
    return Date.parse(row.at) < Date.parse(until) + windowMs;
  }).length;
}

const isPass = (row: LedgerRow): boolean => row.kind === 'decision' && row.verdict === 'pass';
