// Events of customers: facts are learnt, opportunities fire, and running journeys hear what concerns them.

import type { Address } from '../../ports/addresses';
import type { StoredEvent } from '../../ports/events';
import type { Inbound } from '../../ports/inbox';
import { CodedError } from '../../rules/base/errors';
import { allTouchesOf, type Contact } from '../../rules/contact/contact';
import type { StaleReason } from '../../rules/contact/staleStart';
import { dataOfEvent } from '../../rules/event/dataOfEvent';
import type { CustomerEvent } from '../../rules/event/event.schema';
import { factsOfEvent } from '../../rules/event/factsOfEvent';
import { isOwnEvent, type ReportedEvent } from '../../rules/event/readEvent.schema';
import type { JourneyKind } from '../../rules/journey/kinds';
import { staleBill } from '../../rules/journey/staleness';
import { occasionOf } from '../../rules/sequence/starts';
import { formatInstant } from '../../rules/time/instant';
import { takeAcceptance } from '../acceptance';
import { takeAnswer } from '../answers';
import { acquire, hasProduct, isKnownFrom, knownContact, learnFacts } from '../contact';
import type { IntakeDeps } from '../deps';
import { launch, signalRuns, wakeRuns } from '../launch';
import { startSequences } from '../sequences/happened';
import { fireTriggers } from '../triggers/fire';

type Of<Type extends CustomerEvent['type']> = Extract<CustomerEvent, { readonly type: Type }>;

type Message = 'message' | 'customer-message';

/**
 * `occurredAt` is no later than `receivedAt` (milliseconds). May be run again for the same event: a journey that did not start then
 * starts now, if its occasion still is one.
 */
export async function handleEvent(
  deps: IntakeDeps,
  told: ReportedEvent,
  item: Pick<Inbound, 'key' | 'receivedAt'>,
): Promise<void> {
  const contact = await learnt(deps, told);
  const { contactId, city } = contact; // the one that the named one went into, if it did
  const heard = { contactId, city, receivedAt: formatInstant(item.receivedAt) };
  if (isOwnEvent(told)) return occurred(deps, { ...told, ...heard });

  await tell(deps, contact, { ...told, contactId }, item);
  await occurred(deps, { ...told, data: dataOfEvent(told), ...heard });
}

/** The contact, with what the event says of him. */
async function learnt(deps: IntakeDeps, event: ReportedEvent): Promise<Contact> {
  const facts = isOwnEvent(event) ? [] : factsOfEvent(event);
  return facts.length > 0
    ? await learnFacts(deps, event.contactId, facts)
    : await knownContact(deps, event.contactId);
}

/** Kept, and tested against the triggers in force. */
async function occurred(deps: IntakeDeps, event: StoredEvent): Promise<void> {
  await deps.stores.events.add([event]);
  await fireTriggers(deps, event);
}

/** Whom it concerns by its type alone: journeys that run, and those that always begin with it. */
async function tell(
  deps: IntakeDeps,
  contact: Contact,
  event: CustomerEvent,
  { key, receivedAt }: Pick<Inbound, 'key' | 'receivedAt'>,
): Promise<void> {
  const { contactId, occurredAt: at, eventId } = event;
  switch (event.type) {
    case 'bill':
      return bill(deps, contact, event, receivedAt);
    case 'bill-paid':
      // An older bill: what is due now is not paid by it.
      if (isKnownFrom(contact, 'billDueFen', eventId))
        await signalRuns(deps, contactId, { kind: 'bill-paid', at });
      return;
    case 'usage':
    case 'recharge':
    case 'balance':
    case 'contract':
    case 'login':
    case 'points':
    case 'location-city':
      return;
    case 'opened':
      return opened(deps, contact, event);
    case 'stage':
      return stage(deps, event);
    case 'offer-accepted':
      return takeAcceptance(deps, contact, event);
    case 'offer-refused':
      return signalRuns(deps, contactId, { kind: 'refused', at, ...event.data });
    case 'message':
    case 'customer-message':
      return message(deps, contact, event, { key, receivedAt });
    case 'plan-changed':
      return tellBought(deps, contact, event.data.plan.id, at);
    case 'purchase':
      return purchase(deps, event, event.data.product);
    case 'order':
      // What is only on its way, the customer has not got yet.
      if (event.data.state === 'done') await purchase(deps, event, event.data.product);
      return;
    case 'complaint':
      return complaint(deps, event);
  }
}

/** What the customer wrote in WeCom is read for a refusal, and goes no further. */
async function message(
  deps: IntakeDeps,
  contact: Contact,
  { eventId, occurredAt: at, data }: Of<Message>,
  { key: item, receivedAt }: Pick<Inbound, 'key' | 'receivedAt'>,
): Promise<void> {
  const { text, ...about } = data;
  const heardAt = { at, receivedAt: formatInstant(receivedAt) };
  const from = { channel: 'wecom', source: 'wecom-chat', address: chatOf(contact, data) } as const;
  const refusal =
    text === undefined ? 'no' : await takeAnswer(deps, { item, text, ...from, ...heardAt });

  // Words from before the latest tell nothing new.
  if (refusal === 'no' && isKnownFrom(contact, 'lastSpokeAt', eventId))
    await signalRuns(deps, contact.contactId, { kind: 'spoke', at, channel: 'wecom', ...about });
}

