// A channel that behaves as scripted and remembers what it took, as a provider's own record does.

import type { Channel, Delivered, Delivery } from '../../ports/channel';
import { CodedError } from '../../rules/base/errors';
import type { ChannelName } from '../../rules/contact/contact';

/** Hands over one delivery. @throws when the outcome is unknown */
export async function deliverOne(channel: Channel, delivery: Delivery): Promise<Delivered> {
  const [result] = await channel.deliverMany([delivery], () => false);
  if (result?.status === 'fulfilled') return result.value;
  throw result?.reason;
}

/** What happens to the next delivery; when the script is used up, `send`. */
export type Act =
  | 'send'
  | 'task'
  /** Taken, with receipts to follow. */
  | 'accept'
  | 'throttle'
  | 'time-out-before'
  | 'time-out-after-accepting'
  | { readonly refuse: string };

export interface ScriptedChannel extends Channel {
  /** Everything the provider took, once per acceptance: two entries of one touch are a repeat. */
  readonly book: Delivery[];
  readonly calls: { deliver: number; lookup: number };
}

const timedOut = () => new CodedError('UNAVAILABLE', 'no answer in time');

const MADE: Readonly<Record<string, 'tasked' | 'accepted'>> = {
  task: 'tasked',
  accept: 'accepted',
};

function answerOf(
  kind: 'sent' | 'tasked' | 'accepted',
  channelRef: string,
  { askedAt }: Delivery,
): Delivered {
  switch (kind) {
    case 'tasked':
      return { kind, channelRef };
    case 'accepted':
      return { kind, channelRef, acceptedAt: askedAt, parts: 1 };
    case 'sent':
      return { kind, channelRef, deliveredAt: askedAt };
  }
}

export function scriptedChannel(
  name: ChannelName,
  script: readonly Act[] = [],
  kind: 'sent' | 'tasked' = 'sent',
): ScriptedChannel {
  const acts = [...script];
  const book: Delivery[] = [];
  const taken = new Map<string, Delivered>();
  /** What a provider refuses for good it refuses again. */
  const refused = new Map<string, Delivered>();
  const calls = { deliver: 0, lookup: 0 };

  function accept(delivery: Delivery, as: 'sent' | 'tasked' | 'accepted'): Delivered {
    book.push(delivery);
    const channelRef = `${name}-${book.length}`;
    const answer = answerOf(as, channelRef, delivery);
    taken.set(delivery.touchId, answer);
    return answer;
  }

  async function deliver(delivery: Delivery): Promise<Delivered> {
    calls.deliver++;
    const before = refused.get(delivery.touchId);
    if (before) return before;

    const act = acts.shift() ?? 'send';
    if (typeof act === 'object') {
      const refusal: Delivered = { kind: 'refused', reason: act.refuse, retryable: false };
      refused.set(delivery.touchId, refusal);
      return refusal;
    }
    if (act === 'throttle')
      return { kind: 'refused', reason: '45009', retryable: true, retryAfterMs: 1 };
    if (act === 'time-out-before') throw timedOut();

    const answer = accept(delivery, MADE[act] ?? kind);
    if (act === 'time-out-after-accepting') throw timedOut();
    return answer;
  }

  return {
    name,
    maxBytes: 4000,
    book,
    calls,
    deliverMany: (deliveries) => Promise.allSettled(deliveries.map(deliver)),
    async lookup(delivery) {
      calls.lookup++;
      return taken.get(delivery.touchId) ?? null;
    },
  };
}
