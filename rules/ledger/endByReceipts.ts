// What a touch has come to by the receipts of its parts, if it has any: the same for every order in which they came.

import type { KeptTouch } from '../contact/contact';
import { deliveryOf, type KeptReceipt } from '../contact/receipts';
import type { SettlementReason } from '../contact/settlementReason';

interface EndByReceipts {
  readonly settled: 'sent' | 'released';
  readonly reason?: SettlementReason;
  readonly deliveredAt?: string;
  readonly partly?: true;
}

/** Null: there are none, or it is not known yet of how many parts the message is. */
export function endByReceipts(touch: KeptTouch): EndByReceipts | null {
  const receipts = receiptsOf(touch);
  const parts = partsOf(touch, receipts);
  if (receipts.length === 0 || parts === null) return null;

  const { delivery, deliveredAt } = deliveryOf(receipts, parts);
  if (delivery === 'failed') return { settled: 'released', reason: failureOf(touch, receipts) };

  return {
    settled: 'sent',
    ...(deliveredAt !== undefined && { deliveredAt }),
    ...(delivery === 'partly' && { partly: true }),
  };
}

/** A touch that was recalled from the ledger has no receipts, but its rows say that it was delivered. */
export const receiptsOf = ({
  receipts,
  parts = 1,
  acceptedAt,
  deliveredAt,
}: KeptTouch): readonly KeptReceipt[] => {
  if (receipts !== undefined) return receipts;
  if (acceptedAt === undefined || deliveredAt === undefined) return [];

  const at = deliveredAt;
  return Array.from({ length: parts }, (_, i) => ({ part: i + 1, state: 'delivered', at }));
};

/** Our own settlement says how many there are, and receipts that come before it have to wait; a receipt may know of more. */
function partsOf({ parts, state }: KeptTouch, receipts: readonly KeptReceipt[]): number | null {
  const isOpen = state === 'reserved' || state === 'tasked';
  if (parts === undefined && isOpen) return null;
  return Math.max(parts ?? 1, ...receipts.map(({ part }) => part));
}

/** Of several failures the first part's counts, so that the reason does not depend on the order either. */
function failureOf({ channel }: KeptTouch, receipts: readonly KeptReceipt[]): SettlementReason {
  const code = receipts.find(({ state }) => state === 'failed')?.code ?? 'UNKNOWN';
  return channel === 'call' ? { kind: 'call', outcome: code } : { kind: 'sms', code };
}
