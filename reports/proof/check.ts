// The proof of a whole ledger: rows are sorted by contact and each contact is proved alone, in memory that does not grow.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { type KeyRing, NO_KEYS } from '../../rules/ledger/keyRing';
import { proveContact } from '../../rules/ledger/proof/contact';
import { brokenBySeals } from '../../rules/ledger/proof/sealed';
import type { Violation } from '../../rules/ledger/proof/violation';
import type { LedgerRow } from '../../rules/ledger/rows';
import type { SealedRow } from '../../rules/ledger/seal/seal';
import { groupOf, isSubject, type Pseudonyms } from '../../rules/ledger/subject';
import { createPolicyHistory, type PolicyHistoryReader, type Versions } from './policyHistory';
import { contactOfLine, type GroupOf, type RowsOfContact, rowsByContact } from './rowLines';
import type { Malformed } from './rows';
import { type BrokenSeal, readSeals } from './seals';
import { createSpill, LIMITS, type Limits, type Spill } from './spill';

export type Finding = Violation | Malformed | BrokenSeal;

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
  /** Contacts that were forgotten: that they were in no holdout, or rightly in one, can be proved no more. */
  readonly forgotten: number;
  /** What the seals reach; absent: none were given. */
  readonly sealed?: SealedSpan;
  /** The versions that the ledger rests on. */
  readonly policies: readonly string[];
  /** The most rows that were in memory at once. */
  readonly heldRows: number;
}

interface SealedSpan {
  readonly hours: number;
  /** ISO. */
  readonly until: string;
  /** Rows from then on, which no seal can have yet. */
  readonly unsealed: number;
}

export interface Check {
  /** All rows, in any order. */
  readonly rows: AsyncIterable<LedgerRow | Malformed>;
  readonly versions: Versions;
  /** That the rows were signed with; absent: signatures are counted and not verified. */
  readonly ledgerKeys?: KeyRing;
  /** Lines of a file of seals, against which the rows are proved to be whole. */
  readonly seals?: AsyncIterable<string>;
  /** Only against the seals: the rules were proved elsewhere. */
  readonly sealsOnly?: boolean;
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

interface SealsRead {
  readonly hours: number;
  readonly until: string;
  readonly broken: number;
}

interface RowsRead {
  readonly rows: number;
  /** Rows that no seal can have yet. */
  readonly unsealed: number;
  readonly malformed: number;
  readonly unkeyed: number;
  /** ISO: the newest `at` among them; empty when there are none. */
  readonly newest: string;
}

interface RowsProved {
  readonly contacts: number;
  readonly forgotten: number;
  readonly byKind: Readonly<Record<string, number>>;
  readonly heldRows: number;
}

/** Tells every violation as it is found, now and then how far it is, and the summary at the end. */
export async function* checkLedger(check: Check): AsyncGenerator<CheckEvent> {
  const history = createPolicyHistory(check.versions);
  const folder = await mkdtemp(join(tmpdir(), 'sopflow-check-'));
  let summary: CheckSummary;

  try {
    const spill = createSpill(folder, contactOfLine(groupIn(check)), check.limits ?? LIMITS);
    const ledger: LedgerCheck = { check, history, spill };

    const seals = yield* takeSeals(ledger);
    const read = yield* readRows(ledger, seals);
    const proved = yield* proveRows(ledger, read, seals);
    summary = summaryOf(check, { ...read, seals, ...proved }, history.named());
  } finally {
    await rm(folder, { recursive: true, force: true });
  }

  yield { summary };
}

/** Takes what was sealed of the contacts that are asked for; undefined: there are no seals to prove by. */
async function* takeSeals({
  check,
  spill,
}: LedgerCheck): AsyncGenerator<CheckEvent, SealsRead | undefined> {
  const { seals, ledgerKeys = NO_KEYS, contactId } = check;
  if (!seals) return undefined;

  let read = { hours: 0, until: '' };
  let broken = 0;
  for await (const event of readSeals(seals, ledgerKeys)) {
    if (event.kind === 'sealed') {
      read = event;
    } else if (event.kind === 'broken-seal') {
      broken += 1;
      yield event;
    } else if (contactId === undefined || isOf(event, contactId, ledgerKeys.subjectOf)) {
      await spill.add(groupIn(check)(event), JSON.stringify(event));
    }
  }

  return { ...read, broken };
}

/** Takes the rows that are asked for, and the versions they name, in one pass. */
async function* readRows(
  { check, history, spill }: LedgerCheck,
  seals: SealsRead | undefined,
): AsyncGenerator<CheckEvent, RowsRead> {
  let rows = 0;
  let unsealed = 0;
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
    if (seals && row.at >= seals.until) unsealed += 1;
    await spill.add(groupIn(check)(row), JSON.stringify(row));

    rows += 1;
    if (isProgress(rows - 1, rows)) yield { progress: { rows, proved: 0 } };
  }

  return { rows, unsealed, malformed, unkeyed, newest };
}

