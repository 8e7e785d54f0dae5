// What a template may say of a contact: the variables, all taken from one read of the contact and the catalogue.

import type { Catalogue } from '../../rules/catalogue/catalogue';
import type { Variables } from '../../rules/catalogue/template';
import type { Contact } from '../../rules/contact/contact';

/** Unknown values are left out, so that a strict template refuses instead of sending a gap. */
export function variablesOf(contact: Contact, catalogue: Catalogue, product?: string): Variables {
  const nameOf = (id: string | undefined) => catalogue.products.find((each) => each.id === id);
  const plan = nameOf(contact.plan?.id);
  const offered = nameOf(product);
  const known = {
    name: contact.name,
    city: contact.city,
    planName: plan?.name,
    planFee: contact.plan?.fee,
    balanceFen: contact.facts?.balanceFen,
    billDueFen: contact.facts?.billDueFen,
    dataUsedPct: contact.facts?.dataUsedPct,
    productName: offered?.name,
    productFee: offered?.fee,
  };

  return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
}
