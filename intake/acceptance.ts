// One acceptance, one order: it goes to the run whose offer it answers, the others end, and what no run takes is ordered by rule or
// waits for a person.

import { CodedError } from '../rules/base/errors';
import { orderKey } from '../rules/base/ids';
import { mapInParallel } from '../rules/base/mapInParallel';
import { allTouchesOf, type Contact, type KeptTouch } from '../rules/contact/contact';
import type { CustomerEvent } from '../rules/event/event.schema';
import { fateOfUntaken, offersAnswered } from '../rules/journey/acceptance';
import { journeyKind } from '../rules/journey/kinds';
import type { IntakeDeps } from './deps';

export type Acceptance = Extract<CustomerEvent, { readonly type: 'offer-accepted' }>;

/** Repeats are harmless: who has taken it takes it once, and the CRM knows the key. */
export async function takeAcceptance(
  deps: IntakeDeps,
  contact: Contact,
  event: Acceptance,
): Promise<void> {
  const { product, touchId } = event.data;
  const offers = offersAnswered(allTouchesOf(contact), product, touchId);

  for (const offer of offers) {
    const taker = await takerOf(deps, contact, event, offer);
    if (taker !== null) return overtakeOthers(deps, event, taker);
  }

  const isTaken = offers.length === 0 && (await giveToAll(deps, event));
  if (!isTaken) await settleUntaken(deps, contact, event, offers[0]);
}

/** The run that has taken it, or had and has ordered; null: it has ended without. */
async function takerOf(
  { stores, engine }: IntakeDeps,
  { contactId }: Contact,
  { data: { product }, eventId, occurredAt: at }: Acceptance,
  { touchId }: KeptTouch,
): Promise<string | null> {
  const workflowId = (await stores.deliveries.find(touchId))?.workflowId;
  if (workflowId === undefined) return null;
  if (await stores.orders.find(orderKey(contactId, product, touchId))) return workflowId;

  const body = { kind: 'accepted', at, product, touchId, acceptance: touchId, eventId } as const;
  return (await engine.signal(workflowId, { signal: 'contact', body })) ? workflowId : null;
}

async function overtakeOthers(
  { stores, engine }: IntakeDeps,
  { contactId, data: { product }, occurredAt: at }: Acceptance,
  taker: string,
): Promise<void> {
  const running = await stores.runs.runningOf([contactId]);
  const others = running.filter(({ workflowId }) => workflowId !== taker);

  await mapInParallel(others, ({ workflowId }) =>
    engine.signal(workflowId, { signal: 'contact', body: { kind: 'overtaken', at, product } }),
  );
}

/** Nothing has gone out yet, but a run may be about to offer it: whoever does orders under the same key. */
async function giveToAll(
  { stores, engine }: IntakeDeps,
  { contactId, data: { product }, eventId, occurredAt: at }: Acceptance,
): Promise<boolean> {
  if (await stores.orders.find(orderKey(contactId, product, eventId))) return true;

  const running = await stores.runs.runningOf([contactId]);
  const mayOffer = running.filter(({ journey }) => !journeyKind(journey).takesOwnAnswersOnly);
  const body = { kind: 'accepted', at, product, acceptance: eventId, eventId } as const;
  const told = await mapInParallel(mayOffer, ({ workflowId }) =>
    engine.signal(workflowId, { signal: 'contact', body }),
  );
  return told.includes(true);
}

/** @throws CodedError NOT_FOUND for one that a person has to look at: the inbox keeps it, parked. */
async function settleUntaken(
  { stores, engine }: IntakeDeps,
  { contactId }: Contact,
  event: Acceptance,
  offer: KeptTouch | undefined,
): Promise<void> {
  const { product } = event.data;
  const delivery = offer && (await stores.deliveries.find(offer.touchId));
  const run = delivery ? await stores.runs.find(delivery.workflowId) : null;
  const orders = await stores.orders.list({ contactId, limit: ORDERS });

  const fate = fateOfUntaken({
    at: event.occurredAt,
    offer,
    ...(run?.outcome !== undefined && { outcome: run.outcome }),
    orderedAt: orders
      .filter((order) => order.product === product && order.state !== 'rejected')
      .map(({ at }) => at),
  });
  if (fate !== 'order')
    throw new CodedError(
      'NOT_FOUND',
      `the acceptance of ${product} by ${contactId} was taken by no run: ${fate}`,
      [{ path: 'data.product', message: fate, value: product }],
    );

  await engine.placeOrder({
    version: 1,
    orderKey: orderKey(contactId, product, offer?.touchId ?? event.eventId),
    contactId,
    product,
    ...(delivery?.staffId !== undefined && { staffId: delivery.staffId }),
  });
}

/** Of one customer, more than anybody has. */
const ORDERS = 500;
