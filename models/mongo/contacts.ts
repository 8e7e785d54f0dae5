// Contacts over MongoDB: every change of what the gate reads is conditional on the profile revision and counts it up.

import type { Connection } from 'mongoose';
import type { CityScope, ContactStore } from '../../ports/contacts';
import { CodedError } from '../../rules/base/errors';
import type { ConsentEvidence } from '../../rules/contact/consentLog';
import type { Contact, Facts } from '../../rules/contact/contact';
import type { FactTime } from '../../rules/contact/facts';
import { withFacts, withPurchase } from '../../rules/contact/knownFacts';
import { STALE_STARTS_KEPT, type StaleStart } from '../../rules/contact/staleStart';
import type { Pseudonyms } from '../../rules/ledger/subject';
import type { Condition } from '../../rules/trigger/condition';
import { createAddressReader } from './addresses';
import { createAliases } from './aliases';
import { countAudience } from './audiences';
import { type ContactDocument, contactFromDocument, contactModel } from './contactDocument';
import {
  blockContact,
  type ContactState,
  contactReader,
  learn,
  patchContact,
  recordConsents,
  relateContact,
  takeOver,
  unblockContact,
} from './contactEdits';
import { absorbContact, partContact, retireContact } from './contactMerges';
import { guarded } from './failures';
import { createImport } from './imports';
import { pushedCondition } from './pushedCondition';

/** Names that are parts of paths in an update. */
const PLAIN_NAME = /^[^.$][^.]*$/;

/** @param subjectOf knows who was forgotten; absent: nobody was. */
export function createContactStore(connection: Connection, subjectOf?: Pseudonyms): ContactStore {
  const contacts = contactModel(connection);
  const aliases = createAliases(connection);
  const addresses = createAddressReader(connection, subjectOf);
  const read = contactReader(contacts);
  const state: ContactState = { contacts, read, aliases, addresses };

  return guarded<ContactStore>({
    find: (contactId, scope) => findContact(state, contactId, scope),
    findMany: (contactIds) => findContacts(state, contactIds),
    findMerged: (contactIds) => findMerged(state, contactIds),
    findKept: (contactIds) => findKept(state, contactIds),
    findByExternalUsers: (ids) => findByExternalUsers(state, ids),
    staffWithRelations: () => staffWithRelations(state),
    friendsOfStaff: (staffId, after, limit) => friendsOfStaff(state, staffId, after, limit),

    idsByAlias: (alias) => aliases.find([alias]),
    holdersOf: (asked) => aliases.findEach(asked),
    page: (after, limit, scope) => pageOfContacts(state, after, limit, scope),
    candidates: (condition, after, limit, scope) =>
      candidates(state, condition, after, limit, scope),
    count: () => contacts.countDocuments({}).exec(),
    countAudience: (audience, lack) => countAudience(contacts, audience, lack),

    upsertMany: createImport(state),
    patch: (contactId, change, time) => patchContact(state, contactId, change, time),
    learn: (contactId, facts, time) => learnFacts(state, contactId, facts, time),
    addPurchase: async (contactId, purchase) =>
      (await learn(state, contactId, (known) => withPurchase(known, purchase))) !== null,
    addStaleStart: (contactId, stale) => addStaleStart(state, contactId, stale),
    relate: (contactId, relation) => relateContact(state, contactId, relation),
    block: (contactId, block) => blockContact(state, contactId, block),
    unblock: (contactId, block) => unblockContact(state, contactId, block),

    consent: (contactId, statements) => recordConsents(state, contactId, statements),
    takeOver: (contactId) => takeOver(state, contactId),
    consentLog: (contactId) => consentLog(state, contactId),

    absorb: (contactId, other) => absorbContact(state, contactId, other),
    retire: (other, contactId, revision) => retireContact(state, other, contactId, revision),
    part: (contactId, other) => partContact(state, contactId, other),
    sharedNames: (after, limit) => aliases.shared(after, limit),
  });
}

async function findContact(
  state: ContactState,
  contactId: string,
  scope?: CityScope,
): Promise<Contact | null> {
  const found = await state.read(contactId);
  if (found?.mergedInto !== undefined) return await findContact(state, found.mergedInto, scope);
  if (!found || !isInCities(found.city, scope?.cities)) return null;

  const [contact = null] = await withElsewhere(state, [contactFromDocument(found)]);
  return contact;
}

/** Each once; what went into another contact is found as that one. */
async function findContacts(
  state: ContactState,
  contactIds: readonly string[],
): Promise<Contact[]> {
  const found = new Map<string, Contact>();

  for (let left = [...new Set(contactIds)]; left.length > 0; ) {
    const kept = await findKept(state, left);
    for (const contact of kept)
      if (contact.mergedInto === undefined) found.set(contact.contactId, contact);
    left = kept.flatMap(({ mergedInto }) => mergedInto ?? []).filter((id) => !found.has(id));
  }

  return await withElsewhere(state, [...found.values()]);
}

async function findMerged(
  { contacts }: ContactState,
  contactIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const merged = new Map<string, string>();

  for (let left = [...new Set(contactIds)]; left.length > 0; ) {
    const found = await contacts
      .find({ _id: { $in: left }, mergedInto: { $exists: true } }, { mergedInto: 1 })
      .lean<Pick<ContactDocument, '_id' | 'mergedInto'>[]>();
    for (const { _id, mergedInto } of found)
      if (mergedInto !== undefined) merged.set(_id, mergedInto);
    left = found.flatMap(({ mergedInto }) => mergedInto ?? []);
  }

  return new Map(contactIds.flatMap((id) => (merged.has(id) ? [[id, endOf(merged, id)]] : [])));
}

