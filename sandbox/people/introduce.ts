// Meeting a customer of sopflow that the sandbox was never told of: sopflow's own card says who it is.

import type { Deps } from '../deps';
import { unionIdOf } from '../identity';
import type { Customer } from '../state';
import { oldFriends } from './friendship';
import { type CustomerCard, enrolCustomer } from './registry';

const TIMEOUT_MS = 5000;

interface Card extends Omit<CustomerCard, 'contactId'> {
  readonly relations?: readonly {
    readonly staffId: string;
    readonly externalUserId: string;
    readonly state: 'friend' | 'removed-by-customer' | 'removed-by-staff';
    readonly addedAt: string;
  }[];
  readonly facts?: Pick<
    CustomerCard,
    'balanceFen' | 'billDueFen' | 'dataUsedPct' | 'monthlySpendFen' | 'overDataMonths'
  >;
}

/**
 * Makes sure the sandbox knows the customer. A stranger is looked up in sopflow, and sopflow learns the union id by which WeCom
 * will name it, as an operator's own mini-program would tell it. Unknown there too, it is simply somebody new.
 */
export async function introduce(deps: Deps, contactId: string): Promise<Customer> {
  const known = deps.state.customers.get(contactId);
  if (known) return known;

  const card = await readCard(deps, contactId);
  if (card && card.unionId === undefined)
    await callApi(deps, 'PATCH', contactId, { unionId: unionIdOf(contactId) });

  return deps.tables.atomically(() => {
    const met = deps.state.customers.get(contactId);
    if (met) return met; // introduced meanwhile by another request

    const { name, phone, city, plan, unionId, relations = [], facts } = card ?? {};
    const externalUserId = relations[0]?.externalUserId;
    const customer = enrolCustomer(deps, {
      contactId,
      name,
      phone: wholePhone(phone),
      city,
      plan,
      unionId,
      externalUserId,
      ...facts,
    });

    for (const { staffId, state, addedAt } of relations)
      oldFriends(deps, contactId, staffId, { state, addedAt: Date.parse(addedAt) });

    return customer;
  });
}

async function readCard(deps: Deps, contactId: string): Promise<Card | null> {
  const answer = await callApi(deps, 'GET', contactId);
  if (!answer?.ok) return null;
  const { contact } = (await answer.json()) as { contact: Card }; // the API's own contract
  return contact;
}

/** Null when sopflow cannot be reached: the customer is then somebody new. */
async function callApi(
  deps: Deps,
  method: 'GET' | 'PATCH',
  contactId: string,
  body?: unknown,
): Promise<Response | null> {
  const sopflow = deps.sopflow();
  if (!sopflow) return null;

  const headers = { authorization: `Bearer ${sopflow.key}`, 'content-type': 'application/json' };
  try {
    return await fetch(`${sopflow.url}/api/v1/contacts/${encodeURIComponent(contactId)}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch {
    return null;
  }
}

/** As the carrier knows it; a masked phone is none. */
const wholePhone = (phone: string | undefined): string | undefined =>
  /^(?:\+86)?(\+?\d+)$/.exec(phone ?? '')?.[1];
