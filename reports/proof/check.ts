// The proof of a whole ledger: rows are sorted by contact and each contact is proved alone, in memory that does not grow.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type KeyRing, NO_KEYS } from '../../rules/ledger/keyRing';
import type { Violation } from '../../rules/ledger/proof/violation';
import type { LedgerRow } from '../../rules/ledger/rows';
import { groupOf } from '../../rules/ledger/subject';
import { type ArchiveFile, type ArchiveRead, type BrokenArchive, readArchive } from './archiveFile';
import { type ArchiveRecords, createArchiveRecords } from './archiveRecords';
import {
  type CheckSummary,
  type Counts,
  type RowsProved,
  type RowsRead,
  type SealsRead,
  sumByKind,
  summaryOf,
} from './checkSummary';
import { groupIn, proveBucket } from './contactProof';
import { createPolicyHistory, type PolicyHistoryReader, type Versions } from './policyHistory';
import { type ContactLine, contactOfLine } from './rowLines';
import type { LedgerLine, Malformed } from './rows';
import { type BrokenSeal, readSeals } from './seals';
import { createSpill, LIMITS, type Limits, type Spill } from './spill';

export type Finding = Violation | Malformed | BrokenSeal | BrokenArchive;

export interface Progress {
  readonly rows: number;
  /** Rows of contacts that were proved. */
  readonly proved: number;
}

export interface Check {
  /** All rows, in any order; before them, where rows were archived, the archives and where contacts begin since. */
  readonly rows: AsyncIterable<LedgerLine | Malformed>;
  readonly versions: Versions;
  /** That the rows were signed with; absent: signatures are counted and not verified. */
  readonly ledgerKeys?: KeyRing;
  /** Lines of a file of seals, against which the rows are proved to be whole. */
  readonly seals?: AsyncIterable<string>;
  /** Files of archives, which are proved together with the rows. */
  readonly archives?: readonly ArchiveFile[];
  /** Only against the seals: the rules were proved elsewhere. */
  readonly sealsOnly?: boolean;
  /** ISO: reservations must have been settled whose deadline is before it; absent: the newest `at` among the rows. */
  readonly horizon?: string;
  /** ISO: only violations with `since <= at < until` are reported. All rows are replayed, for what came before counts, too. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly contactId?: string | undefined;
  /** Reads a contact's rows once more: those of a ledger in use may have come in between. */
  readonly again?: (contactId: string) => Promise<readonly LedgerLine[]>;
  readonly limits?: Limits;
}

const PROGRESS_ROWS = 20_000;

export type CheckEvent =
  | Finding
  | { readonly progress: Progress }
  | { readonly summary: CheckSummary };

export interface LedgerCheck {
  readonly check: Check;
  readonly history: PolicyHistoryReader;
  readonly spill: Spill;
  readonly records: ArchiveRecords;
  /** As far as they are read. */
  readonly files: ArchiveRead[];
}

