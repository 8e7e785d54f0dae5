// The chain of a contact's ledger rows: every row, of every kind, carries a code over itself and the row before it, made with a
// secret key, so that a row changed, taken out or slipped in later is noticed, and nobody without the key can make another chain.

import { hmac } from '@noble/hashes/hmac';
import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';

const encoder = new TextEncoder();

/** The link before a contact's first row. */
export const CHAIN_START = '';

/** Makes codes that only its holder can make. Rows name the key by its id, so that keys can be changed. */
export interface LedgerKey {
  readonly id: string;
  /** The pseudonyms of contacts in what is signed with it; absent: rows name their contact. */
  readonly subjectOf?: (contactId: string, life?: number) => string;
  /** HMAC-SHA-256 of the text, in hex. */
  codeOf(text: string): string;
}

/** Made once: the hash states of the key are kept between codes. */
export function ledgerKey(
  id: string,
  secret: string,
  subjectOf?: LedgerKey['subjectOf'],
): LedgerKey {
  const fresh = hmac.create(sha256, encoder.encode(secret));
  const hasher = fresh.clone();
  return {
    id,
    ...(subjectOf && { subjectOf }),
    codeOf: (text) => bytesToHex(fresh._cloneInto(hasher).update(encoder.encode(text)).digest()),
  };
}

/**
 * The link of a row: the code, in hex, of the previous link and the row as JSON with sorted keys; without a key its SHA-256.
 * The row's own `chain` and every absent value are left out.
 */
export function linkOf(previous: string, row: object, key?: LedgerKey): string {
  const text = `${previous}\n${canonicalObject(row, 'chain')}`;
  return key ? key.codeOf(text) : digestOf(text);
}

/** The code of a record, in hex: over all of it that is given, with sorted keys; without a key its SHA-256. */
export function codeOfRecord(record: object, key?: LedgerKey): string {
  const text = canonicalJson(record);
  return key ? key.codeOf(text) : digestOf(text);
}

/** SHA-256 of a text, in hex. */
export const digestOf = (text: string): string => bytesToHex(sha256(encoder.encode(text)));

/** Plain data as JSON with sorted keys and without absent values: the same text for the same data. */
export const canonicalJson = (value: object): string => canonicalObject(value);

function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((each) => canonical(each ?? null)).join(',')}]`;
  return canonicalObject(value);
}

/** Every row of a wave passes here, so it makes no lists of pairs. */
function canonicalObject(value: object, leftOut?: string): string {
  const fields = value as Readonly<Record<string, unknown>>; // plain rows and their parts
  let text = '';

  for (const key of Object.keys(value).sort()) {
    const each = fields[key];
    if (each === undefined || each === null || key === leftOut) continue;
    text += `${text === '' ? '' : ','}${quoted(key)}:${canonical(each)}`;
  }

  return `{${text}}`;
}

/** Names of fields as JSON: rows have the same few, and quoting them costs as much as quoting what they hold. */
const names = new Map<string, string>();
const MAX_NAMES = 1_000;

function quoted(name: string): string {
  const known = names.get(name);
  if (known !== undefined) return known;

  if (names.size >= MAX_NAMES) names.clear();
  const json = JSON.stringify(name);
  names.set(name, json);

  return json;
}
