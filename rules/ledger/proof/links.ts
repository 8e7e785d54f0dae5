// The proof of a contact's chain: whether every row is there, unchanged, in its place, and written by who holds the key.

import type { ChainEnd } from '../archive/beginning';
import { CHAIN_START, linkOf } from '../chain';
import type { KeyRing } from '../keyRing';
import { type LedgerRow, rowId } from '../rows';
import { isSubject, pseudonymous } from '../subject';
import { isFact } from './proofTouches';
import { type Violation, violation } from './violation';

/**
 * The rows in the order in which they were written: first those from before every kind was chained, by revision, decisions that
 * reserved nothing left out; then all others.
 */
export function chainOf(rows: readonly LedgerRow[]): readonly LedgerRow[] {
  const counted = rows.filter(({ sequence }) => sequence !== undefined);
  const before = rows.filter((row) => row.sequence === undefined && isFact(row));

  return [
    ...before.sort((a, b) => a.revision - b.revision),
    ...counted.sort((a, b) => (a.sequence ?? 0) - (b.sequence ?? 0)),
  ];
}

/**
 * Rows without a place in the chain, rows that are there twice, holes, and links that do not fit.
 * @param before the end of the chain that was archived.
 */
export function brokenChain(
  rows: readonly LedgerRow[],
  chain: readonly LedgerRow[],
  ring: KeyRing,
  before?: ChainEnd,
): Violation[] {
  return [
    ...chain.flatMap((row, i) => brokenLink(row, chain[i - 1] ?? before, ring)),
    ...holesInRevisions(chain, before?.revision ?? 0),
    ...duplicates(rows),
    ...unchained(rows, chain, before),
    ...unkeyed(rows, chain, ring, before),
    ...otherSubjects(rows, ring),
  ];
}

/** Rows under a pseudonym that is not their contact's: they were somebody else's. */
function otherSubjects(rows: readonly LedgerRow[], { subjectOf }: KeyRing): Violation[] {
  const expected = new Map<string, string | undefined>();

  return rows.flatMap((row) => {
    const { contactId, subject, life } = row;
    if (subject === undefined || isSubject(contactId)) return [];

    const key = `${life ?? 1} ${contactId}`;
    if (!expected.has(key)) expected.set(key, subjectOf?.(contactId, life) ?? subject);
    if (expected.get(key) === subject) return [];
    return [violation('other-subject', row, `${subject} does not stand for ${contactId}`)];
  });
}

/** What a row follows. */
type Linkable = Pick<LedgerRow, 'sequence' | 'chain'>;

function brokenLink(row: LedgerRow, before: Linkable | undefined, { keys }: KeyRing): Violation[] {
  const found: Violation[] = [];
  const { sequence, chainKey } = row;
  const last = before?.sequence ?? 0;

  if (sequence !== undefined && sequence !== last + 1)
    found.push(violation('hole-in-sequence', row, `row ${sequence} follows row ${last}`));

  const key = chainKey === undefined ? undefined : keys.get(chainKey);
  if (chainKey !== undefined && !key) {
    if (keys.size > 0) found.push(violation('unknown-key', row, `nobody knows key "${chainKey}"`));
    return found;
  }

  const link = before === undefined ? CHAIN_START : (before.chain ?? '');
  if (linkOf(link, pseudonymous(row), key) !== row.chain) {
    const place = sequence === undefined ? `revision ${row.revision}` : `row ${sequence}`;
    const detail = `the link of ${place} does not fit it and the row before it`;
    found.push(violation('broken-chain', row, detail));
  }

  return found;
}

/** Reservations and settlements have each the next revision; any other decision read one that had been made. */
function holesInRevisions(chain: readonly LedgerRow[], before: number): Violation[] {
  const found: Violation[] = [];
  let last = before;

  for (const row of chain) {
    const { revision } = row;
    const fits = isFact(row) ? revision === last + 1 : revision <= last;
    if (!fits) {
      const detail = isFact(row)
        ? `revision ${revision} follows ${last}`
        : `it read revision ${revision}, the latest was ${last}`;
      found.push(violation('hole-in-revisions', row, detail));
    }

    last = Math.max(last, revision);
  }

  return found;
}

function duplicates(rows: readonly LedgerRow[]): Violation[] {
  const seen = new Set<string>();
  return rows.flatMap((row) => {
    const id = rowId(row);
    if (seen.has(id)) return [violation('row-twice', row, id)];

    seen.add(id);
    return [];
  });
}

/** Once a contact's rows are counted, all are: a row of the old form that is younger was slipped in. */
function unchained(
  rows: readonly LedgerRow[],
  chain: readonly LedgerRow[],
  before: ChainEnd | undefined,
): Violation[] {
  const first = [...(before ? [before] : []), ...chain].find(
    ({ sequence }) => sequence !== undefined,
  );
  if (!first) return [];

  return rows
    .filter(({ sequence, at }) => sequence === undefined && at > first.at)
    .map((row) =>
      violation('unchained', row, `all rows since ${first.at} have a place in the chain`),
    );
}

/** The first row of the contact that should have a code made with a key and has none; those that follow it are counted. */
function unkeyed(
  rows: readonly LedgerRow[],
  chain: readonly LedgerRow[],
  { keys, unkeyedUntil = '' }: KeyRing,
  before: ChainEnd | undefined,
): Violation[] {
  const firstKeyed =
    before?.chainKey === undefined ? chain.findIndex(({ chainKey }) => chainKey !== undefined) : 0;
  const after = firstKeyed === -1 ? [] : chain.slice(firstKeyed);
  const isDue = (row: LedgerRow) => keys.size > 0 && row.at >= unkeyedUntil;
  const found = [
    ...new Set([...rows.filter(isDue), ...after].filter(({ chainKey }) => chainKey === undefined)),
  ];

  const [first] = found;
  return first ? [violation('unkeyed', first, `${found.length} rows have no key`)] : [];
}
