// The seal of an hour: every row of it, of every kind, and the chain of each contact as it stood, under the root of a Merkle tree;
// and each seal over the one before it.

import { HOUR_MS, MINUTE_MS } from '../../time/durations';
import { formatInstant } from '../../time/instant';
import { canonicalJson, codeOfRecord, digestOf, type LedgerKey } from '../chain';
import type { LedgerRow } from '../rows';
import { pseudonymous, sealedRowId } from '../subject';
import { createMerkleTree } from './merkle';

/** A row that was in the ledger when its hour was sealed, or that came late and was sealed with a later one. */
export interface SealedRow {
  readonly kind: 'row';
  /** ISO: the start of the hour that it was sealed with. */
  readonly hour: string;
  readonly contactId: string;
  /** Its id in the ledger. */
  readonly row: string;
  readonly digest: string;
}

/** Where the chain of a contact with rows in the hour stood at its end. */
export interface SealedHead {
  readonly kind: 'head';
  readonly hour: string;
  readonly contactId: string;
  /** Absent: the contact's rows were not counted yet. */
  readonly sequence?: number;
  /** Empty: none of its rows were in a chain yet. */
  readonly chain: string;
}

/** What closes an hour. */
export interface Seal {
  readonly kind: 'seal';
  readonly hour: string;
  readonly rows: number;
  /** Those of the rows that belong to earlier hours and came when those were sealed. */
  readonly late: number;
  readonly contacts: number;
  /** Of the tree over all rows and then all heads, each as JSON with sorted keys. */
  readonly root: string;
  /** The seal of the hour before; empty at the first. */
  readonly previous: string;
  /** ISO. */
  readonly sealedAt: string;
  /** Id of the key that it is made with; absent: with none. */
  readonly key?: string;
  /** Code over all the above. */
  readonly seal: string;
}

export type SealedLine = SealedRow | SealedHead;
/** A line of a file of seals: an hour's rows, its heads, and its seal. */
export type SealLine = SealedLine | Seal;

export interface Sealing {
  add(row: LedgerRow): SealedRow;
  /** Ends the hour. */
  close(sealedAt: string): { readonly heads: readonly SealedHead[]; readonly seal: Seal };
}

export function beginSealing(
  hour: string,
  { previous, key }: { readonly previous: string; readonly key: LedgerKey | undefined },
): Sealing {
  const tree = createMerkleTree();
  const heads = new Map<string, LedgerRow>();
  let rows = 0;
  let late = 0;

  return {
    add(row) {
      const { contactId, subject = contactId } = row;
      const sealed = {
        kind: 'row',
        hour,
        contactId: subject,
        row: sealedRowId(row),
        digest: digestOfRow(row),
      } as const;
      tree.add(leafOf(sealed));
      rows += 1;
      if (row.at < hour) late += 1;

      const head = heads.get(subject);
      heads.set(subject, head && placeOf(head) > placeOf(row) ? head : row);
      return sealed;
    },

    close(sealedAt) {
      const last = [...heads.values()].map((row) => headOf(hour, row));
      for (const head of last) tree.add(leafOf(head));

      const counts = { rows, late, contacts: last.length };
      const given = { hour, ...counts, root: tree.root(), previous, sealedAt };
      return { heads: last, seal: signed({ kind: 'seal', ...given }, key) };
    },
  };
}

/** Of the row with its pseudonym, so that it stays the same when the contact is forgotten. */
export const digestOfRow = (row: LedgerRow): string => digestOf(canonicalJson(pseudonymous(row)));

/** A line as the tree has it. */
export const leafOf = (line: SealedLine): string => canonicalJson(line);

/** The code of a seal. */
export function codeOfSeal(
  { seal: _, ...signed }: Omit<Seal, 'seal'> & { readonly seal?: string },
  key?: LedgerKey,
): string {
  return codeOfRecord(signed, key);
}

function signed(given: Omit<Seal, 'seal' | 'key'>, key: LedgerKey | undefined): Seal {
  const unsigned = { ...given, ...(key && { key: key.id }) };
  return { ...unsigned, seal: codeOfSeal(unsigned, key) };
}

/** Rows from before every kind was counted came before those that are. */
const placeOf = ({ sequence, revision, chain }: LedgerRow): number =>
  sequence ?? (chain === undefined ? Number.NEGATIVE_INFINITY : revision - Number.MAX_SAFE_INTEGER);

function headOf(hour: string, { contactId, subject, sequence, chain = '' }: LedgerRow): SealedHead {
  const named = { kind: 'head', hour, contactId: subject ?? contactId } as const;
  return { ...named, ...(sequence !== undefined && { sequence }), chain };
}

/** ISO: the start of the hour of an instant (ISO), in UTC. */
export const hourOf = (at: string): string =>
  formatInstant(Math.floor(Date.parse(at) / HOUR_MS) * HOUR_MS);

/** ISO: the start of an hour some hours later. */
export const hoursLater = (hour: string, hours: number): string =>
  formatInstant(Date.parse(hour) + hours * HOUR_MS);

/** After the end of an hour: what was decided in it is written by then, whatever the clocks of workers say. */
const GRACE_MS = 10 * MINUTE_MS;

/** Rows that come later still are taken up by the next seals, if they are no older. What is older yet, the proof names. */
export const LATE_HOURS = 3;

/** ISO: hours that end here or before are over, and may be sealed. */
export const sealableUntil = (now: number): string => hourOf(formatInstant(now - GRACE_MS));
