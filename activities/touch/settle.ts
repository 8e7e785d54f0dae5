// The last step of a touch: what the channel answered becomes the end of the reservation, or a task for staff.

import type { Delivered } from '../../ports/channel';
import type { DeliveryRecord } from '../../ports/deliveries';
import { isBlacklisted } from '../../rules/contact/blacklist';
import type { Speaking } from '../../rules/contact/fences';
import type { SettlementReason } from '../../rules/contact/settlementReason';
import { formatInstant } from '../../rules/time/instant';
import { recallWords } from '../massSend/rewording';
import { wakeAfterEnd } from '../wake';
import { refusedForNow } from './doubt';
import { followTasked } from './follow';
import { type ClosedTouch, nowOf, type ReservedTouch, type TouchContext } from './path';
import { answerOfKept, deadlineOfKept, verdictOfRelease } from './verdict';
import { wakeOthers } from './wakeOthers';

/** A touch with the channel's answer. */
export interface Answered {
  readonly touch: ReservedTouch;
  readonly record: DeliveryRecord;
  readonly answer: Delivered;
}

export interface Release {
  readonly touch: ReservedTouch;
  readonly reason: SettlementReason;
}

/** Parts what is closed from what goes on. */
export function partition<Open extends object>(
  results: readonly (Open | ClosedTouch)[],
): { readonly closed: readonly ClosedTouch[]; readonly open: readonly Open[] } {
  const isClosed = (result: Open | ClosedTouch): result is ClosedTouch => 'place' in result;
  return {
    closed: results.filter(isClosed),
    open: results.filter((result): result is Open => !isClosed(result)),
  };
}

/** Keeps final answers of the channel, then ends the reservations by them. "Not now" is not final: the reservation waits for the next try. */
export async function settle(
  context: TouchContext,
  answered: readonly Answered[],
): Promise<readonly ClosedTouch[]> {
  const { closed, open: final } = partition(answered.map(closedForNow));
  const { deliveries } = context.deps.stores;
  await deliveries.notTakenMany(answered.filter(isForNow).map(({ record }) => record));
  if (final.length === 0) return closed;

  await deliveries.answerMany(
    final.map(({ record: { touchId, attempt, fence }, answer }) => ({
      touchId,
      attempt,
      ...(fence !== undefined && { fence }),
      answer,
    })),
  );

  return [...closed, ...(await settleAnswered(context, final))];
}

const isForNow = ({ answer }: Answered): boolean => answer.kind === 'refused' && answer.retryable;

function closedForNow(answered: Answered): Answered | ClosedTouch {
  const { answer, touch, record } = answered;
  if (answer.kind !== 'refused' || !answer.retryable) return answered;

  return { place: touch.place, failure: refusedForNow(record.channel, answer) };
}

/** By kind of answer, each kind in one write. The answers are kept already. */
export async function settleAnswered(
  context: TouchContext,
  answered: readonly Answered[],
): Promise<readonly ClosedTouch[]> {
  const tasked = await settleTasked(context, answered);
  const sent = await settleSent(context, answered);
  const accepted = await settleAccepted(context, answered);

  await blockBarredNumbers(context, answered);
  const refused = answered.flatMap(({ touch, answer }): Release[] => {
    if (answer.kind !== 'refused') return [];
    return [{ touch, reason: { kind: 'refused', code: answer.reason } }];
  });

  return [...tasked, ...sent, ...accepted, ...(await release(context, refused))];
}

async function settleTasked(
  context: TouchContext,
  answered: readonly Answered[],
): Promise<readonly ClosedTouch[]> {
  const tasked = answered.flatMap(({ touch, record, answer }) =>
    answer.kind === 'tasked' ? [{ touch, record, channelRef: answer.channelRef }] : [],
  );
  if (tasked.length === 0) return [];

  await context.deps.stores.touches.taskedMany(
    tasked.map(({ touch, record: { contactId, touchId }, channelRef }) => ({
      contactId,
      touchId,
      channelRef,
      by: speaking(touch),
    })),
  );
  await followTasked(context, tasked);
  // Withdrawn since the words were chosen: whoever recalled the open tasks may not have seen these.
  await recallWords(
    context.deps,
    context.published,
    tasked.map(({ record, channelRef: openTask }) => ({ ...record, openTask })),
  );

  return tasked.map(({ touch, channelRef }) => {
    const deadline = deadlineOfKept(touch.kept, touch.asked);
    return { place: touch.place, verdict: { verdict: 'tasked', channelRef, deadline } };
  });
}