/** Where the customer wrote: as a friend of the member who was written to, or of anyone when he is known under one id alone. */
function chatOf({ contactId, relations = [] }: Contact, { staffId }: Of<Message>['data']): Address {
  const own = relations.filter((relation) => (staffId ?? relation.staffId) === relation.staffId);
  const [value, ...others] = new Set(own.map(({ externalUserId }) => externalUserId));
  return value !== undefined && others.length === 0
    ? { kind: 'externalUserId', value }
    : { kind: 'contactId', value: contactId };
}

/** Journeys end for what the customer has, and not for a plan that he has left since. */
async function tellBought(
  deps: IntakeDeps,
  contact: Contact,
  product: string,
  at: string,
): Promise<void> {
  if (hasProduct(contact, product))
    await signalRuns(deps, contact.contactId, { kind: 'converted', at, product });
}

async function purchase(
  deps: IntakeDeps,
  { contactId, eventId, occurredAt }: CustomerEvent,
  product: string,
): Promise<void> {
  const contact = await acquire(deps, contactId, product, { asOf: occurredAt, eventId });
  await tellBought(deps, contact, product, occurredAt);
}

/** The latest opening stands, with its campaign: both are told together, so that neither is ever of another opening. */
async function opened(
  { stores }: IntakeDeps,
  contact: Contact,
  { eventId, occurredAt: asOf, data }: Of<'opened'>,
): Promise<void> {
  const campaign = data.campaign ?? (await campaignOf(stores, contact, data.touchId ?? ''));
  const told = { openedAt: asOf, openedCampaign: campaign };
  await stores.contacts.learn(contact.contactId, told, { asOf, eventId });
}

/** Of a stage that the contact has left since, nothing begins. */
async function stage(
  deps: IntakeDeps,
  { contactId, eventId, occurredAt: at, data }: Of<'stage'>,
): Promise<void> {
  await deps.stores.contacts.learn(contactId, { stage: data.stage }, { asOf: at, eventId });

  const contact = await knownContact(deps, contactId);
  const told = { occasion: occasionOf('stage', at), eventId, at };
  await startSequences(deps, contact, { kind: 'stage', stage: data.stage }, told);
  await wakeRuns(deps, contactId, 'profile');
}

/**
 * Empty: the touch is of none.
 * @throws CodedError NOT_FOUND: the customer had no such touch
 */
async function campaignOf(
  { touches }: Pick<IntakeDeps['stores'], 'touches'>,
  contact: Contact,
  touchId: string,
): Promise<string> {
  const { contactId } = contact;
  const isMeant = (each: { readonly touchId: string }): boolean => each.touchId === touchId;
  const touch = allTouchesOf(contact).find(isMeant);
  if (touch) return touch.campaign ?? '';

  // The contact's document forgets a touch once no rule counts it; the ledger does not.
  const rows = await touches.timeline(contactId);
  const row = rows.find((each) => each.kind === 'decision' && isMeant(each));
  if (row?.kind === 'decision') return row.campaign ?? '';
  throw new CodedError('NOT_FOUND', `contact ${contactId} had no touch ${touchId}`);
}

/** First the evidence: a block that nobody can explain would be lifted too easily. */
async function complaint(
  deps: IntakeDeps,
  { contactId, eventId, occurredAt: at, data }: Of<'complaint'>,
): Promise<void> {
  const channel = data.channel ?? '*';
  const { contactActs, contacts } = deps.stores;
  await contactActs.record({
    actId: `complaint/${eventId}`,
    contactId,
    kind: 'complaint',
    by: `event ${eventId}`,
    at,
    after: { channel },
  });
  await contacts.block(contactId, { channel, reason: 'complaint' });
  await signalRuns(deps, contactId, { kind: 'opted-out', at, ...data });
}

/** One month start per bill: its date in the customer's zone names it. */
async function bill(
  deps: IntakeDeps,
  { contactId }: Contact,
  event: Of<'bill'>,
  receivedAt: number,
): Promise<void> {
  const { eventId, occurredAt, data } = event;
  const { billDueFen: _told, ...others } = data;
  const told = { ...others, billedAt: occurredAt };
  await deps.stores.contacts.learn(contactId, told, { asOf: occurredAt, eventId });

  const contact = await knownContact(deps, contactId);
  const zone = contact.timezone ?? deps.timezone;
  const stale = staleBill(contact, occurredAt, nowOf(deps, receivedAt), zone);
  if (stale) return keepStale(deps, event, 'monthStart', stale);

  await launch(deps, 'monthStart', contact, { billedAt: occurredAt });
}

/** However long it waited in the inbox. */
const nowOf = ({ clock }: IntakeDeps, receivedAt: number): number =>
  Math.max(clock.now(), receivedAt);

async function keepStale(
  { stores, clock, log }: IntakeDeps,
  { contactId, eventId, occurredAt }: CustomerEvent,
  journey: JourneyKind,
  reason: StaleReason,
): Promise<void> {
  const at = formatInstant(clock.now());
  const stale = { verdict: 'stale', reason, journey, eventId, occurredAt, at } as const;
  await stores.contacts.addStaleStart(contactId, stale);
  log.info({ contactId, eventId, journey, reason }, 'a journey was not started: stale');
}