async function* proveRows(
  ledger: LedgerCheck,
  { rows, newest }: RowsRead,
  seals: SealsRead | undefined,
): AsyncGenerator<CheckEvent, RowsProved> {
  const horizon = ledger.check.horizon ?? newest;
  const sealedUntil = seals?.until;
  const byKind: Record<string, number> = {};
  let contacts = 0;
  let forgotten = 0;
  let proved = 0;
  let heldRows = 0;

  for await (const lines of ledger.spill.buckets()) {
    heldRows = Math.max(heldRows, lines.length);

    for await (const contact of proveBucket(ledger, lines, { horizon, sealedUntil })) {
      for (const violation of contact.violations) {
        byKind[violation.kind] = (byKind[violation.kind] ?? 0) + 1;
        yield violation;
      }

      contacts += 1;
      if (contact.isForgotten) forgotten += 1;
      const before = proved;
      proved += contact.rows;
      if (isProgress(before, proved)) yield { progress: { rows, proved } };
    }
  }

  return { contacts, forgotten, byKind, heldRows };
}

/** Instants (ISO) that the proof needs. */
interface Until {
  readonly horizon: string;
  /** Absent: no seals are given. */
  readonly sealedUntil: string | undefined;
}

interface ProvedContact {
  readonly rows: number;
  readonly isForgotten: boolean;
  /** Those that were asked for. */
  readonly violations: readonly Violation[];
}

async function* proveBucket(
  ledger: LedgerCheck,
  lines: readonly string[],
  until: Until,
): AsyncGenerator<ProvedContact> {
  let turn = 0;

  for (const contact of rowsByContact(lines, groupIn(ledger.check)).values()) {
    const found = await violationsOf(ledger, contact, until);
    const violations = found.filter((violation) => isAsked(ledger.check, violation));
    const isForgotten = contact.rows.some(({ contactId }) => isSubject(contactId));
    yield { rows: contact.rows.length, isForgotten, violations };

    turn += contact.rows.length;
    if (turn < TURN_ROWS) continue;

    turn = 0;
    await breathe();
  }
}

async function violationsOf(
  ledger: LedgerCheck,
  { rows, sealed }: RowsOfContact,
  { horizon, sealedUntil }: Until,
): Promise<readonly Violation[]> {
  const { ledgerKeys, sealsOnly } = ledger.check;
  const bySeals =
    sealedUntil === undefined
      ? []
      : brokenBySeals(rows, sealed, sealedUntil, ledgerKeys?.subjectOf);
  if (sealsOnly) return bySeals;

  return [...bySeals, ...(await violationsOfRules(ledger, rows, horizon))];
}

/** A contact that was written to while its rows were being read may look broken: it is judged by a second look. */
async function violationsOfRules(
  { check, history }: LedgerCheck,
  rows: readonly LedgerRow[],
  horizon: string,
): Promise<readonly Violation[]> {
  const found = proveContact(rows, history.policies, horizon, check.ledgerKeys);
  const contactId = rows[0]?.contactId;
  if (found.length === 0 || contactId === undefined || !check.again) return found;

  const fresh = await check.again(contactId);
  for (const row of fresh) await history.read(row);

  return proveContact(fresh, history.policies, horizon, check.ledgerKeys);
}

/** Rows of a contact belong together under its pseudonym, whether or not they have one. */
const groupIn =
  ({ ledgerKeys }: Check): GroupOf =>
  (row) =>
    groupOf(row, ledgerKeys?.subjectOf);

/** Seals know a contact by its pseudonym, and those from before there were pseudonyms by its id. */
const isOf = (sealed: SealedRow, contactId: string, subjectOf: Pseudonyms | undefined): boolean =>
  sealed.contactId === contactId || groupOf(sealed, subjectOf) === subjectOf?.(contactId);

function isAsked({ since, until }: Check, { at }: Violation): boolean {
  return (since === undefined || at >= since) && (until === undefined || at < until);
}

function isProgress(before: number, after: number): boolean {
  return Math.floor(after / PROGRESS_ROWS) > Math.floor(before / PROGRESS_ROWS);
}

function summaryOf(
  { ledgerKeys = NO_KEYS }: Check,
  read: RowsRead & RowsProved & { readonly seals: SealsRead | undefined },
  policies: readonly string[],
): CheckSummary {
  const { rows, contacts, forgotten, unkeyed, unsealed, malformed, seals, heldRows } = read;
  const broken = seals?.broken ?? 0;
  const byKind = {
    ...(malformed > 0 && { malformed }),
    ...(broken > 0 && { 'broken-seal': broken }),
    ...read.byKind,
  };

  return {
    rows,
    contacts,
    forgotten,
    violations: Object.values(byKind).reduce((sum, each) => sum + each, 0),
    byKind,
    unkeyed,
    unverified: ledgerKeys.keys.size > 0 ? 0 : rows - unkeyed,
    ...(seals && { sealed: { hours: seals.hours, until: seals.until, unsealed } }),
    policies,
    heldRows,
  };
}
