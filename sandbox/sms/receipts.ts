// What became of a simulated text: a receipt a part, those of a long text in any order, and now and then one that takes back another.

import type { Random } from '../random';

/** Characters of a text that is sent in one, and of each part of a longer one, which needs room for its number. */
const ALONE = 70;
const IN_PARTS = 67;

export interface PartReceipt {
  /** Counts from 1. */
  readonly part: number;
  readonly status: 'delivered' | 'failed';
}

/** Into how many parts the networks cut a text. */
export const partsOf = (text: string): number =>
  text.length <= ALONE ? 1 : Math.ceil(text.length / IN_PARTS);

/** The receipts of a message in the order in which they are posted. A failure may be followed, or even preceded, by the truth. */
export function drawReceipts(
  parts: number,
  { failRate, correctionRate }: { readonly failRate: number; readonly correctionRate: number },
  random: Random,
): PartReceipt[] {
  const receipts = Array.from({ length: parts }, (_, i) => i + 1).flatMap((part): PartReceipt[] => {
    if (!random.chance(failRate)) return [{ part, status: 'delivered' }];

    const failed = { part, status: 'failed' } as const;
    return correctionRate > 0 && random.chance(correctionRate)
      ? [failed, { part, status: 'delivered' }]
      : [failed];
  });

  return receipts.length === 1 ? receipts : shuffled(receipts, random);
}

function shuffled<T>(list: readonly T[], random: Random): T[] {
  const left = [...list];
  return list.flatMap(() => left.splice(random.int(left.length), 1));
}