/** Tells every violation as it is found, now and then how far it is, and the summary at the end. */
export async function* checkLedger(check: Check): AsyncGenerator<CheckEvent> {
  const history = createPolicyHistory(check.versions);
  const folder = await mkdtemp(join(tmpdir(), 'sopflow-check-'));
  let summary: CheckSummary;

  try {
    const spill = createSpill(folder, contactOfLine(groupIn(check)), check.limits ?? LIMITS);
    const records = createArchiveRecords();
    const ledger: LedgerCheck = { check, history, spill, records, files: [] };

    const seals = yield* takeSeals(ledger);
    const ofFiles = yield* takeArchives(ledger);
    const read = yield* readRows(ledger, seals);
    const ofRecords = yield* proveRecords(ledger);
    const proved = yield* proveRows(ledger, read, seals);
    const byKind = sumByKind(ofFiles, ofRecords, proved.byKind);
    summary = summaryOf(ledger, { ...read, seals, ...proved, byKind });
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
  const { seals, ledgerKeys = NO_KEYS } = check;
  if (!seals) return undefined;

  let read = { hours: 0, until: '' };
  let broken = 0;
  for await (const event of readSeals(seals, ledgerKeys)) {
    if (event.kind === 'sealed') {
      read = event;
    } else if (event.kind === 'broken-seal') {
      broken += 1;
      yield event;
    } else if (isAskedFor(check, event)) {
      await spill.add(groupIn(check)(event), JSON.stringify(event));
    }
  }

  return { ...read, broken };
}

/** Takes what files of archives have. Answers the faults of the files and of their seals, by kind. */
async function* takeArchives(ledger: LedgerCheck): AsyncGenerator<CheckEvent, Counts> {
  const { archives = [], ledgerKeys = NO_KEYS } = ledger.check;
  const byKind: Record<string, number> = {};

  for (const archive of archives)
    for await (const event of readArchive(archive, ledgerKeys)) {
      if (event.kind === 'archive-read') {
        ledger.files.push(event);
      } else if (event.kind === 'broken-seal' || event.kind === 'broken-archive') {
        byKind[event.kind] = (byKind[event.kind] ?? 0) + 1;
        yield event;
      } else if (isAskedFor(ledger.check, event)) {
        if (event.kind === 'archived') await ledger.history.read(event.row);
        await ledger.spill.add(groupIn(ledger.check)(event), JSON.stringify(event));
      }
    }

  return byKind;
}

/** Beginnings are few fields a contact, and all are needed for their root. */
function isAskedFor(
  { contactId, ledgerKeys }: Check,
  line: Exclude<ContactLine, LedgerRow>,
): boolean {
  if (contactId === undefined || line.kind === 'beginning' || line.kind === 'began') return true;

  const { subjectOf } = ledgerKeys ?? NO_KEYS;
  const life = line.kind === 'archived' ? line.row.life : undefined;
  return line.contactId === contactId || groupOf(line, subjectOf) === subjectOf?.(contactId, life);
}

/** What the ledger says of its archives, and the files against that. */
function* proveRecords({
  check: { ledgerKeys = NO_KEYS, sealsOnly, contactId },
  records,
  files,
}: LedgerCheck): Generator<CheckEvent, Counts> {
  const isOfAll = contactId === undefined && !sealsOnly;
  const found = [...(isOfAll ? records.faults(ledgerKeys) : []), ...records.faultsOfFiles(files)];

  yield* found;
  return found.length > 0 ? { 'broken-archive': found.length } : {};
}

/** Takes the rows that are asked for, and the versions they name, in one pass. */
async function* readRows(
  { check, history, spill, records }: LedgerCheck,
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
    if (row.kind === 'archive' || row.kind === 'beginning') {
      records.take(row);
      if (row.kind === 'beginning') await spill.add(groupIn(check)(row), JSON.stringify(row));
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
  const sealedUntil = [seals, ...ledger.files.map(({ header }) => header)]
    .flatMap((each) => each?.until ?? [])
    .sort()
    .at(-1);
  const byKind: Record<string, number> = {};
  let contacts = 0;
  let forgotten = 0;
  let proved = 0;
  let heldRows = 0;
  let unjudged = 0;

  for await (const lines of ledger.spill.buckets()) {
    heldRows = Math.max(heldRows, lines.length);

    for await (const contact of proveBucket(ledger, lines, { horizon, sealedUntil })) {
      for (const violation of contact.violations) {
        byKind[violation.kind] = (byKind[violation.kind] ?? 0) + 1;
        yield violation;
      }

      contacts += contact.isKnown ? 1 : 0;
      unjudged += contact.unjudged;
      if (contact.isForgotten) forgotten += 1;
      const before = proved;
      proved += contact.rows;
      if (isProgress(before, proved)) yield { progress: { rows, proved } };
    }
  }

  return { contacts, forgotten, byKind, heldRows, unjudged };
}

function isProgress(before: number, after: number): boolean {
  return Math.floor(after / PROGRESS_ROWS) > Math.floor(before / PROGRESS_ROWS);
}
