// Contacts over MongoDB: every change of what the gate reads is conditional on the profile revision and counts it up.

import { isDeepStrictEqual } from 'node:util';
import type { Connection } from 'mongoose';
import type { ContactStore } from '../../ports/contacts';
import { CodedError } from '../../rules/base/errors';
import type { Profile } from '../../rules/contact/contact';
import { blocked, consented, newEvidence, patched, related } from '../../rules/contact/profile';
import type { NamesChanged } from '../aliasMoves';
import { createAliases } from './aliases';
import {
  type ContactDocument,
  contactFromDocument,
  contactModel,
  profileFromDocument,
} from './contactDocument';
import { guarded } from './failures';
import { createFire } from './firings';
import { createImport } from './imports';
import { changeOf } from './profileChange';

const MAX_RACES = 200;
/** Names that are parts of paths in an update. */
const PLAIN_NAME = /^[^.$][^.]*$/;

const inCities = (cities?: readonly string[]): { city?: { $in: string[] } } =>
  cities ? { city: { $in: [...cities] } } : {};

interface Edit {
  readonly profile: Profile;
  /** What was said of the contact's names. */
  readonly given?: NamesChanged['given'];
  /** Besides the profile. */
  readonly $set?: object | false;
  readonly $push?: object;
}

export function createContactStore(connection: Connection): ContactStore {
  const contacts = contactModel(connection);
  const aliases = createAliases(connection);

  /** Changes the profile as `change` says; false when the contact is unknown. A change of nothing writes nothing. */
  async function edit(
    contactId: string,
    change: (profile: Profile, document: ContactDocument) => Edit,
  ): Promise<boolean> {
    for (let race = 0; race < MAX_RACES; race++) {
      const document = await contacts.findOne({ _id: contactId }).lean<ContactDocument>();
      if (!document) return false;
      const before = profileFromDocument(document);
      const { profile: after, given, $set: more, $push } = change(before, document);
      const { $set, $unset } = changeOf(before, after);
      const set = { ...$set, ...more };
      const update = {
        ...(Object.keys(set).length > 0 && { $set: set }),
        ...($unset && { $unset }),
        ...((Object.keys(set).length > 0 || $unset) && { $inc: { profileRevision: 1 } }),
        ...($push && { $push }),
      };
      if (Object.keys(update).length > 0) {
        const { profileRevision } = document;
        const { matchedCount } = await contacts.updateOne(
          { _id: contactId, profileRevision },
          update,
        );
        if (matchedCount === 0) continue;
      }
      if (given) await aliases.follow([{ before, after, given }]);
      return true;
    }
    throw new CodedError('CONFLICT', `contact ${contactId}: lost ${MAX_RACES} races in a row`);
  }

  const store: ContactStore = {
    async find(contactId, scope) {
      const found = await contacts
        .findOne({ _id: contactId, ...inCities(scope?.cities) })
        .lean<ContactDocument>();
      return found && contactFromDocument(found);
    },

    async findMany(contactIds) {
      const found = await contacts
        .find({ _id: { $in: [...contactIds] } })
        .lean<ContactDocument[]>();
      return found.map(contactFromDocument);
    },

    async findByAlias(alias) {
      const contactId = await aliases.find(alias);
      return contactId === null ? null : await store.find(contactId);
    },

    upsertMany: createImport(connection, aliases),

    patch: (contactId, change) =>
      edit(contactId, (profile) => ({ profile: patched(profile, change), given: change })),

    async learn(contactId, facts) {
      const known = Object.entries(facts).filter(([, value]) => value !== undefined);
      for (const [name] of known)
        if (!PLAIN_NAME.test(name))
          throw new CodedError(
            'INVALID_INPUT',
            `${JSON.stringify(name)} cannot be the name of a fact`,
            [
              {
                path: 'facts',
                message: 'bad name',
                value: name,
                allowed: 'names without dots that do not begin with $',
              },
            ],
          );
      const $set = Object.fromEntries(known.map(([name, value]) => [`facts.${name}`, value]));
      if (known.length === 0) return (await contacts.exists({ _id: contactId })) !== null;
      return (await contacts.updateOne({ _id: contactId }, { $set })).matchedCount === 1;
    },

    relate: (contactId, relation) =>
      edit(contactId, (profile) => ({
        profile: related(profile, relation),
        given: { relations: [relation] },
      })),

    consent: (contactId, changes) =>
      edit(contactId, (profile, { consentTimes = {}, consentLog = [] }) => {
        const { profile: after, times } = consented(profile, consentTimes, changes);
        const isNew = !isDeepStrictEqual(times, consentTimes);
        const evidence = newEvidence(consentLog, changes);
        return {
          profile: after,
          $set: isNew && { consentTimes: times },
          ...(evidence.length > 0 && { $push: { consentLog: { $each: evidence } } }),
        };
      }),

    async consentLog(contactId) {
      const found = await contacts
        .findOne({ _id: contactId }, { consentLog: 1 })
        .lean<ContactDocument>();
      return [...(found?.consentLog ?? [])];
    },

    block: (contactId, block) =>
      edit(contactId, (profile) => ({ profile: blocked(profile, block) })),

    fire: createFire(connection),

    async page(after, limit, scope) {
      const found = await contacts
        .find({ _id: { $gt: after ?? '' }, ...inCities(scope?.cities) })
        .sort({ _id: 1 })
        .limit(limit)
        .lean<ContactDocument[]>();
      return found.map(contactFromDocument);
    },

    count: () => contacts.countDocuments({}).exec(),
  };
  return guarded(store);
}