/** A record may have gone into one that went into another. */
function endOf(merged: ReadonlyMap<string, string>, id: string): string {
  let end = id;
  for (let next = merged.get(end); next !== undefined; next = merged.get(end)) end = next;
  return end;
}

async function findKept(
  { contacts }: ContactState,
  contactIds: readonly string[],
): Promise<Contact[]> {
  const found = await contacts.find({ _id: { $in: [...contactIds] } }).lean<ContactDocument[]>();
  return found.map(contactFromDocument);
}

/** With the touches that other records of the same person keep. */
async function withElsewhere(
  state: ContactState,
  contacts: readonly Contact[],
): Promise<Contact[]> {
  const ids = contacts.flatMap(({ mergedFrom = [] }) => mergedFrom.map((each) => each.contactId));
  if (ids.length === 0) return [...contacts];

  const kept = new Map((await findKept(state, ids)).map((each) => [each.contactId, each.touches]));
  return contacts.map((contact) => {
    const elsewhere = contact.mergedFrom?.flatMap((each) => kept.get(each.contactId) ?? []) ?? [];
    return elsewhere.length === 0 ? contact : { ...contact, elsewhere };
  });
}

const isInCities = (city: string, cities: readonly string[] | undefined): boolean =>
  cities === undefined || cities.includes(city);

async function findByExternalUsers(
  state: ContactState,
  externalUserIds: readonly string[],
): Promise<Contact[]> {
  const aliases = externalUserIds.map((value) => ({ kind: 'externalUserId' as const, value }));
  return await findContacts(state, await state.aliases.find(aliases));
}

async function staffWithRelations({ contacts }: ContactState): Promise<string[]> {
  return ((await contacts.distinct('relations.staffId')) as string[]).sort();
}

async function friendsOfStaff(
  { contacts }: ContactState,
  staffId: string,
  after: string | null,
  limit: number,
): Promise<Contact[]> {
  const found = await contacts
    .find({
      _id: { $gt: after ?? '' },
      'relations.staffId': staffId,
      relations: { $elemMatch: { staffId, state: 'friend' } },
    })
    .sort({ _id: 1 })
    .limit(limit)
    .lean<ContactDocument[]>();
  return found.map(contactFromDocument);
}

async function pageOfContacts(
  { contacts }: ContactState,
  after: string | null,
  limit: number,
  scope: CityScope | undefined,
): Promise<Contact[]> {
  const found = await contacts
    .find({
      _id: { $gt: after ?? '' },
      mergedInto: { $exists: false },
      ...inCities(scope?.cities),
    })
    .sort({ _id: 1 })
    .limit(limit)
    .lean<ContactDocument[]>();
  return found.map(contactFromDocument);
}

/** The driver's own call: mongoose would read the values of the condition as if they were of the types of its schema. */
async function candidates(
  { contacts }: ContactState,
  condition: Condition,
  after: string | null,
  limit: number,
  scope: CityScope | undefined,
): Promise<Contact[]> {
  const pushed = pushedCondition(condition);
  const found = await contacts.collection
    .find({
      _id: { $gt: after ?? '' } as never,
      mergedInto: { $exists: false },
      ...inCities(scope?.cities),
      ...(pushed && { $and: [pushed] }),
    })
    .sort({ _id: 1 })
    .limit(limit)
    .toArray();
  return found.map((document) => contactFromDocument(document as unknown as ContactDocument));
}

async function learnFacts(
  state: ContactState,
  contactId: string,
  facts: Facts,
  time: FactTime,
): Promise<Contact | null> {
  for (const name of Object.keys(facts)) checkFactName(name);
  const learnt = await learn(state, contactId, (known) => withFacts(known, { facts }, time));

  const [contact = null] = learnt ? await withElsewhere(state, [learnt]) : [];
  return contact;
}

async function addStaleStart(
  { contacts }: ContactState,
  contactId: string,
  stale: StaleStart,
): Promise<boolean> {
  const staleStarts = { $each: [stale], $slice: -STALE_STARTS_KEPT };
  const isNew = { 'staleStarts.eventId': { $ne: stale.eventId } };
  const { matchedCount } = await contacts.updateOne(
    { _id: contactId, ...isNew },
    { $push: { staleStarts } },
  );
  return matchedCount === 1 || (await contacts.exists({ _id: contactId })) !== null;
}

function checkFactName(name: string): void {
  if (PLAIN_NAME.test(name)) return;

  const problem = {
    path: 'facts',
    message: 'bad name',
    value: name,
    allowed: 'names without dots that do not begin with $',
  };

  throw new CodedError('INVALID_INPUT', `${JSON.stringify(name)} cannot be the name of a fact`, [
    problem,
  ]);
}

async function consentLog(
  { contacts }: ContactState,
  contactId: string,
): Promise<ConsentEvidence[]> {
  const found = await contacts
    .findOne({ _id: contactId }, { consentLog: 1 })
    .lean<ContactDocument>();
  return [...(found?.consentLog ?? [])];
}

const inCities = (cities?: readonly string[]): { city?: { $in: string[] } } =>
  cities ? { city: { $in: [...cities] } } : {};
