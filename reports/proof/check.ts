// The proof of a whole ledger: rows are sorted by contact and each contact is proved alone, in memory that does not grow.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import type { KeyRing } from '../../rules/ledger/keyRing';
import { proveContact } from '../../rules/ledger/proof/contact';
import type { Violation } from '../../rules/ledger/proof/violation';
import type { LedgerRow } from '../../rules/ledger/rows';
import { createPolicyHistory, type PolicyHistoryReader, type Versions } from './policyHistory';
import { contactOfLine, rowsByContact } from './rowLines';
import type { Malformed } from './rows';
import { createSpill, LIMITS, type Limits, type Spill } from './spill';

export type Finding = Violation | Malformed;

export interface Progress {
  readonly rows: number;
  /** Rows of contacts that were proved. */
  readonly proved: number;
}

export interface CheckSummary {
  readonly rows: number;
  readonly contacts: number;
  readonly violations: number;
  readonly byKind: Readonly<Record<string, number>>;
  /** Rows that nobody signed, so that anybody may have written them. */
  readonly unkeyed: number;
  /** Rows whose signature was not verified: no key is known. */
  readonly unverified: number;
  /** The versions that the ledger rests on. */
  readonly policies: readonly string[];
  /** The most rows that were in memory at once. */
  readonly heldRows: number;
}

export interface Check {
  /** All rows, in any order. */
  readonly rows: AsyncIterable<LedgerRow | Malformed>;
  readonly versions: Versions;
  /** That the rows were signed with; absent: signatures are counted and not verified. */
  readonly ledgerKeys?: KeyRing;
  /** ISO: reservations must have been settled whose deadline is before it; absent: the newest `at` among the rows. */
  readonly horizon?: string;
  /** ISO: only violations with `since <= at < until` are reported. All rows are replayed, for what came before counts, too. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly contactId?: string | undefined;
  /** Reads a contact's rows once more: those of a ledger in use may have come in between. */
  readonly again?: (contactId: string) => Promise<readonly LedgerRow[]>;
  readonly limits?: Limits;
}

const PROGRESS_ROWS = 20_000;
/** Rows proved in one go; others on the same thread have their turn in between. */
const TURN_ROWS = 500;

export type CheckEvent =
  | Finding
  | { readonly progress: Progress }
  | { readonly summary: CheckSummary };

interface LedgerCheck {
  readonly check: Check;
  readonly history: PolicyHistoryReader;
  readonly spill: Spill;
}

interface RowsRead {
  readonly rows: number;
  readonly malformed: number;
  readonly unkeyed: number;
  /** ISO: the newest `at` among them; empty when there are none. */
  readonly newest: string;
}

interface RowsProved {
  readonly contacts: number;
  readonly byKind: Readonly<Record<string, number>>;
  readonly heldRows: number;
}

/** Tells every violation as it is found, now and then how far it is, and the summary at the end. */
export async function* checkLedger(check: Check): AsyncGenerator<CheckEvent> {
  const history = createPolicyHistory(check.versions);
  const folder = await mkdtemp(join(tmpdir(), 'sopflow-check-'));
  let summary: CheckSummary;

  try {
    const spill = createSpill(folder, contactOfLine, check.limits ?? LIMITS);
    const ledger: LedgerCheck = { check, history, spill };

    const read = yield* readRows(ledger);
    const proved = yield* proveRows(ledger, read);
    summary = summaryOf(check, read, proved, history.named());
  } finally {
    await rm(folder, { recursive: true, force: true });
  }

  yield { summary };
}

/** Takes the rows that are asked for, and the versions they name, in one pass. */
async function* readRows({
  check,
  history,
  spill,
}: LedgerCheck): AsyncGenerator<CheckEvent, RowsRead> {
  let rows = 0;
  let malformed = 0;
  let unkeyed = 0;
  let newest = '';

  for await (const row of check.rows) {
    if (row.kind === 'malformed') {
      malformed += 1;
      yield row;
      continue;
    }
    if (check.contactId !== undefined && row.contactId !== check.contactId) continue;

    await history.read(row);
    if (row.at > newest) newest = row.at;
    if (row.chainKey === undefined) unkeyed += 1;
    await spill.add(row.contactId, JSON.stringify(row));

    rows += 1;
    if (isProgress(rows - 1, rows)) yield { progress: { rows, proved: 0 } };
  }

  return { rows, malformed, unkeyed, newest };
}

async function* proveRows(
  ledger: LedgerCheck,
  { rows, newest }: RowsRead,
): AsyncGenerator<CheckEvent, RowsProved> {
  const horizon = ledger.check.horizon ?? newest;
  const byKind: Record<string, number> = {};
  let contacts = 0;
  let proved = 0;
  let heldRows = 0;

  for await (const lines of ledger.spill.buckets()) {
    heldRows = Math.max(heldRows, lines.length);

    for await (const contact of proveBucket(ledger, lines, horizon)) {
      for (const violation of contact.violations) {
        byKind[violation.kind] = (byKind[violation.kind] ?? 0) + 1;
        yield violation;
      }

      contacts += 1;
      const before = proved;
      proved += contact.rows;
      if (isProgress(before, proved)) yield { progress: { rows, proved } };
    }
  }

  return { contacts, byKind, heldRows };
}

interface ProvedContact {
  readonly rows: number;
  /** Those that were asked for. */
  readonly violations: readonly Violation[];
}

async function* proveBucket(
  ledger: LedgerCheck,
  lines: readonly string[],
  horizon: string,
): AsyncGenerator<ProvedContact> {
  let turn = 0;

  for (const [contactId, rows] of rowsByContact(lines)) {
    const found = await violationsOf(ledger, contactId, rows, horizon);
    const violations = found.filter((violation) => isAsked(ledger.check, violation));
    yield { rows: rows.length, violations };

    turn += rows.length;
    if (turn < TURN_ROWS) continue;

    turn = 0;
    await breathe();
  }
}

/** A contact that was written to while its rows were being read may look broken: it is judged by a second look. */
async function violationsOf(
  { check, history }: LedgerCheck,
  contactId: string,
  rows: readonly LedgerRow[],
  horizon: string,
): Promise<readonly Violation[]> {
  const found = proveContact(rows, history.policies, horizon, check.ledgerKeys);
  if (found.length === 0 || !check.again) return found;

  const fresh = await check.again(contactId);
  for (const row of fresh) await history.read(row);

  return proveContact(fresh, history.policies, horizon, check.ledgerKeys);
}

function isAsked({ since, until }: Check, { at }: Violation): boolean {
  return (since === undefined || at >= since) && (until === undefined || at < until);
}

function isProgress(before: number, after: number): boolean {
  return Math.floor(after / PROGRESS_ROWS) > Math.floor(before / PROGRESS_ROWS);
}

function summaryOf(
  { ledgerKeys }: Check,
  { rows, malformed, unkeyed }: RowsRead,
  { contacts, heldRows, ...proved }: RowsProved,
  policies: readonly string[],
): CheckSummary {
  const byKind = { ...(malformed > 0 && { malformed }), ...proved.byKind };
  const violations = Object.values(byKind).reduce((sum, each) => sum + each, 0);

  const unverified = ledgerKeys && ledgerKeys.keys.size > 0 ? 0 : rows - unkeyed;
  return { rows, contacts, violations, byKind, unkeyed, unverified, policies, heldRows };
}
