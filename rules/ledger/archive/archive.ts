// The record of an archive: what was taken out of the ledger, into which lines, by whom and why; each record over the one before.

import { codeOfRecord, type LedgerKey } from '../chain';

export interface LedgerArchive {
  readonly kind: 'archive';
  /** Counts from 1. */
  readonly number: number;
  /** ISO, the start of an hour: the rows before it are in this archive or an earlier one. */
  readonly until: string;
  readonly hours: number;
  readonly rows: number;
  readonly contacts: number;
  /** Root of the Merkle tree over the lines of the file. */
  readonly file: string;
  /** The seal of its last hour. */
  readonly seal: string;
  /** Root of the Merkle tree over all beginnings that are in force with it, by contact, each as JSON with sorted keys. */
  readonly beginnings: string;
  /** Code of the archive before; empty at the first. */
  readonly previous: string;
  /** Who confirmed it, and why. */
  readonly by: string;
  readonly reason: string;
  /** ISO: when it was confirmed. */
  readonly at: string;
  /** Id of the key that `code` is made with; absent: with none. */
  readonly key?: string;
  /** Code over all the above. */
  readonly code: string;
}

/** An archive as the ledger's database keeps it. */
export interface KeptArchive extends LedgerArchive {
  /** `removing`: its rows are leaving the ledger. */
  readonly state: 'removing' | 'removed';
  /** ISO: when the last row had left. */
  readonly removedAt?: string;
}

/** The first line of an archive's file. */
export interface ArchiveHeader {
  readonly kind: 'ledger-archive';
  readonly version: 1;
  readonly until: string;
  /** ISO: where the archive before ends; absent: this is the first. */
  readonly after?: string;
  /** The seal of the hour before its first; empty: there is none. */
  readonly previousSeal: string;
}

export function signedArchive(
  given: Omit<LedgerArchive, 'kind' | 'key' | 'code'>,
  key: LedgerKey | undefined,
): LedgerArchive {
  const unsigned = { kind: 'archive', ...given, ...(key && { key: key.id }) } as const;
  return { ...unsigned, code: codeOfArchive(unsigned, key) };
}

/** The code of an archive, whatever has become of its rows since. */
export function codeOfArchive(
  archive: Omit<LedgerArchive, 'code'> & Partial<KeptArchive>,
  key?: LedgerKey,
): string {
  const { code: _, state: __, removedAt: ___, ...signed } = archive;
  return codeOfRecord(signed, key);
}