async function settleSent(
  context: TouchContext,
  answered: readonly Answered[],
): Promise<readonly ClosedTouch[]> {
  const at = nowOf(context);
  const sent = answered.flatMap(({ touch, record: { contactId, touchId }, answer }) => {
    if (answer.kind !== 'sent') return [];
    const { channelRef } = answer;
    const deliveredAt = formatInstant(answer.deliveredAt);
    const settled = 'sent' as const;
    const by = speaking(touch);
    const settlement = { contactId, touchId, settled, channelRef, deliveredAt, at, by };
    return [{ touch, settlement }];
  });
  if (sent.length === 0) return [];

  await context.deps.stores.touches.settleMany(sent.map(({ settlement }) => settlement));
  await wakeOthers(
    context,
    sent.map(({ touch }) => touch),
  );

  return sent.map(({ touch, settlement: { channelRef, deliveredAt } }) => ({
    place: touch.place,
    verdict: { verdict: 'sent', channelRef, at: deliveredAt },
  }));
}

/** A receipt may have been faster than this: then the touch is what the receipts say, and the document has the last word. */
async function settleAccepted(
  context: TouchContext,
  answered: readonly Answered[],
): Promise<readonly ClosedTouch[]> {
  const at = nowOf(context);
  const accepted = answered.flatMap(({ touch, record: { contactId, touchId }, answer }) => {
    if (answer.kind !== 'accepted') return [];
    const { channelRef, parts } = answer;
    const acceptedAt = formatInstant(answer.acceptedAt);
    const settled = 'sent' as const;
    const told = { settled, channelRef, acceptedAt, parts, at };
    return [{ touch, settlement: { contactId, touchId, ...told, by: speaking(touch) } }];
  });
  if (accepted.length === 0) return [];

  const { touches, contacts } = context.deps.stores;
  await touches.settleMany(accepted.map(({ settlement }) => settlement));
  await wakeOthers(
    context,
    accepted.map(({ touch }) => touch),
  );

  const read = await contacts.findKept(accepted.map(({ settlement }) => settlement.contactId));
  const kept = new Map(
    read.flatMap((contact) => contact.touches).map((each) => [each.touchId, each]),
  );

  return accepted.map(({ touch }) => {
    const after = kept.get(touch.asked.touchId) ?? touch.kept;
    return { place: touch.place, verdict: answerOfKept(after, touch.asked) };
  });
}

/** Kept before the slot is freed, so that nobody tries the same number again: the carrier lets no text reach it. */
async function blockBarredNumbers(
  { deps }: TouchContext,
  answered: readonly Answered[],
): Promise<void> {
  for (const { record, answer } of answered) {
    if (answer.kind !== 'refused' || !isBlacklisted(answer.reason)) continue;
    const block = { channel: record.channel, reason: answer.reason };
    await deps.stores.contacts.block(record.contactId, block);
  }
}

/** Whose word it is: that of an overtaken execution counts no more. */
const speaking = ({ asked: { attempt }, fence }: ReservedTouch): Speaking => ({ attempt, fence });

/** Gives the slots back: caps and gaps alike may have held something behind them. */
export async function release(
  context: TouchContext,
  releases: readonly Release[],
): Promise<readonly ClosedTouch[]> {
  if (releases.length === 0) return [];

  const at = nowOf(context);
  await context.deps.stores.touches.settleMany(
    releases.map(({ touch, reason }) => ({
      contactId: touch.contact.contactId,
      touchId: touch.asked.touchId,
      settled: 'released',
      reason,
      at,
      by: speaking(touch),
    })),
  );
  await wakeAfterEnd(
    context.deps,
    releases.map(({ touch }) => touch.contact.contactId),
  );

  return releases.map(({ touch, reason }) => ({
    place: touch.place,
    verdict: verdictOfRelease(reason, at),
  }));
}
