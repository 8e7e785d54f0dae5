// The contact an inbox item is about, and what is learnt of it in the same words from every source.

import type { Stores } from '../ports/stores';
import { CodedError } from '../rules/base/errors';
import type { Contact, Plan } from '../rules/contact/contact';
import type { DatedFact, FactTime } from '../rules/contact/facts';
import type { IntakeDeps } from './deps';

/** @throws CodedError NOT_FOUND: the item can never be taken. */
export async function knownContact(
  { stores }: { readonly stores: Pick<Stores, 'contacts'> },
  contactId: string,
): Promise<Contact> {
  return present(contactId, await stores.contacts.find(contactId));
}

function present(contactId: string, contact: Contact | null): Contact {
  if (!contact) throw new CodedError('NOT_FOUND', `contact ${contactId} does not exist`);
  return contact;
}

/**
 * Learns facts of one time, each unless a later one is known; the contact as he is known then.
 * @throws CodedError NOT_FOUND
 */
export async function learnFacts(
  deps: Pick<IntakeDeps, 'stores'>,
  contactId: string,
  told: readonly DatedFact[],
): Promise<Contact> {
  const { contacts } = deps.stores;
  const plan = told.find(({ name }) => name === 'plan');
  const [first, ...more] = told.filter((fact) => fact !== plan);

  if (plan) await contacts.patch(contactId, { plan: plan.value as Plan }, plan.time);
  if (first) {
    const facts = [first, ...more].map(({ name, value }) => [name, value]);
    return present(
      contactId,
      await contacts.learn(contactId, Object.fromEntries(facts), first.time),
    );
  }
  return await knownContact(deps, contactId);
}

/** True when this event is what a fact is known from: nothing later was told of. */
export const isKnownFrom = ({ factTimes }: Contact, name: string, eventId: string): boolean =>
  factTimes?.[name]?.eventId === eventId;

/** A product that the customer has bought: a plan replaces the old one, anything else joins the list once. */
export async function acquire(
  deps: Pick<IntakeDeps, 'stores'>,
  contactId: string,
  productId: string,
  time: FactTime,
): Promise<Contact> {
  const { catalogues, contacts } = deps.stores;
  const catalogue = await catalogues.current('default');
  const product = catalogue?.body.products.find(({ id }) => id === productId);
  if (product?.kind === 'plan') {
    const { id, fee } = product;
    return await learnFacts(deps, contactId, [{ name: 'plan', value: { id, fee }, time }]);
  }

  await contacts.addPurchase(contactId, { product: productId, at: time.asOf });
  return await knownContact(deps, contactId);
}

/** True when the customer has the product, as far as is known. */
export const hasProduct = ({ plan, facts }: Contact, productId: string): boolean =>
  plan?.id === productId || (facts?.products ?? []).includes(productId);

/** The customer said something at an instant (UTC). */
export async function heard(
  { stores }: Pick<IntakeDeps, 'stores'>,
  { contactId }: Contact,
  asOf: string,
  eventId: string,
): Promise<void> {
  await stores.contacts.learn(contactId, { lastSpokeAt: asOf }, { asOf, eventId });
}
