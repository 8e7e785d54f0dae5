// The contact an inbox item is about, and what is learnt of it in the same words from every source.

import { CodedError } from '../rules/base/errors';
import type { Contact } from '../rules/contact/contact';
import type { IntakeDeps } from './deps';

/** @throws CodedError NOT_FOUND: the item can never be taken. */
export async function knownContact(
  { stores }: Pick<IntakeDeps, 'stores'>,
  contactId: string,
): Promise<Contact> {
  const contact = await stores.contacts.find(contactId);
  if (!contact) throw new CodedError('NOT_FOUND', `contact ${contactId} does not exist`);
  return contact;
}

/** A product the customer now has: a plan replaces the old one, anything else joins the list once. */
export async function acquire(
  { stores }: Pick<IntakeDeps, 'stores'>,
  contact: Contact,
  productId: string,
): Promise<void> {
  const catalogue = await stores.catalogues.current('default');
  const product = catalogue?.body.products.find(({ id }) => id === productId);
  if (product?.kind === 'plan') {
    await stores.contacts.patch(contact.contactId, { plan: { id: product.id, fee: product.fee } });
    return;
  }

  const products = contact.facts?.products ?? [];
  if (!products.includes(productId))
    await stores.contacts.learn(contact.contactId, { products: [...products, productId] });
}

/** The customer said something: later words never count as earlier ones. */
export async function heard(
  { stores }: Pick<IntakeDeps, 'stores'>,
  contact: Contact,
  at: string,
): Promise<void> {
  const before = contact.facts?.lastSpokeAt;
  if (before === undefined || before < at)
    await stores.contacts.learn(contact.contactId, { lastSpokeAt: at });
}
