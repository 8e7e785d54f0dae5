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
  return bytesToHex(sha256(utf8ToBytes(`${previous}\n${canonicalObject(row, 'chain')}`)));
}

function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((each) => canonical(each ?? null)).join(',')}]`;
  return canonicalObject(value);
}

/** Every reservation and settlement of a wave passes here, so it makes no lists of pairs. */
function canonicalObject(value: object, leftOut?: string): string {
  const fields = value as Readonly<Record<string, unknown>>; // plain rows and their parts
  let text = '';

  for (const key of Object.keys(value).sort()) {
    const each = fields[key];
    if (each === undefined || each === null || key === leftOut) continue;
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonical(each)}`;
  }

  return `{${text}}`;
}
