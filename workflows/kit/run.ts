// What a journey can do and know. Every wait ends the run when it was stopped, cancelled, or made pointless by the customer.

import type { JourneyFacts, Suggestion } from '../../activities/contract';
import { orderKey, orderKeyOfRun } from '../../rules/base/ids';
import type { ChannelName } from '../../rules/contact/contact';
import type { InputOf, JourneyKind } from '../../rules/journey/kinds';
import type { ContactEvent } from '../../rules/journey/messages';
import { waitingFor } from './details';
import { handOn } from './handOn';
import { now } from './now';
import {
  deliverOffer,
  type Offer,
  type OfferOutcome,
  type OfferTouch,
  offerAndWait,
} from './offer';
import { facts, placeOrder, suggestPlan } from './proxies';
import type { EventKind, RunState } from './state';
import { tagSpeaker } from './tag';
import { CancellationScope } from './temporal';
import { type JourneyTouch, runTouch, type Subject, type TouchOutcome } from './touch';
import { takeEvent, waitForEvent, waitUntilDue, waitWhilePaused } from './waits';
import { currentZone, type Due } from './zone';

export interface JourneyRun {
  /** The member the run speaks through. */
  readonly staffId?: string;
  /** False once the customer has closed the channel; for WeCom also when nobody is a friend. */
  speaks(channel: ChannelName): boolean;
  /** Milliseconds. */
  now(): number;
  /** IANA zone of the contact as it is now. Waits for a local time are given a function of it instead, and follow it. */
  zone(): Promise<string>;

  /** Asks the gate and delivers; sleeps through every hold and returns when the touch has come to its end. */
  touch(touch: JourneyTouch): Promise<TouchOutcome>;
  /** A touch that offers a product and waits for the answer. */
  offer(offer: Offer): Promise<OfferOutcome>;
  /** The same without waiting for the answer. */
  deliverOffer(offer: OfferTouch): Promise<TouchOutcome>;
  /** The outcome of the run: an acceptance counts once it is an order, placed once, whatever is retried. */
  conclude<O extends string>(outcome: O): Promise<O | 'ordered' | 'order-rejected'>;

  /** `waitingFor` is what an operator reads meanwhile. */
  waitUntil(due: Due, waitingFor: string): Promise<void>;
  /** The first event of these kinds, also one from before the wait; null when there was none until then. */
  waitFor(
    kinds: readonly EventKind[],
    until: Due,
    waitingFor: string,
    /** The touch that is answered: an event that names another one is not meant. */
    answering?: { readonly touchId: string },
  ): Promise<ContactEvent | null>;
  /** True when such an event has come and was not taken before. */
  happened(kind: EventKind): boolean;

  facts(): Promise<JourneyFacts>;
  /** The plan that suits the contact better than today's. */
  suggestPlan(): Promise<Suggestion>;
  /** Tags the relation with the member the run speaks through. */
  tag(tags: readonly string[]): Promise<void>;
  /** Begins another journey, which outlives this run. One that has begun before is left alone. */
  handOn<K extends JourneyKind>(journey: K, input: InputOf<K>): Promise<void>;
}

export function createRun(state: RunState, subject: Subject): JourneyRun {
  const { contactId } = subject;
  const { staffId } = state;

  return {
    ...(staffId !== undefined && { staffId }),
    speaks: (channel) =>
      !state.lost.includes(channel) && (channel !== 'wecom' || staffId !== undefined),
    now,
    zone: () => currentZone(state),

    touch: (touch) => runTouch(state, subject, touch),
    offer: (offer) => offerAndWait(state, subject, offer),
    deliverOffer: (offer) => deliverOffer(state, subject, offer),
    conclude: async (outcome) => (outcome === 'accepted' ? order(state, subject) : outcome),

    async waitUntil(due, waitingFor) {
      await waitUntilDue(state, () => false, waitingFor, due);
      await waitWhilePaused(state);
    },
    waitFor: (kinds, until, waitingFor, answering) =>
      waitForEvent(state, { kinds, until, waitingFor, fits: isAnswerTo(answering?.touchId) }),
    happened: (kind) => takeEvent(state, [kind]) !== null,

    facts: () => facts({ contactId }),
    suggestPlan: () => suggestPlan({ contactId }),
    tag: (tags) => tagSpeaker(state, tags),
    handOn,
  };
}

const isAnswerTo =
  (touchId: string | undefined) =>
  (event: ContactEvent): boolean =>
    event.acceptance !== undefined || // it was brought to the run that it answers
    touchId === undefined ||
    event.touchId === undefined ||
    event.touchId === touchId;

async function order(
  state: RunState,
  { contactId, runKey }: Subject,
): Promise<'ordered' | 'order-rejected'> {
  const { product, staffId, taken } = state;
  const acceptance = taken?.acceptance;
  if (product === undefined) throw new Error('nothing is on offer that could be ordered');

  await waitWhilePaused(state);

  const placing = () =>
    placeOrder({
      orderKey:
        acceptance === undefined
          ? orderKeyOfRun(runKey, product)
          : orderKey(contactId, product, acceptance),
      contactId,
      product,
      ...(staffId !== undefined && { staffId }),
    });
  const placed = await waitingFor(state, `CRM 受理 · the CRM to take ${product}`, () =>
    CancellationScope.nonCancellable(placing),
  );

  delete state.taken;

  return placed.state === 'rejected' ? 'order-rejected' : 'ordered';
}
