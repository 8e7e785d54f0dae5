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
import { createAddressReader } from './addresses';
import { createAliases } from './aliases';
import { countAudience } from './audiences';
import { type ContactDocument, contactFromDocument, contactModel } from './contactDocument';
import {
  blockContact,
  type ContactState,
  learn,
  patchContact,
  recordConsents,
  relateContact,
  takeOver,
  unblockContact,
} from './contactEdits';
import { guarded } from './failures';
import { createFire } from './firings';
import { createImport } from './imports';

/** Names that are parts of paths in an update. */
const PLAIN_NAME = /^[^.$][^.]*$/;

/** @param subjectOf knows who was forgotten; absent: nobody was. */
export function createContactStore(connection: Connection, subjectOf?: Pseudonyms): ContactStore {
  const contacts = contactModel(connection);
  const aliases = createAliases(connection);
  const addresses = createAddressReader(connection, subjectOf);
  const state: ContactState = { contacts, aliases, addresses };

  return guarded<ContactStore>({
    find: (contactId, scope) => findContact(state, contactId, scope),
    findMany: (contactIds) => findContacts(state, contactIds),
    findByExternalUsers: (ids) => findByExternalUsers(state, ids),
    staffWithRelations: () => staffWithRelations(state),
    friendsOfStaff: (staffId, after, limit) => friendsOfStaff(state, staffId, after, limit),

    idsByAlias: (alias) => aliases.find([alias]),
    holdersOf: (asked) => aliases.findEach(asked),
    page: (after, limit, scope) => pageOfContacts(state, after, limit, scope),
    count: () => contacts.countDocuments({}).exec(),
    countAudience: (audience, lack) => countAudience(contacts, audience, lack),

    upsertMany: createImport(state),
    patch: (contactId, change, time) => patchContact(state, contactId, change, time),
    learn: (contactId, facts, time) => learnFacts(state, contactId, facts, time),
    addPurchase: (contactId, purchase) =>
      learn(state, contactId, (known) => withPurchase(known, purchase)),
    addStaleStart: (contactId, stale) => addStaleStart(state, contactId, stale),
    relate: (contactId, relation) => relateContact(state, contactId, relation),
    block: (contactId, block) => blockContact(state, contactId, block),
    unblock: (contactId, block) => unblockContact(state, contactId, block),

    consent: (contactId, statements) => recordConsents(state, contactId, statements),
    takeOver: (contactId) => takeOver(state, contactId),
    consentLog: (contactId) => consentLog(state, contactId),

    fire: createFire(connection),
  });
}

async function findContact(
  { contacts }: ContactState,
  contactId: string,
  scope?: CityScope,
): Promise<Contact | null> {
  const found = await contacts
    .findOne({ _id: contactId, ...inCities(scope?.cities) })
    .lean<ContactDocument>();
  return found && contactFromDocument(found);
}

async function findContacts(
  { contacts }: ContactState,
  contactIds: readonly string[],
): Promise<Contact[]> {
  const found = await contacts.find({ _id: { $in: [...contactIds] } }).lean<ContactDocument[]>();
  return found.map(contactFromDocument);
}

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
    .find({ _id: { $gt: after ?? '' }, ...inCities(scope?.cities) })
    .sort({ _id: 1 })
    .limit(limit)
    .lean<ContactDocument[]>();
  return found.map(contactFromDocument);
}

async function learnFacts(
  state: ContactState,
  contactId: string,
  facts: Facts,
  time: FactTime,
): Promise<boolean> {
  for (const name of Object.keys(facts)) checkFactName(name);
  return await learn(state, contactId, (known) => withFacts(known, { facts }, time));
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
