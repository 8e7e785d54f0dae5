// What became of a message, read from the receipts of its parts, in whatever order they came.

import { formatInstant, instantAt } from '../time/instant';

/** What a channel reports of one part of a message. */
export interface Receipt {
  /** Counts from 1. */
  readonly part: number;
  readonly state: 'delivered' | 'failed';
  /** ISO: when it happened. */
  readonly at: string;
}

/** A receipt as it is kept with its touch. */
export interface KeptReceipt extends Receipt {
  /** Why it failed, as the channel says. */
  readonly code?: string;
}

/** With one more receipt, in an order that does not depend on that of their arrival; the same one told again is kept once. */
export function withReceiptKept(
  receipts: readonly KeptReceipt[],
  given: KeptReceipt,
): readonly KeptReceipt[] {
  const isKnown = receipts.some((each) => compareReceipts(each, given) === 0);
  return isKnown ? receipts : [...receipts, given].sort(compareReceipts);
}

function compareReceipts(a: KeptReceipt, b: KeptReceipt): number {
  return (
    a.part - b.part ||
    compare(a.at, b.at) ||
    compare(a.state, b.state) ||
    compare(a.code ?? '', b.code ?? '')
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** `accepted`: the channel took it, and some part is still on its way. `partly`: some parts came through and the others never will. */
export type DeliveryState = 'accepted' | 'delivered' | 'partly' | 'failed';

export interface DeliveryKnown {
  readonly delivery: DeliveryState;
  /** UTC: when the last of the parts that came through did. */
  readonly deliveredAt?: string;
}

/** The delivery of a message of so many parts: a part that any receipt calls delivered is, whatever the others say of it. */
export function deliveryOf(receipts: readonly Receipt[], parts: number): DeliveryKnown {
  const known = new Set(receipts.map(({ part }) => part));
  const delivered = earliestByPart(receipts);
  if (known.size < parts) return { delivery: 'accepted' };
  if (delivered.size === 0) return { delivery: 'failed' };

  const deliveredAt = formatInstant(Math.max(...delivered.values()));
  return { delivery: delivered.size === parts ? 'delivered' : 'partly', deliveredAt };
}

/** When each delivered part first was, in milliseconds. */
function earliestByPart(receipts: readonly Receipt[]): ReadonlyMap<number, number> {
  const earliest = new Map<number, number>();

  for (const { part, state, at } of receipts) {
    if (state !== 'delivered') continue;
    const instant = instantAt(at, 'at');
    earliest.set(part, Math.min(instant, earliest.get(part) ?? instant));
  }

  return earliest;
}
