// Contacts in memory.

import type { ConsentEvidence, ContactStore } from '../../ports/contacts';
import type { Contact, Profile } from '../../rules/contact/contact';
import {
  blocked,
  type ConsentTimes,
  consented,
  imported,
  importedEvidence,
  newEvidence,
  patched,
  related,
} from '../../rules/contact/profile';
import { HOUR_MS } from '../../rules/time/durations';
import { aliasKey, aliasMoves, type NamesChanged } from '../aliasMoves';
import { copy } from './copy';

/** The contacts, shared by the store of contacts and the touch store. */
export type ContactRows = Map<string, Contact>;

export function createMemoryContacts(rows: ContactRows): ContactStore {
  const aliases = new Map<string, string>();
  const consentTimes = new Map<string, ConsentTimes>();
  const consentLogs = new Map<string, ConsentEvidence[]>();
  const firings = new Map<string, { readonly eventId: string; readonly at: string }[]>();
  let ids: string[] = [];

  function follow(change: NamesChanged): void {
    const { released, claimed } = aliasMoves(change);
    for (const key of released)
      if (aliases.get(key) === change.after.contactId) aliases.delete(key);
    for (const key of claimed) aliases.set(key, change.after.contactId);
  }

  /** The profile, and what an import or an edit never touches. */
  function parted({ touches, revision, chain, profileRevision, ...profile }: Contact) {
    const book = { touches, revision, ...(chain !== undefined && { chain }) };
    return { profile: profile as Profile, profileRevision, book };
  }

  /** Ids in ascending order, sorted again only when one was added. */
  function sortedIds(): string[] {
    if (ids.length !== rows.size) ids = [...rows.keys()].sort();
    return ids;
  }

  function edit(
    contactId: string,
    change: (profile: Profile) => Profile,
    given?: NamesChanged['given'],
  ): boolean {
    const known = rows.get(contactId);
    if (!known) return false;
    const { profile: before, profileRevision, book } = parted(known);
    const after = change(before);
    const isSame = JSON.stringify(copy(after)) === JSON.stringify(before);
    rows.set(contactId, {
      ...copy(after),
      ...book,
      profileRevision: profileRevision + (isSame ? 0 : 1),
    });
    if (given) follow({ before, after, given });
    return true;
  }

  const store: ContactStore = {
    async find(contactId, scope) {
      const found = rows.get(contactId);
      return found && (!scope?.cities || scope.cities.includes(found.city)) ? copy(found) : null;
    },

    async findMany(contactIds) {
      return [...new Set(contactIds)].flatMap((id) => copy(rows.get(id)) ?? []);
    },

    async findByAlias(alias) {
      const contactId = aliases.get(aliasKey(alias));
      return contactId === undefined ? null : store.find(contactId);
    },

    async upsertMany(profiles, at) {
      let created = 0;
      for (const row of copy(profiles)) {
        const stored = rows.get(row.contactId);
        const known = stored && parted(stored);
        const before = known?.profile ?? null;
        const after = imported(before, row);
        if (!known) created += 1;
        rows.set(row.contactId, {
          ...copy(after),
          ...(known?.book ?? { touches: [], revision: 0 }),
          profileRevision: (known?.profileRevision ?? 0) + 1,
        });
        follow({ before, after, given: row });
        const log = consentLogs.get(row.contactId) ?? [];
        consentLogs.set(row.contactId, [...log, ...importedEvidence(row, log, at)]);
      }
      return { created, updated: profiles.length - created };
    },

    patch: async (contactId, change) =>
      edit(contactId, (profile) => patched(profile, change), change),

    async learn(contactId, facts) {
      const known = rows.get(contactId);
      if (known) rows.set(contactId, { ...known, facts: { ...known.facts, ...copy(facts) } });
      return known !== undefined;
    },

    relate: async (contactId, relation) =>
      edit(contactId, (profile) => related(profile, relation), { relations: [relation] }),

    async consent(contactId, changes) {
      return edit(contactId, (profile) => {
        const done = consented(profile, consentTimes.get(contactId) ?? {}, changes);
        consentTimes.set(contactId, done.times);
        const log = consentLogs.get(contactId) ?? [];
        const told = newEvidence(log, changes);
        consentLogs.set(contactId, [...log, ...copy(told)]);
        return done.profile;
      });
    },

    consentLog: async (contactId) => copy(consentLogs.get(contactId) ?? []),

    block: async (contactId, block) => edit(contactId, (profile) => blocked(profile, block)),

    async fire(contactId, triggerId, eventId, at, cooldownHours) {
      const key = JSON.stringify([contactId, triggerId]);
      const fired = firings.get(key) ?? [];
      if (fired.some((firing) => firing.eventId === eventId)) return true;
      const last = fired.at(-1);
      if (last && Date.parse(at) - Date.parse(last.at) < cooldownHours * HOUR_MS) return false;
      firings.set(key, [...fired, { eventId, at }]);
      return true;
    },

    async page(after, limit, scope) {
      const page: Contact[] = [];
      for (const id of sortedIds()) {
        if (page.length >= limit) break;
        const row = after === null || id > after ? rows.get(id) : undefined;
        if (row && (!scope?.cities || scope.cities.includes(row.city))) page.push(copy(row));
      }
      return page;
    },

    count: async () => rows.size,
  };
  return store;
}
