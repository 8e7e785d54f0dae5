// A mass send as a task for one member of staff, found again after a doubt.

import type { Delivered, Delivery } from '../../ports/channel';
import type { Clock } from '../../ports/clock';
import type { GroupMsg } from './answers';
import type { WecomClient } from './client';
import { WecomError } from './errors';

/** WeCom's own word for "nobody in this mass send can be reached". */
export const NOBODY_SENDABLE = 41048;
/** A mass send just made cannot be read yet. */
const DISPATCHING = 41063;
/** Their clock counts whole seconds and may be a little behind ours. */
const CLOCK_SKEW_SECONDS = 2;
/** WeCom's list is asked a little past its ends; what does not belong is left out here. */
const WINDOW_SECONDS = 60;

/**
 * A mass send carries no key of ours. It is known again by the member, the customer, the text to the letter, having been
 * made by the API (no creator), and not before this delivery was first asked for. The last keeps apart two touches of
 * the same text to one customer by one member; only two asked for within the same seconds could be taken for each other.
 */
export async function findTask(
  client: WecomClient,
  clock: Clock,
  delivery: Delivery,
): Promise<Delivered | null> {
  const { externalUserId, staffId } = delivery;
  if (externalUserId === undefined || staffId === undefined) return null;

  let dispatching: WecomError | null = null;
  for (const { msgid } of await candidates(client, clock, delivery)) {
    try {
      const results = await client.getGroupmsgSendResult(msgid, staffId);
      if (results.some((result) => result.external_userid === externalUserId))
        return { kind: 'tasked', channelRef: msgid };
    } catch (error) {
      if (!(error instanceof WecomError && error.errcode === DISPATCHING)) throw error;
      dispatching = error;
    }
  }

  // It may be the one that cannot be read yet: no answer is better than a wrong one.
  if (dispatching) throw dispatching;
  return null;
}

/** Mass sends that the API made since the delivery was first asked for, with exactly its text. */
async function candidates(
  client: WecomClient,
  clock: Clock,
  { text, askedAt, replaces }: Delivery,
): Promise<readonly GroupMsg[]> {
  const since = Math.floor(askedAt / 1000);
  const until = Math.ceil(clock.now() / 1000);
  const made = await client.getGroupmsgList(since - WINDOW_SECONDS, until + WINDOW_SECONDS);

  return made.filter(
    (each) =>
      each.creator === '' &&
      each.msgid !== replaces &&
      each.text.content === text &&
      each.create_time >= since - CLOCK_SKEW_SECONDS,
  );
}
