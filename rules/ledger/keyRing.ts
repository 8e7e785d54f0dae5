// The keys that a ledger is written with: one signs what is written now, and all verify what was.

import { CodedError } from '../base/errors';
import { type LedgerKey, ledgerKey } from './chain';
import { createPseudonyms, type Pseudonyms } from './subject';

export interface KeyRing {
  /** By id; empty: codes are not verified, only that no row is missing. */
  readonly keys: ReadonlyMap<string, LedgerKey>;
  /** Signs what is written now; absent: nothing is signed. */
  readonly current?: LedgerKey | undefined;
  /** Tells whose pseudonym is whose; absent: what the pseudonyms of rows stand for is not verified. */
  readonly subjectOf?: Pseudonyms | undefined;
  /** ISO: rows before it were written before there was a key. Absent: every row must have one, once any key is known. */
  readonly unkeyedUntil?: string | undefined;
}

export const NO_KEYS: KeyRing = { keys: new Map() };

/** How keys are written down: ids and secrets, the one that was added last at the end. */
export const LEDGER_KEYS = /^[\w.-]+:[^\s,:]{16,}(,[\w.-]+:[^\s,:]{16,})*$/;

/**
 * Keys as the configuration has them.
 * @param text what `LEDGER_KEYS` matches.
 * @param currentId of the key that signs; absent: the last.
 * @param pseudonymSecret of the pseudonyms of contacts; absent: rows have none, and nobody can be forgotten.
 * @throws CodedError INVALID_INPUT when there is no key of that id, or two have one; no secret is in its words.
 */
export function readKeyRing(
  text: string | undefined,
  currentId?: string,
  unkeyedUntil?: string,
  pseudonymSecret?: string,
): KeyRing {
  const subjectOf = pseudonymSecret === undefined ? undefined : createPseudonyms(pseudonymSecret);
  const pairs = (text ?? '').split(',').filter((pair) => pair !== '');
  const keys = pairs.map((pair) => {
    const [id = '', secret = ''] = pair.split(':');
    return ledgerKey(id, secret, subjectOf);
  });
  const twice = keys.find(({ id }, i) => keys.findIndex((each) => each.id === id) < i);
  if (twice) throw new CodedError('INVALID_INPUT', `two ledger keys are called "${twice.id}"`);

  const current = currentId === undefined ? keys.at(-1) : keys.find(({ id }) => id === currentId);
  if (currentId !== undefined && !current) {
    const allowed = keys.map(({ id }) => id).join(', ') || 'none, for no keys are given';
    throw new CodedError('INVALID_INPUT', `no ledger key "${currentId}"; allowed: ${allowed}`);
  }

  return { keys: new Map(keys.map((key) => [key.id, key])), current, unkeyedUntil, subjectOf };
}
