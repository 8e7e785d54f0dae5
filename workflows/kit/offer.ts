// An offer of a product: made once, and waited on until the customer has answered.

import type { ContactEvent } from '../../rules/journey/messages';
import type { EventKind, RunState } from './state';
import { type JourneyTouch, runTouch, type Subject, type TouchOutcome } from './touch';
import { waitForEvent } from './waits';
import type { Due } from './zone';

/** What a customer may say to an offer. */
export const ANSWERS = ['accepted', 'refused'] as const satisfies readonly EventKind[];
export type Answer = (typeof ANSWERS)[number];

/** A marketing touch for a product: pointless once the customer has bought it or has answered. */
export interface OfferTouch
  extends Omit<JourneyTouch, 'class' | 'unless' | 'product' | 'relevance'> {
  readonly product: string;
  /** Besides that the product is not bought yet. */
  readonly relevance?: JourneyTouch['relevance'];
}

/** An offer whose answer is waited for. */
export interface Offer extends OfferTouch {
  /** Asked once the offer is out. */
  readonly answerBy: () => Due;
}

export type OfferOutcome =
  | { readonly kind: 'answered'; readonly answer: Answer }
  | { readonly kind: 'no-answer' }
  /** Nobody confirmed it, or a late receipt said that it never reached the customer. */
  | { readonly kind: 'not-arrived' }
  | Extract<TouchOutcome, { kind: 'suppressed' }>;

/** Delivers the offer. From here on a purchase of its product ends the run as converted. */
export function deliverOffer(
  state: RunState,
  subject: Subject,
  { relevance = [], ...offer }: OfferTouch,
  isSuperseded?: () => boolean,
): Promise<TouchOutcome> {
  const { product } = offer;
  putOnOffer(state, product);

  const asked: JourneyTouch = {
    ...offer,
    class: 'marketing',
    relevance: [...relevance, { kind: 'not-bought', product }],
    unless: ANSWERS,
  };
  return runTouch(state, subject, asked, isSuperseded);
}

function putOnOffer(state: RunState, product: string): void {
  state.product = product;
  const isBought = state.events.some(
    (event) => event.kind === 'converted' && event.product === product,
  );
  if (isBought) state.ending ??= 'converted';
}

/**
 * Delivers the offer and waits for the answer. An offer that did not arrive is made again on another channel; when a late receipt
 * says that it did, the second one is given up and the answer to the first is waited for.
 */
export async function offerAndWait(
  state: RunState,
  subject: Subject,
  { answerBy, ...offer }: Offer,
): Promise<OfferOutcome> {
  const isSuperseded = () => arrivedAfterAll(state) !== undefined;
  const offered = await deliverOffer(state, subject, offer, isSuperseded);

  switch (offered.kind) {
    case 'overtaken':
      return { kind: 'answered', answer: answerOf(offered.by) };
    case 'sent':
    case 'tasked':
      return waitForAnswer(state, offered.touchId, answerBy());
    case 'unconfirmed':
    case 'suppressed': {
      const earlier = arrivedAfterAll(state);
      if (earlier !== undefined) return waitForAnswer(state, earlier, answerBy());
      return offered.kind === 'suppressed' ? offered : notArrived(state, offered.touchId);
    }
  }
}

/** An offer that was taken for lost, and was not. */
const arrivedAfterAll = ({ lostOffers, settled }: RunState): string | undefined =>
  lostOffers.find((touchId) => settled[touchId]?.settled === 'sent');

function notArrived(state: RunState, touchId: string): OfferOutcome {
  state.lostOffers.push(touchId);
  return { kind: 'not-arrived' };
}

/** The wait ends early when the offer is known not to have arrived. */
async function waitForAnswer(state: RunState, touchId: string, until: Due): Promise<OfferOutcome> {
  const answer = await waitForEvent(state, {
    kinds: ANSWERS,
    until,
    waitingFor: '客户答复 · the customer to answer',
    isPointless: () => state.settled[touchId]?.settled === 'released',
  });
  if (answer) return { kind: 'answered', answer: answerOf(answer) };

  const hasArrived = state.touches.some(
    (touch) => touch.touchId === touchId && touch.verdict === 'sent',
  );

  return hasArrived ? { kind: 'no-answer' } : notArrived(state, touchId);
}

/** @throws Error on an event that is no answer: a fault of this file, never to be taken for the customer's word */
function answerOf({ kind }: ContactEvent): Answer {
  if (kind === 'accepted' || kind === 'refused') return kind;
  throw new Error(`a ${kind} event answers no offer`);
}
