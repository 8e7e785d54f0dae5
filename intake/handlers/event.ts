// Events of customers: facts are learnt, opportunities fire, and running journeys hear what concerns them.

import type { Address } from '../../ports/addresses';
import type { Inbound } from '../../ports/inbox';
import type { Contact } from '../../rules/contact/contact';
import type { CustomerEvent } from '../../rules/journey/event.schema';
import {
  OVERAGE_COOLDOWN_HOURS,
  OVERAGE_TRIGGER,
  usageOpportunity,
} from '../../rules/journey/opportunity';
import { formatInstant } from '../../rules/time/instant';
import { takeAcceptance } from '../acceptance';
import { takeAnswer } from '../answers';
import { acquire, heard, knownContact } from '../contact';
import type { IntakeDeps } from '../deps';
import { launch, signalRuns } from '../launch';

type Of<Type extends CustomerEvent['type']> = Extract<CustomerEvent, { readonly type: Type }>;

const NO_CATALOGUE = { products: [], migrations: [] };

export async function handleEvent(
  deps: IntakeDeps,
  event: CustomerEvent,
  { key, receivedAt }: Pick<Inbound, 'key' | 'receivedAt'>,
): Promise<void> {
  const contact = await knownContact(deps, event.contactId);
  const { contactId, occurredAt: at } = event;
  const { contacts } = deps.stores;

  switch (event.type) {
    // An offer is judged by when we heard of its occasion, however long processing took.
    case 'usage':
      return usage(deps, contact, event, receivedAt);
    case 'bill':
      return bill(deps, contact, event);
    case 'bill-paid':
      await contacts.learn(contactId, { billDueFen: 0 });
      return signalRuns(deps, contactId, { kind: 'bill-paid', at });
    case 'offer-accepted':
      return takeAcceptance(deps, contact, event);
    case 'offer-refused':
      return signalRuns(deps, contactId, { kind: 'refused', at, ...event.data });
    case 'customer-message':
      return message(deps, contact, event, { key, receivedAt });
    case 'plan-changed':
      await contacts.patch(contactId, { plan: event.data.plan });
      return signalRuns(deps, contactId, { kind: 'converted', at, product: event.data.plan.id });
    case 'purchase':
      await acquire(deps, contact, event.data.product);
      return signalRuns(deps, contactId, { kind: 'converted', at, product: event.data.product });
    case 'complaint':
      await complaint(deps, contactId, event);
      return signalRuns(deps, contactId, { kind: 'opted-out', at, ...event.data });
  }
}

/** What the customer wrote in WeCom is read for a refusal, and goes no further. */
async function message(
  deps: IntakeDeps,
  contact: Contact,
  { contactId, occurredAt: at, data }: Of<'customer-message'>,
  { key: item, receivedAt }: Pick<Inbound, 'key' | 'receivedAt'>,
): Promise<void> {
  const { text, ...about } = data;
  const heardAt = { at, receivedAt: formatInstant(receivedAt) };
  const from = { channel: 'wecom', source: 'wecom-chat', address: chatOf(contact, data) } as const;
  const refusal =
    text === undefined ? 'no' : await takeAnswer(deps, { item, text, ...from, ...heardAt });

  await heard(deps, contact, at);
  if (refusal === 'no')
    await signalRuns(deps, contactId, { kind: 'spoke', at, channel: 'wecom', ...about });
}

/** Where the customer wrote: as a friend of the member who was written to, or of anyone when he is known under one id alone. */
function chatOf(
  { contactId, relations = [] }: Contact,
  { staffId }: Of<'customer-message'>['data'],
): Address {
  const own = relations.filter((relation) => (staffId ?? relation.staffId) === relation.staffId);
  const [value, ...others] = new Set(own.map(({ externalUserId }) => externalUserId));
  return value !== undefined && others.length === 0
    ? { kind: 'externalUserId', value }
    : { kind: 'contactId', value: contactId };
}

/** First the evidence: a block that nobody can explain would be lifted too easily. */
async function complaint(
  { stores }: IntakeDeps,
  contactId: string,
  { eventId, occurredAt, data }: Of<'complaint'>,
): Promise<void> {
  const channel = data.channel ?? '*';
  await stores.contactActs.record({
    actId: `complaint/${eventId}`,
    contactId,
    kind: 'complaint',
    by: `event ${eventId}`,
    at: occurredAt,
    after: { channel },
  });
  await stores.contacts.block(contactId, { channel, reason: 'complaint' });
}

async function usage(
  deps: IntakeDeps,
  contact: Contact,
  event: Of<'usage'>,
  receivedAt: number,
): Promise<void> {
  const { contacts, catalogues } = deps.stores;
  const { contactId, eventId, occurredAt, data } = event;
  await contacts.learn(contactId, data);
  const catalogue = (await catalogues.current('default'))?.body ?? NO_CATALOGUE;
  const opportunity = usageOpportunity({ ...data, occurredAt }, receivedAt, catalogue);
  if (typeof opportunity === 'string') {
    deps.log.debug({ contactId, eventId, why: opportunity }, 'usage is no opportunity');
    return;
  }

  if (
    !(await contacts.fire(contactId, OVERAGE_TRIGGER, eventId, occurredAt, OVERAGE_COOLDOWN_HOURS))
  )
    return;

  const { product, expiresAt } = opportunity;
  await launch(deps, 'overage', contact, { entry: eventId, product, expiresAt });
}

/** One month start per bill: its date in the customer's zone names it. */
async function bill(
  deps: IntakeDeps,
  contact: Contact,
  { contactId, occurredAt, data }: Of<'bill'>,
): Promise<void> {
  await deps.stores.contacts.learn(contactId, { ...data, billedAt: occurredAt });
  await launch(deps, 'monthStart', contact, { billedAt: occurredAt });
}
