// Contacts in memory.

import { isDeepStrictEqual } from 'node:util';
import type { CityScope, ContactStore, ImportOptions, RowOutcome } from '../../ports/contacts';
import {
  type ConsentEvidence,
  type ConsentStatement,
  type Heard,
  importedStatements,
  withAddresses,
  withStatements,
} from '../../rules/contact/consentLog';
import { type Contact, friendsOf, type Profile } from '../../rules/contact/contact';
import { LONG_AGO } from '../../rules/contact/earlierConsents';
import { withFacts, withPurchase } from '../../rules/contact/knownFacts';
import { joined, retired, separated } from '../../rules/contact/merge';
import {
  blocked,
  type ImportRow,
  imported,
  patched,
  related,
  unblocked,
} from '../../rules/contact/profile';
import { STALE_STARTS_KEPT, type StaleStart } from '../../rules/contact/staleStart';
import { createMatcher, type Matcher } from '../../rules/trigger/matcher';
import { addressKeysOf, hasOtherNames, type NamesChanged } from '../aliasMoves';
import type { MemoryAddresses } from './addresses';
import { createMemoryAliases, type MemoryAliases } from './aliases';
import { countAudienceIn } from './audiences';
import { isInCities } from './cities';
import { copy } from './copy';

/** The contacts, shared by the store of contacts and the touch store. */
export type ContactRows = Map<string, Contact>;

interface ContactStoreState {
  readonly rows: ContactRows;
  readonly aliases: MemoryAliases;
  readonly addresses: MemoryAddresses;
  readonly consentLogs: Map<string, ConsentEvidence[]>;
  /** Contacts that named batches of imports wrote. */
  readonly written: Set<string>;
  sortedIds: readonly string[];
}

export function createMemoryContacts(rows: ContactRows, addresses: MemoryAddresses): ContactStore {
  const aliases = createMemoryAliases();
  const state: ContactStoreState = {
    rows,
    aliases,
    addresses,
    consentLogs: new Map(),
    written: new Set(),
    sortedIds: [],
  };

  return {
    find: async (contactId, scope) => findContact(state, contactId, scope),
    findMany: async (contactIds) => findContacts(state, contactIds),
    findMerged: async (contactIds) => findMerged(state, contactIds),
    findKept: async (contactIds) =>
      [...new Set(contactIds)].flatMap((id) => copy(rows.get(id)) ?? []),
    findByExternalUsers: async (ids) => findByExternalUsers(state, ids),
    staffWithRelations: async () => staffWithRelations(state),
    friendsOfStaff: async (staffId, after, limit) => friendsOfStaff(state, staffId, after, limit),

    idsByAlias: async (alias) => [...aliases.find(alias)],
    holdersOf: async (asked) => asked.map(aliases.find),
    page: async (after, limit, scope) => pageOfContacts(state, after, limit, scope),
    candidates: async (condition, after, limit, scope) =>
      pageOfContacts(state, after, limit, scope, createMatcher(condition)),
    count: async () => rows.size,
    countAudience: async (audience, lack) => countAudienceIn(rows.values(), audience, lack),

    upsertMany: async (rows, at, options) =>
      copy(rows).map((row) => importRow(state, row, at, options)),
    patch: async (contactId, change, time) =>
      hear(
        state,
        contactId,
        (known) => ({ profile: patched(known, change, time), added: [] }),
        change,
      ),
    learn: async (contactId, facts, time) =>
      learn(state, contactId, (known) => withFacts(known, { facts }, time))
        ? findContact(state, contactId)
        : null,
    addPurchase: async (contactId, purchase) =>
      learn(state, contactId, (known) => withPurchase(known, purchase)),
    addStaleStart: async (contactId, stale) => addStaleStart(state, contactId, stale),
    relate: async (contactId, relation) =>
      hear(state, contactId, (known) => ({ profile: related(known, relation), added: [] }), {
        relations: [relation],
      }),
    block: async (contactId, block) => edit(state, contactId, (profile) => blocked(profile, block)),
    unblock: async (contactId, block) =>
      edit(state, contactId, (profile) => unblocked(profile, block)),

    consent: async (contactId, statements) => recordConsents(state, contactId, statements),
    takeOver: async (contactId) =>
      hear(state, contactId, (profile, log) => bound(state, { profile, added: [] }, log)),
    consentLog: async (contactId) => copy(logOf(state, contactId)),

    absorb: async (contactId, other) => absorb(state, contactId, other),
    retire: async (other, contactId, revision) => retire(state, other, contactId, revision),
    part: async (contactId, other) => part(state, contactId, other),
    sharedNames: async (after, limit) => aliases.shared(after, limit),
  };
}

function findByExternalUsers(
  state: ContactStoreState,
  externalUserIds: readonly string[],
): Contact[] {
  const ids = externalUserIds.flatMap((value) =>
    state.aliases.find({ kind: 'externalUserId', value }),
  );
  return findContacts(state, ids);
}

