// What a proof of the ledger comes to: counts of what was read, and of what was found.

import type { KeptArchive } from '../../rules/ledger/archive/archive';
import { NO_KEYS } from '../../rules/ledger/keyRing';
import type { ArchiveRead } from './archiveFile';
import type { LedgerCheck } from './check';

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
  /** What was taken out of the ledger; absent: nothing. */
  readonly archived?: ArchivedSpan;
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

interface ArchivedSpan {
  /** ISO: rows before it are in archives. */
  readonly until: string;
  readonly archives: number;
  /** Rows of the archives that were given. */
  readonly rows: number;
  /** Rows of the ledger that cannot be judged wholly without archives that were not given. */
  readonly unjudged: number;
}

/** By kind. */
export type Counts = Readonly<Record<string, number>>;

export interface SealsRead {
  readonly hours: number;
  readonly until: string;
  readonly broken: number;
}

export interface RowsRead {
  readonly rows: number;
  /** Rows that no seal can have yet. */
  readonly unsealed: number;
  readonly malformed: number;
  readonly unkeyed: number;
  /** ISO: the newest `at` among them; empty when there are none. */
  readonly newest: string;
}

export interface RowsProved {
  readonly contacts: number;
  readonly forgotten: number;
  readonly byKind: Counts;
  readonly heldRows: number;
  readonly unjudged: number;
}

export function summaryOf(
  { check: { ledgerKeys = NO_KEYS }, history, records, files }: LedgerCheck,
  read: RowsRead & RowsProved & { readonly seals: SealsRead | undefined },
): CheckSummary {
  const { rows, contacts, forgotten, unkeyed, unsealed, malformed, seals, heldRows } = read;
  const broken = seals?.broken ?? 0;
  const byKind = sumByKind(
    malformed > 0 ? { malformed } : {},
    broken > 0 ? { 'broken-seal': broken } : {},
    read.byKind,
  );

  return {
    rows,
    contacts,
    forgotten,
    violations: Object.values(byKind).reduce((sum, each) => sum + each, 0),
    byKind,
    unkeyed,
    unverified: ledgerKeys.keys.size > 0 ? 0 : rows - unkeyed,
    ...(seals && { sealed: { hours: seals.hours, until: seals.until, unsealed } }),
    ...archivedSpan(records.latest(), files, read),
    policies: history.named(),
    heldRows,
  };
}

function archivedSpan(
  latest: KeptArchive | undefined,
  files: readonly ArchiveRead[],
  { unjudged }: Pick<RowsProved, 'unjudged'>,
): Pick<CheckSummary, 'archived'> {
  if (!latest) return {};

  const { until, number } = latest;
  const rows = files.reduce((sum, file) => sum + file.rows, 0);
  return { archived: { until, archives: number, rows, unjudged } };
}

/** Counts of several sorts, by kind. */
export function sumByKind(...counts: readonly Counts[]): Counts {
  const sum: Record<string, number> = {};
  for (const count of counts)
    for (const [kind, each] of Object.entries(count)) sum[kind] = (sum[kind] ?? 0) + each;

  return sum;
}
