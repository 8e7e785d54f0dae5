// Offers and orders: what to suggest along the migration map, and placing an order exactly once.

import { CodedError } from '../rules/base/errors';
import { suggest } from '../rules/catalogue/catalogue';
import type { PlaceOrderInput, ReturnInput, Suggestion } from './contract';
import type { ActivityDeps, BookDeps, CallingRun } from './deps';
import type { PublishedVersions } from './published';

export async function suggestPlan(
  deps: ActivityDeps,
  published: PublishedVersions,
  contactId: string,
): Promise<Suggestion> {
  const [contact, catalogue] = await Promise.all([
    deps.stores.contacts.find(contactId),
    published.catalogue(),
  ]);
  if (!contact) throw new CodedError('NOT_FOUND', `contact ${contactId} does not exist`);

  // A plan picked by how somebody uses theirs is a personal offer.
  const isOff = contact.personalisation === false;
  const migration = isOff ? null : suggest(catalogue.body, contact);

  return {
    product: migration?.to ?? null,
    ...(contact.plan && { currentPlan: contact.plan.id }),
    ...(migration && { rule: migration.id }),
    ...(isOff && { rule: 'personalisation' }),
    catalogue: catalogue.ref,
  };
}

/** They are taken up like new ones, by whoever is to have them now. */
export async function returnAcceptances(
  { late }: Pick<BookDeps, 'late'>,
  { runId }: CallingRun,
  { contactId, acceptances }: ReturnInput,
): Promise<void> {
  const events = acceptances.map(({ eventId, at: occurredAt, ...data }) => ({
    type: 'offer-accepted' as const,
    eventId,
    contactId,
    occurredAt,
    data,
  }));
  await late.acceptances(events, runId);
}

/** Safe to repeat: the CRM knows the key, and answers with the order already placed. */
export async function placeOrder(deps: ActivityDeps, caller: CallingRun, input: PlaceOrderInput) {
  const placed = await deps.orderDesk.place(input);
  await deps.stores.orders.save({
    ...input,
    ...placed,
    workflowId: caller.workflowId,
    at: new Date(deps.clock.now()).toISOString(),
  });

  return placed;
}