/** Each once; what went into another contact is found as that one. */
const findContacts = (state: ContactStoreState, contactIds: readonly string[]): Contact[] =>
  [...new Set(contactIds.map((id) => presentId(state, id)))].flatMap(
    (id) => findContact(state, id) ?? [],
  );

function findMerged(
  state: ContactStoreState,
  contactIds: readonly string[],
): ReadonlyMap<string, string> {
  const present = contactIds.map((id) => [id, presentId(state, id)] as const);
  return new Map(present.filter(([id, into]) => id !== into));
}

function presentId({ rows }: ContactStoreState, contactId: string): string {
  let id = contactId;
  for (let next = rows.get(id)?.mergedInto; next !== undefined; next = rows.get(id)?.mergedInto)
    id = next;
  return id;
}

function friendsOfStaff(
  state: ContactStoreState,
  staffId: string,
  after: string | null,
  limit: number,
): Contact[] {
  const { rows } = state;
  return sortedIds(state)
    .filter((id) => id > (after ?? '') && isFriendOf(rows.get(id), staffId))
    .slice(0, limit)
    .flatMap((id) => copy(rows.get(id)) ?? []);
}

function findContact(
  state: ContactStoreState,
  contactId: string,
  scope?: CityScope,
): Contact | null {
  const { rows } = state;
  const found = rows.get(presentId(state, contactId));
  if (!found || !isInCities(found.city, scope?.cities)) return null;

  const elsewhere = found.mergedFrom?.flatMap((each) => rows.get(each.contactId)?.touches ?? []);
  return copy(elsewhere?.length ? { ...found, elsewhere } : found);
}

/** Gives a contact what another record of the person has. */
function absorb(state: ContactStoreState, contactId: string, other: string): boolean {
  const found = state.rows.get(other);
  if (!found) return false;

  const { profile: from } = parted(found);
  const id = presentId(state, contactId);
  const known = state.rows.get(id);
  const given = known && joined(parted(known).profile, from);
  return hear(state, id, (profile) => ({ profile: joined(profile, from), added: [] }), given);
}

function retire(
  state: ContactStoreState,
  other: string,
  contactId: string,
  profileRevision: number,
): boolean {
  const from = state.rows.get(other);
  const into = state.rows.get(contactId);
  if (!from || !into) return false;
  if (from.mergedInto === contactId) return true;
  if (from.profileRevision !== profileRevision) return false;

  replace(state, other, retired(parted(from).profile, parted(into).profile));
  return true;
}

function part(state: ContactStoreState, contactId: string, other: string): boolean {
  const into = state.rows.get(contactId);
  const from = state.rows.get(other);
  if (!from || !into?.mergedFrom?.some((each) => each.contactId === other)) return false;

  const after = separated(parted(into).profile, parted(from).profile);
  replace(state, other, after.from);
  replace(state, contactId, after.into);
  return true;
}

/** Another profile for a contact, names included. */
function replace({ rows, aliases }: ContactStoreState, contactId: string, after: Profile): void {
  const known = rows.get(contactId);
  if (!known) return;

  const { profile: before, profileRevision, kept } = parted(known);
  rows.set(contactId, { ...copy(after), ...kept, profileRevision: profileRevision + 1 });
  aliases.follow({ before, after, given: after });
}

const staffWithRelations = ({ rows }: ContactStoreState): string[] =>
  [
    ...new Set(
      [...rows.values()].flatMap(({ relations = [] }) => relations.map(({ staffId }) => staffId)),
    ),
  ].sort();

const isFriendOf = (contact: Contact | undefined, staffId: string): boolean =>
  contact !== undefined && friendsOf(contact).some((friend) => friend.staffId === staffId);

function pageOfContacts(
  state: ContactStoreState,
  after: string | null,
  limit: number,
  scope: CityScope | undefined,
  fits: Matcher = () => true,
): Contact[] {
  const page: Contact[] = [];

  for (const id of sortedIds(state)) {
    if (page.length >= limit) break;
    const row = after === null || id > after ? state.rows.get(id) : undefined;
    if (row?.mergedInto !== undefined || !isInCities(row?.city, scope?.cities)) continue;
    if (row && fits(row)) page.push(copy(row));
  }

  return page;
}

/** Ids in ascending order, sorted again only when one was added. */
function sortedIds(state: ContactStoreState): readonly string[] {
  if (state.sortedIds.length !== state.rows.size) state.sortedIds = [...state.rows.keys()].sort();
  return state.sortedIds;
}

