// The rows of a contact that is forgotten: the same rows under the contact's pseudonym, so that every proof of them still holds.

import type { ChainEnd } from './archive/beginning';
import { CHAIN_START, type LedgerKey, linkOf } from './chain';
import { chainOf } from './proof/links';
import type { LedgerRow } from './rows';
import { digestOfRow } from './seal/seal';
import { pseudonymous } from './subject';

/** Who signs, and the pseudonyms. */
type Pseudonymiser = LedgerKey & { readonly subjectOf: NonNullable<LedgerKey['subjectOf']> };

interface Forgetting {
  readonly life: number | undefined;
  readonly key: Pseudonymiser;
  readonly before?: ChainEnd | undefined;
}

/**
 * The rows of one life of a contact without its id. What was written under its pseudonym keeps its codes. Rows from before there
 * were pseudonyms are linked again, each with the digest that it may have been sealed with, unless their link did not fit before.
 * @param rows all that are in the ledger, in any order.
 * @param before the end of those that were archived.
 */
export function forgottenRows(
  rows: readonly LedgerRow[],
  { life, key, before }: Forgetting,
): LedgerRow[] {
  const isLinkedSo = rows.every(({ subject }) => subject !== undefined);
  const named = isLinkedSo ? rows : linkedAgain(rows, { life, key, before });
  return named.map(pseudonymous);
}

function linkedAgain(rows: readonly LedgerRow[], { life, key, before }: Forgetting): LedgerRow[] {
  const chain = chainOf(rows);
  const inChain = new Set(chain);
  let link = before?.chain ?? CHAIN_START;

  const linked = chain.map((row, i) => {
    const next = { ...underPseudonym(row, life, key), chainKey: key.id };
    // A link that does not fit is kept: to forget must hide nothing from the proof.
    link = isWhole(row, chain[i - 1] ?? before, key)
      ? linkOf(link, pseudonymous(next), key)
      : (row.chain ?? '');
    return { ...next, chain: link };
  });
  const others = rows.filter((row) => !inChain.has(row));

  return [...linked, ...others.map((row) => underPseudonym(row, life, key))];
}

/** True for a link that fits, and for one that another key has made, which is not at hand here. */
function isWhole(
  row: LedgerRow,
  before: Pick<LedgerRow, 'chain'> | undefined,
  key: LedgerKey,
): boolean {
  const { chainKey } = row;
  if (chainKey !== undefined && chainKey !== key.id) return true;

  const link = before === undefined ? CHAIN_START : (before.chain ?? '');
  return linkOf(link, pseudonymous(row), chainKey === undefined ? undefined : key) === row.chain;
}

const underPseudonym = <R extends LedgerRow>(
  row: R,
  life: number | undefined,
  { subjectOf }: Pseudonymiser,
): R => ({
  ...row,
  subject: subjectOf(row.contactId, life),
  sealedAs: row.sealedAs ?? digestOfRow(row),
});
