// Where the ledger of a contact begins after its older rows were archived: the end of the chain that was taken away, signed, so that
// what follows still has something to follow.

import { codeOfRecord, type LedgerKey } from '../chain';
import { chainOf } from '../proof/links';
import type { LedgerRow } from '../rows';

/** The state of a contact's chain after its last archived row. */
export interface ChainEnd {
  /** Of the last reservation or settlement. */
  readonly revision: number;
  /** Absent: the contact's rows were not counted yet. */
  readonly sequence?: number;
  /** Empty: none of its rows were in a chain yet. */
  readonly chain: string;
  /** Id of the key that the last link was made with. */
  readonly chainKey?: string;
  /** ISO: the latest `at` of the archived rows. */
  readonly at: string;
}

export interface Beginning extends ChainEnd {
  readonly kind: 'beginning';
  /** The pseudonym (rules/ledger/subject.ts). */
  readonly contactId: string;
  /** ISO: the rows before it are archived. */
  readonly until: string;
  /** Id of the key that `code` is made with; absent: with none. */
  readonly key?: string;
  /** Code over all the above. */
  readonly code: string;
}

/**
 * The end of a contact's chain.
 * @param rows of this contact, in any order.
 * @param before the end of what was archived earlier.
 */
export function chainEndOf(rows: readonly LedgerRow[], before?: ChainEnd): ChainEnd {
  const chain = chainOf(rows);
  const last = chain.at(-1);
  const revisions = chain.map(({ revision }) => revision);
  const at = [before?.at ?? '', ...rows.map((row) => row.at)].sort().at(-1) ?? '';
  const revision = Math.max(before?.revision ?? 0, ...revisions);
  if (!last) return { revision: 0, chain: '', ...before, at };

  const { sequence = before?.sequence, chain: link = '', chainKey } = last;
  return {
    ...{ revision, chain: link, at },
    ...(sequence !== undefined && { sequence }),
    ...(chainKey !== undefined && { chainKey }),
  };
}

/** A chain's end as it is kept, signed. */
export function beginningAt(
  end: ChainEnd,
  { contactId, until, key }: Pick<Beginning, 'contactId' | 'until'> & { readonly key?: LedgerKey },
): Beginning {
  const unsigned = {
    ...({ kind: 'beginning', contactId, until, ...end } as const),
    ...(key && { key: key.id }),
  };
  return { ...unsigned, code: codeOfBeginning(unsigned, key) };
}

/** The code of a beginning. */
export function codeOfBeginning(
  { code: _, ...signed }: Omit<Beginning, 'code'> & { readonly code?: string },
  key?: LedgerKey,
): string {
  return codeOfRecord(signed, key);
}

/** Whether a row is one of those that were archived before the beginning. */
export const isArchived = (
  { sequence, at }: LedgerRow,
  beginning: Pick<Beginning, 'sequence' | 'until'>,
): boolean =>
  sequence === undefined ? at < beginning.until : sequence <= (beginning.sequence ?? 0);

/** Whether two chains end alike. */
export const isSameEnd = (a: ChainEnd, b: ChainEnd): boolean =>
  a.revision === b.revision && a.sequence === b.sequence && a.chain === b.chain && a.at === b.at;
