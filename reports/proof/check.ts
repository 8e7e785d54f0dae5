// The proof of a whole ledger: rows are sorted by contact and each contact is proved alone, in memory that does not grow.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { proveContact } from '../../rules/ledger/proof/contact';
import type { Violation } from '../../rules/ledger/proof/violation';
import type { LedgerRow } from '../../rules/ledger/rows';
import { createPolicyHistory, type Versions } from './policyHistory';
import type { Malformed } from './rows';
import { createSpill, LIMITS, type Limits } from './spill';

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
  /** The versions that the ledger rests on. */
  readonly policies: readonly string[];
  /** The most rows that were in memory at once. */
  readonly heldRows: number;
}

export interface Check {
  /** All rows, in any order. */
  readonly rows: AsyncIterable<LedgerRow | Malformed>;
  readonly versions: Versions;
  /** ISO: reservations must have been settled whose deadline is before it; absent: the newest `at` among the rows. */
  readonly horizon?: string;
  /** ISO: only violations with `since <= at < until` are told. All rows are replayed, for what came before counts, too. */
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

/** Tells every violation as it is found, now and then how far it is, and the summary at the end. */
export async function* checkLedger(check: Check): AsyncGenerator<CheckEvent> {
  const { policies, read, named } = createPolicyHistory(check.versions);
  const byKind: Record<string, number> = {};
  const count = { rows: 0, proved: 0, contacts: 0, held: 0 };
  let newest = '';
  const folder = await mkdtemp(join(tmpdir(), 'sopflow-check-'));
  try {
    const spill = createSpill(folder, contactOf, check.limits ?? LIMITS);
    for await (const row of check.rows) {
      if (row.kind === 'malformed') yield counted(row);
      else if (check.contactId === undefined || row.contactId === check.contactId) {
        await read(row);
        if (row.at > newest) newest = row.at;
        await spill.add(row.contactId, JSON.stringify(row));
        if (++count.rows % PROGRESS_ROWS === 0) yield { progress: { rows: count.rows, proved: 0 } };
      }
    }
    for await (const lines of spill.buckets()) yield* proveBucket(lines);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const violations = Object.values(byKind).reduce((sum, each) => sum + each, 0);
  const { rows, contacts, held } = count;
  yield { summary: { rows, contacts, violations, byKind, policies: named(), heldRows: held } };

  async function* proveBucket(lines: readonly string[]): AsyncGenerator<CheckEvent> {
    count.held = Math.max(count.held, lines.length);
    const turn = { rows: 0 };
    for (const [contactId, rows] of byContact(lines)) {
      for (const violation of await prove(contactId, rows))
        if (isAsked(violation)) yield counted(violation);
      count.contacts += 1;
      const before = Math.floor(count.proved / PROGRESS_ROWS);
      count.proved += rows.length;
      if (Math.floor(count.proved / PROGRESS_ROWS) > before)
        yield { progress: { rows: count.rows, proved: count.proved } };
      turn.rows += rows.length;
      if (turn.rows < TURN_ROWS) continue;
      turn.rows = 0;
      await breathe();
    }
  }

  /** A contact that was written to while its rows were being read may look broken: it is judged by a second look. */
  async function prove(
    contactId: string,
    rows: readonly LedgerRow[],
  ): Promise<readonly Violation[]> {
    const horizon = check.horizon ?? newest;
    const found = proveContact(rows, policies, horizon);
    if (found.length === 0 || !check.again) return found;
    const fresh = await check.again(contactId);
    for (const row of fresh) await read(row);
    return proveContact(fresh, policies, horizon);
  }

  function isAsked({ at }: Violation): boolean {
    return (
      (check.since === undefined || at >= check.since) &&
      (check.until === undefined || at < check.until)
    );
  }

  function counted<F extends Finding>(finding: F): F {
    byKind[finding.kind] = (byKind[finding.kind] ?? 0) + 1;
    return finding;
  }
}

// Lines are those that `checkLedger` wrote itself.
const rowIn = (line: string): LedgerRow => JSON.parse(line) as LedgerRow;
const contactOf = (line: string): string => rowIn(line).contactId;

function byContact(lines: readonly string[]): Map<string, LedgerRow[]> {
  const contacts = new Map<string, LedgerRow[]>();
  for (const line of lines) {
    const row = rowIn(line);
    const rows = contacts.get(row.contactId);
    if (rows) rows.push(row);
    else contacts.set(row.contactId, [row]);
  }
  return contacts;
}