function importRow(
  state: ContactStoreState,
  row: ImportRow,
  at = LONG_AGO,
  { mode, batch, dryRun }: ImportOptions = {},
): RowOutcome {
  const { contactId } = row;
  const stored = state.rows.get(contactId);
  const known = stored && parted(stored);
  const before = known?.profile ?? null;
  const merged = imported(before, row, mode, at);
  if (!merged) return 'no-city';

  const log = known ? logOf(state, contactId) : [];
  const claims = withStatements(merged, log, importedStatements(row, log, at));
  const { profile: after, added } =
    before === null || hasOtherNames(before, merged) ? bound(state, claims, log) : claims;
  const isSame = before !== null && isDeepStrictEqual(undated(copy(after)), undated(before));
  const isNews = !isSame || added.length > 0;
  const outcome = !known ? 'created' : isNews ? 'updated' : 'unchanged';
  if (dryRun) return outcome;

  state.rows.set(contactId, {
    ...copy(after),
    ...(known?.kept ?? newLife(state, after)),
    profileRevision: (known?.profileRevision ?? 0) + (isSame ? 0 : 1),
  });
  state.aliases.follow({ before, after, given: row });
  if (!known) state.consentLogs.delete(contactId);
  addEvidence(state, contactId, added);

  const name = `${batch} ${contactId}`;
  if (outcome !== 'unchanged') state.written.add(name);
  return batch !== undefined && outcome === 'unchanged' && state.written.has(name)
    ? 'updated'
    : outcome;
}

/** Of a contact who is created. */
function newLife({ addresses }: ContactStoreState, profile: Profile) {
  const words = addresses.wordsOf(addressKeysOf(profile));
  const lives = words.flatMap(({ endedLife }) => endedLife ?? []);
  const life = lives.length > 0 ? { life: Math.max(...lives) + 1 } : {};
  return { touches: [], revision: 0, ...life };
}

/** The contact with what was said from his addresses. */
const bound = (
  { addresses }: ContactStoreState,
  heard: Heard,
  log: readonly ConsentEvidence[],
): Heard => withAddresses(heard, log, addresses.wordsOf(addressKeysOf(heard.profile)));

/** What is learnt is not the gate's: no revision moves. */
function learn(
  state: ContactStoreState,
  told: string,
  tell: (known: Contact) => Partial<Profile>,
): boolean {
  const { rows } = state;
  const contactId = presentId(state, told);
  const known = rows.get(contactId);
  if (known) rows.set(contactId, copy({ ...known, ...tell(known) }));
  return known !== undefined;
}

function addStaleStart({ rows }: ContactStoreState, contactId: string, stale: StaleStart): boolean {
  const known = rows.get(contactId);
  if (!known) return false;

  const { staleStarts = [] } = known;
  if (staleStarts.some(({ eventId }) => eventId === stale.eventId)) return true;

  rows.set(contactId, {
    ...known,
    staleStarts: [...staleStarts, stale].slice(-STALE_STARTS_KEPT),
  });
  return true;
}

function recordConsents(
  state: ContactStoreState,
  contactId: string,
  statements: readonly ConsentStatement[],
): boolean {
  return hear(state, contactId, (profile, log) => withStatements(profile, log, statements));
}

/** Changes the profile by what was said. */
function hear(
  state: ContactStoreState,
  told: string,
  change: (profile: Profile, log: readonly ConsentEvidence[]) => Heard,
  given?: NamesChanged['given'],
): boolean {
  const contactId = presentId(state, told);
  const log = logOf(state, contactId);
  const heard = (before: Profile): Profile => {
    const after = change(before, log);
    const isBound = hasOtherNames(before, after.profile);
    const { profile, added } = isBound ? bound(state, after, log) : after;
    addEvidence(state, contactId, copy(added));

    return profile;
  };

  return edit(state, contactId, heard, given);
}

/** Changes the profile as `change` says; false when the contact is unknown. */
function edit(
  state: ContactStoreState,
  told: string,
  change: (profile: Profile) => Profile,
  given?: NamesChanged['given'],
): boolean {
  const { rows, aliases } = state;
  const contactId = presentId(state, told);
  const known = rows.get(contactId);
  if (!known) return false;

  const { profile: before, profileRevision, kept } = parted(known);
  const after = change(before);
  const isSame = isDeepStrictEqual(undated(copy(after)), undated(before));

  rows.set(contactId, {
    ...copy(after),
    ...kept,
    profileRevision: profileRevision + (isSame ? 0 : 1),
  });
  if (given) aliases.follow({ before, after, given });

  return true;
}

/** A fact that is told again of a later time is the same. */
const undated = ({ factTimes: _times, ...profile }: Profile): Profile => profile;

/** The profile, and what an import or an edit never touches. */
function parted({
  touches,
  staleStarts,
  revision,
  chain,
  sequence,
  life,
  fences,
  profileRevision,
  ...profile
}: Contact) {
  const kept = {
    touches,
    revision,
    ...(staleStarts !== undefined && { staleStarts }),
    ...(chain !== undefined && { chain }),
    ...(sequence !== undefined && { sequence }),
    ...(life !== undefined && { life }),
    ...(fences !== undefined && { fences }),
  };
  return { profile: profile as Profile, profileRevision, kept };
}

const logOf = ({ consentLogs }: ContactStoreState, contactId: string): ConsentEvidence[] =>
  consentLogs.get(contactId) ?? [];

function addEvidence(
  state: ContactStoreState,
  contactId: string,
  evidence: readonly ConsentEvidence[],
): void {
  state.consentLogs.set(contactId, [...logOf(state, contactId), ...evidence]);
}
