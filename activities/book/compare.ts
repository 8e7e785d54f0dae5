// One touch in two books: what our ledger says of it, and what WeCom's record of its message says.

import type { RowResult } from '../../ports/wecom';
import type { KeptTouch } from '../../rules/contact/contact';
import { HOUR_MS } from '../../rules/time/durations';
import { formatInstant } from '../../rules/time/instant';
import type { FoundEnd } from './found';

/** Whoever follows the touch asks at least every hour, and knows of it by then. */
const FOLLOWED_WITHIN_MS = 2 * HOUR_MS;

export interface TouchDifference {
  readonly kind: 'delivery-learnt' | 'delivery-denied';
  readonly end: FoundEnd;
}

/** Null: the books agree, or the one who follows the touch has still time to bring them together. */
export function differenceOf(
  touch: KeptTouch,
  msgid: string,
  result: RowResult,
  now: number,
): TouchDifference | null {
  if (result.kind === 'sent') {
    if (touch.state === 'sent' || isFollowed(touch, result.deliveredAt, now)) return null;
    return { kind: 'delivery-learnt', end: deliveryLearnt(touch, msgid, result.deliveredAt) };
  }

  if (result.kind === 'failed' && touch.state === 'sent' && touch.channelRef === msgid) {
    const reason = { kind: 'reconciled', found: result.why } as const;
    return { kind: 'delivery-denied', end: { settled: 'released', channelRef: msgid, reason } };
  }
  return null;
}

const isFollowed = ({ state }: KeptTouch, deliveredAt: number, now: number): boolean =>
  state !== 'released' && deliveredAt + FOLLOWED_WITHIN_MS > now;

/** Of a task that was taken back the ledger itself says that it could not be stopped. */
export const deliveryLearnt = (
  { withdrawn }: Pick<KeptTouch, 'withdrawn'>,
  channelRef: string,
  deliveredAt: number,
): FoundEnd => ({
  settled: 'sent',
  channelRef,
  deliveredAt: formatInstant(deliveredAt),
  ...(withdrawn === undefined && { reason: { kind: 'reconciled' } }),
});
