// The chain of a contact's ledger rows: each reservation and settlement carries a hash over itself and the row before it, so
// that a row changed or taken out later is noticed.

import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';

/** The link before a contact's first row. */
export const CHAIN_START = '';

/**
 * The link of a row: SHA-256, in hex, of the previous link and the row as JSON with sorted keys.
 * The row's own `chain` and every absent value are left out.
 */
export function linkOf(previous: string, row: object): string {
  return bytesToHex(sha256(utf8ToBytes(`${previous}\n${canonical({ ...row, chain: undefined })}`)));
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((each) => canonical(each ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, each]) => each !== undefined && each !== null);
  const sorted = fields.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`).join(',')}}`;
}
