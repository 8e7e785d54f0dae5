// Reservations that were found, not made: a crash, or a channel that asked to wait, lies between. The channel's own record comes
// first; where it never took the touch the gate is asked again, for the pass may be hours old.

import type { Channel } from '../../ports/channel';
import type { DeliveryRecord } from '../../ports/deliveries';
import { mapInParallel } from '../../rules/base/mapInParallel';
import { isFinalFailure, tryLater } from '../failures';
import { deliver, handOver } from './deliver';
import { doubtMs, mayStillLand } from './doubt';
import { type ClosedTouch, nowOf, type ReservedTouch, type TouchContext } from './path';
import { judge } from './question';
import type { DeliveryRequest } from './request';
import { type Answered, type Release, release, settle, settleAnswered } from './settle';

/** A touch handed over past its deadline would be open although nobody expects it to be: it is asked anew, with a new one. */
const PAST_DEADLINE = 'deadline';

/** What became of a reservation while nobody looked. */
type Found =
  /** The channel's answer was kept already. */
  | { readonly kind: 'answered'; readonly answered: Answered }
  /** The channel took it, and says how it went. */
  | { readonly kind: 'taken'; readonly answered: Answered }
  /** The channel never took it; without a request there is no record either. */
  | { readonly kind: 'unsent'; readonly touch: ReservedTouch; readonly request?: DeliveryRequest }
  | { readonly kind: 'failed'; readonly closed: ClosedTouch };

export async function resume(
  context: TouchContext,
  reserved: readonly ReservedTouch[],
): Promise<readonly ClosedTouch[]> {
  if (reserved.length === 0) return [];

  const found = await lookUp(context, reserved);
  const failed = found.flatMap((each) => (each.kind === 'failed' ? [each.closed] : []));
  const settled = await settleAnswered(context, answersOf(found, 'answered'));
  const taken = await settle(context, answersOf(found, 'taken'));

  const unsent = found.filter((each) => each.kind === 'unsent');
  return [...failed, ...settled, ...taken, ...(await sendNow(context, unsent))];
}

const answersOf = (found: readonly Found[], kind: 'answered' | 'taken'): readonly Answered[] =>
  found.flatMap((each) => (each.kind === kind ? [each.answered] : []));

async function lookUp(
  context: TouchContext,
  reserved: readonly ReservedTouch[],
): Promise<readonly Found[]> {
  const ids = reserved.map(({ kept }) => kept.touchId);
  const records = await context.deps.stores.deliveries.findMany(ids);
  const known = new Map(records.map((record) => [record.touchId, record]));

  return mapInParallel(reserved, (touch) =>
    askChannel(context, touch, known.get(touch.kept.touchId)),
  );
}

async function askChannel(
  { deps }: TouchContext,
  touch: ReservedTouch,
  latest: DeliveryRecord | undefined,
): Promise<Found> {
  const record = latest?.attempt === touch.kept.attempt ? latest : undefined;
  if (record?.answer)
    return { kind: 'answered', answered: { touch, record, answer: record.answer } };

  const channel = deps.channels.get(touch.asked.channel);
  if (!record || !channel) return { kind: 'unsent', touch };

  try {
    const answer = await channel.lookup(record);
    if (answer) return { kind: 'taken', answered: { touch, record, answer } };

    const waitMs = doubtMs(channel, record, deps.clock.now());
    if (waitMs > 0) throw mayStillLand(channel, record, waitMs);
    const isSaid = touch.asked.withdrawnText === undefined;
    // Words that were withdrawn meanwhile are not handed over again.
    return { kind: 'unsent', touch, ...(isSaid && { request: { touch, record, channel } }) };
  } catch (failure) {
    const stillOpen = isFinalFailure(failure) ? noAnswer(channel, record) : failure;
    return { kind: 'failed', closed: { place: touch.place, failure: stillOpen } };
  }
}

/** The question was refused, not the touch: it is asked again, until the reaper ends what nobody can answer. */
const noAnswer = ({ name }: Channel, { touchId }: DeliveryRecord) =>
  tryLater('IN_DOUBT', `${name} refuses to say whether it has touch ${touchId}; it is asked again`);

type Unsent = Extract<Found, { readonly kind: 'unsent' }>;

/** Held means decided again: what no longer passes is released, the rest goes out. */
async function sendNow(
  context: TouchContext,
  unsent: readonly Unsent[],
): Promise<readonly ClosedTouch[]> {
  const at = nowOf(context);
  const decided: { readonly each: Unsent; readonly heldBy: string | null }[] = [];

  for (const each of unsent) decided.push({ each, heldBy: await heldBy(context, each.touch, at) });

  const releases = decided.flatMap(({ each, heldBy: rule }): Release[] => {
    if (rule === null) return [];
    return [{ touch: each.touch, reason: { kind: 'held', rule } }];
  });

  const passed = decided.flatMap(({ each, heldBy: rule }) => (rule === null ? [each] : []));

  const released = await release(context, releases);
  const delivered = await deliver(
    context,
    passed.flatMap(({ touch, request }) => (request ? [] : [touch])),
  );
  const handedOver = await handOver(
    context,
    passed.flatMap(({ request }) => request ?? []),
  );
  const settled = await settle(context, [...delivered.answered, ...handedOver.answered]);

  return [...released, ...delivered.closed, ...handedOver.closed, ...settled];
}

/** The rule that keeps the touch back; null: it passes. Past its deadline a reservation says nothing to those who count it. */
async function heldBy(
  context: TouchContext,
  { asked, contact, kept }: ReservedTouch,
  at: string,
): Promise<string | null> {
  if (kept.settleBy !== undefined && kept.settleBy <= at) return PAST_DEADLINE;

  const policy = await context.published.policyFor(contact.city, at);
  const { decision } = await judge(context, asked, contact, policy, at);
  const { rule, reason, verdict } = decision;
  return verdict === 'pass' ? null : (rule ?? reason ?? verdict);
}
