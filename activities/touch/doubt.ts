// Calls without an answer, and answers that are none: how long a first call may still land, and when to ask again.

import type { Channel, Delivered } from '../../ports/channel';
import type { DeliveryRecord } from '../../ports/deliveries';
import { tryLater } from '../failures';

/**
 * How long the call before this may still land, in milliseconds: made again sooner, both could reach the customer.
 * @param atLeastMs for a channel that says less, or nothing
 */
export function doubtMs(
  channel: Channel,
  record: DeliveryRecord,
  now: number,
  atLeastMs = 0,
): number {
  if (record.inDoubtSince === undefined) return 0;

  const landsWithinMs = Math.max(channel.landsWithinMs?.(record) ?? 0, atLeastMs);
  return record.inDoubtSince + landsWithinMs - now;
}

export const mayStillLand = ({ name }: Channel, { touchId }: DeliveryRecord, waitMs: number) =>
  tryLater('IN_DOUBT', `${name} may still take touch ${touchId}; it is looked up again`, waitMs);

type Refusal = Extract<Delivered, { readonly kind: 'refused' }>;

/** "Not now" is no answer: the touch waits for the next try. */
export const refusedForNow = (channel: string, { reason, retryAfterMs }: Refusal) =>
  tryLater('THROTTLED', `${channel} refused for now: ${reason}`, retryAfterMs);
