// Whose item it is: the lane of the customer, under whatever name the item knows him.

import type { SystemCallback, WecomCallback } from '../ports/callbacks';
import type { Alias } from '../ports/contacts';
import type { Inbound } from '../ports/inbox';
import type { Stores } from '../ports/stores';
import type { Contact } from '../rules/contact/contact';
import { normalisePhone } from '../rules/contact/phone';
import { contactIdOfWecom, laneOf } from './inbound';

export type CustomerStores = Pick<Stores, 'contacts' | 'deliveries'>;

/**
 * The item in the lane of its customer, if he is known by now. Until then it stands in one of its own name; whatever comes
 * under that name later waits for it there.
 */
export async function inCustomersLane(stores: CustomerStores, item: Inbound): Promise<Inbound> {
  const contactId = await customerOf(stores, item);
  if (contactId === null || laneOf(contactId) === item.lane) return item;

  return { ...item, lane: laneOf(contactId), behind: item.lane };
}

/** Lanes that hold what was heard of a customer, under whatever name he was known then. */
export function lanesOfCustomer({ contactId, phone, relations = [] }: Contact): readonly string[] {
  const customers = new Set(relations.map(({ externalUserId }) => externalUserId));
  return [
    laneOf(contactId),
    ...(phone === undefined ? [] : [`phone/${phone}`]),
    ...[...customers].map((id) => laneOf(contactIdOfWecom(id))),
  ];
}

/** Null: nobody known, or the item names the customer by his own id. */
async function customerOf(
  { contacts, deliveries }: CustomerStores,
  { kind, payload }: Pick<Inbound, 'kind' | 'payload'>,
): Promise<string | null> {
  if (kind === 'wecom') {
    const { externalUserId: value } = payload as Partial<Extract<WecomCallback, { kind: 'other' }>>;
    return value === undefined ? null : await onlyHolder(contacts, 'externalUserId', value);
  }

  if (kind !== 'sms') return null;

  const callback = payload as Partial<SystemCallback>;
  if (callback.type === 'upstream' && callback.phone !== undefined)
    return await onlyHolder(contacts, 'phone', keptForm(callback.phone));
  if (callback.type === 'receipt' && callback.clientMessageId !== undefined)
    return (await deliveries.find(callback.clientMessageId))?.contactId ?? null;
  return null;
}

/** What comes under a name that several have stays in the lane of the name. */
async function onlyHolder(
  contacts: CustomerStores['contacts'],
  kind: Alias['kind'],
  value: string,
): Promise<string | null> {
  const [first, ...others] = await contacts.idsByAlias({ kind, value });
  return first !== undefined && others.length === 0 ? first : null;
}

/** Items that an earlier version put in have eleven digits. */
function keptForm(phone: string): string {
  const read = normalisePhone(phone);
  return 'phone' in read ? read.phone : phone;
}
