// A touch that was reserved and never known to be handed over: whether the channel has it all the same.

import type { Delivered } from '../../ports/channel';
import type { DeliveryRecord } from '../../ports/deliveries';
import { DAY_MS, MINUTE_MS } from '../../rules/time/durations';
import { formatInstant, instantAt } from '../../rules/time/instant';
import type { BookDeps } from '../deps';
import { isFinalFailure } from '../failures';
import { doubtMs } from '../touch/doubt';
import { type FoundOfTouch, neverSent, released } from './found';
import type { FencedTouch } from './reap';
import { askTasked } from './tasked';

/** A channel that stays away so long past the time gives no answer at all; a reconcile may learn it later. */
const GIVE_UP_MS = DAY_MS;

/** A call begun just before the reaper came, by an execution that is overtaken now, is over by then. */
const IN_FLIGHT_MS = MINUTE_MS;

/** What nobody may hand over any more is answered with: no execution takes an answered record for its own. */
const REAPED = { kind: 'refused', reason: 'REAPED', retryable: false } as const;

export async function askReserved(deps: BookDeps, fenced: FencedTouch): Promise<FoundOfTouch> {
  const record = await openRecord(deps, fenced);
  if (record === null) return 'in-doubt';
  if (record.answer) return endOf(deps, fenced, record, record.answer);

  const answer = fenced.record === undefined ? REAPED : await askChannel(deps, fenced, record);
  if (answer === 'in-doubt' || answer === 'unanswered') return answer;

  await keepAnswer(deps, record, answer);
  return endOf(deps, fenced, record, answer);
}

/**
 * The record of the attempt, now the reaper's: whoever stalled before the call finds it taken. Where there was none nothing was
 * ever begun. Null: a later execution has it.
 */
async function openRecord(
  { stores, clock }: BookDeps,
  { touch, fence, record }: FencedTouch,
): Promise<DeliveryRecord | null> {
  const { touchId, contactId, attempt, channel } = touch;
  const none = { touchId, contactId, attempt, channel, text: '', workflowId: '' };
  const own = { ...(record ?? { ...none, askedAt: clock.now() }), fence };

  const [opened] = await stores.deliveries.openMany([own]);
  if (opened?.opened) return own;
  return opened?.record.answer ? opened.record : null;
}

/** Asked until the first call can no longer land; only then does silence mean that there is nothing. */
async function askChannel(
  deps: BookDeps,
  { touch }: FencedTouch,
  record: DeliveryRecord,
): Promise<Delivered | 'in-doubt' | 'unanswered'> {
  const channel = deps.channels.get(touch.channel);
  if (!channel) return REAPED;

  try {
    const answer = await channel.lookup(record);
    if (answer) return answer;
    return doubtMs(channel, record, deps.clock.now(), IN_FLIGHT_MS) > 0 ? 'in-doubt' : REAPED;
  } catch (error) {
    return isFinalFailure(error) || isGivenUp(touch, deps.clock.now()) ? UNKNOWN : 'unanswered';
  }
}

const UNKNOWN = { kind: 'refused', reason: 'UNKNOWN', retryable: false } as const;

const isGivenUp = ({ settleBy }: FencedTouch['touch'], now: number): boolean =>
  settleBy !== undefined && instantAt(settleBy, 'settleBy') + GIVE_UP_MS <= now;

const keepAnswer = (
  { stores }: BookDeps,
  { touchId, attempt, fence }: DeliveryRecord,
  answer: Delivered,
): Promise<void> =>
  stores.deliveries.answerMany([
    { touchId, attempt, ...(fence !== undefined && { fence }), answer },
  ]);

async function endOf(
  deps: BookDeps,
  fenced: FencedTouch,
  record: DeliveryRecord,
  answer: Delivered,
): Promise<FoundOfTouch> {
  switch (answer.kind) {
    case 'sent': {
      const { channelRef, deliveredAt } = answer;
      return { settled: 'sent', channelRef, deliveredAt: formatInstant(deliveredAt) };
    }
    case 'accepted': {
      const { channelRef, acceptedAt, parts } = answer;
      return { settled: 'sent', channelRef, acceptedAt: formatInstant(acceptedAt), parts };
    }
    case 'tasked': {
      const { contactId, touchId } = fenced.touch;
      const { channelRef } = answer;
      await deps.stores.touches.taskedMany([{ contactId, touchId, channelRef }]);
      return askTasked(deps, { ...fenced, touch: { ...fenced.touch, channelRef }, record });
    }
    case 'refused':
      if (answer.reason === REAPED.reason) return neverSent;
      if (answer.reason === UNKNOWN.reason) return released('unknown');
      return { settled: 'released', reason: { kind: 'refused', code: answer.reason } };
  }
}
