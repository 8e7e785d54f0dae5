// What asking a channel about an open touch came to.

import type { SettlementReason } from '../../rules/contact/settlementReason';

/** An end for the ledger. */
export type FoundEnd =
  | { readonly settled: 'sent'; readonly channelRef?: string; readonly deliveredAt: string }
  /** Its receipts say the rest. */
  | {
      readonly settled: 'sent';
      readonly channelRef: string;
      readonly acceptedAt: string;
      readonly parts: number;
    }
  | {
      readonly settled: 'released';
      readonly channelRef?: string;
      readonly reason: SettlementReason;
    };

export type FoundOfTouch =
  | FoundEnd
  /** The channel may still take it. */
  | 'in-doubt'
  /** The channel could not be asked. */
  | 'unanswered';

export const neverSent: FoundEnd = {
  settled: 'released',
  reason: { kind: 'reaped', found: 'never-sent' },
};

export const released = (found: 'unconfirmed' | 'unknown', channelRef?: string): FoundEnd => ({
  settled: 'released',
  reason: { kind: 'reaped', found },
  ...(channelRef !== undefined && { channelRef }),
});
