// Customers and staff as the simulated systems know them; a person first heard of is made up on the spot.

import type { Deps } from '../deps';
import { externalUserIdOf, unionIdOf } from '../identity';
import type { Customer, Staff } from '../state';

/** What may be told of a customer; the rest is made up. */
export type CustomerCard = { readonly [field in keyof Customer]?: Customer[field] | undefined } & {
  readonly contactId: string;
};

export function customerOf(deps: Deps, contactId: string): Customer {
  return deps.state.customers.get(contactId) ?? enrolCustomer(deps, { contactId });
}

/** Adds a customer, or corrects what is known of one. */
export function enrolCustomer(deps: Deps, card: CustomerCard): Customer {
  const known = deps.state.customers.get(card.contactId);
  const told = Object.fromEntries(Object.entries(card).filter(([, value]) => value !== undefined));
  const customer: Customer = {
    externalUserId: externalUserIdOf(card.contactId),
    unionId: unionIdOf(card.contactId),
    balanceFen: 0,
    billDueFen: 0,
    dataUsedPct: 0,
    monthlySpendFen: 0,
    overDataMonths: 0,
    products: [],
    smsRefused: false,
    ...known,
    ...told,
    contactId: card.contactId,
  };
  deps.state.customers.set(customer.contactId, customer);

  return customer;
}

export function changeCustomer(deps: Deps, contactId: string, change: Partial<Customer>): Customer {
  return enrolCustomer(deps, { ...change, contactId });
}

export function staffOf(deps: Deps, staffId: string): Staff {
  return deps.state.staff.get(staffId) ?? enrolStaff(deps, { staffId });
}

export function enrolStaff(
  deps: Deps,
  card: { readonly [field in keyof Staff]?: Staff[field] | undefined } & {
    readonly staffId: string;
  },
): Staff {
  const told = Object.fromEntries(Object.entries(card).filter(([, value]) => value !== undefined));
  const staff: Staff = {
    state: 'active',
    ignores: false,
    consoleWelcome: false,
    ...deps.state.staff.get(card.staffId),
    ...told,
    staffId: card.staffId,
  };
  deps.state.staff.set(staff.staffId, staff);
  return staff;
}
