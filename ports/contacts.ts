// Where customers are kept: profiles, consents, relations. Touches are changed through the touch store alone.

import type { Lack } from '../rules/catalogue/variables';
import type { ConsentEvidence, ConsentStatement } from '../rules/contact/consentLog';
import type { Contact, Facts, Profile, Purchase, Relation } from '../rules/contact/contact';
import type { FactTime } from '../rules/contact/facts';
import type { ImportMode, ImportRow } from '../rules/contact/profile';
import type { StaleStart } from '../rules/contact/staleStart';
import type { Condition } from '../rules/trigger/condition';

/** Another name of a contact. Several may have it: a family has one number, a number is given to somebody else. */
export type Alias = {
  readonly kind: 'externalUserId' | 'unionId' | 'phone';
  readonly value: string;
};

export interface SharedName {
  /** Where to go on. */
  readonly key: string;
  /** Personal: its value. */
  readonly name: Alias;
  /** Ascending. */
  readonly contactIds: readonly string[];
}

/** Limits a read to the cities of a caller; absent: all. */
export interface CityScope {
  readonly cities?: readonly string[];
}

/** Those of some cities and of a brand; absent: all. */
export interface Audience extends CityScope {
  readonly brand?: string;
}

export interface ImportOptions {
  readonly mode?: ImportMode;
  /** Name of these rows, unique over all imports: given again after a crash, what was written before is answered as written. */
  readonly batch?: string;
  /** Writes nothing, and answers what would become of the rows. */
  readonly dryRun?: boolean;
}

/** `no-city`: nothing was written, for the contact is unknown and the row does not say where it belongs. */
export type RowOutcome = 'created' | 'updated' | 'unchanged' | 'no-city';

/**
 * A contact that went into another one stands for that one, whatever is asked or told of it; only `findKept` and the
 * touch store, which keeps its touches, take an id as it is.
 */
export interface ContactStore {
  find(contactId: string, scope?: CityScope): Promise<Contact | null>;
  /** In no order, each once; unknown ids are left out. */
  findMany(contactIds: readonly string[]): Promise<Contact[]>;
  /** Into which contact each of these went; those that went into none are left out. */
  findMerged(contactIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** As they are kept, also those that went into another one. */
  findKept(contactIds: readonly string[]): Promise<Contact[]>;
  /** The contacts of these WeCom customers, in no order; ids that nobody has are left out. */
  findByExternalUsers(externalUserIds: readonly string[]): Promise<Contact[]>;
  /** Members of staff who have or had a customer as a friend, ascending. */
  staffWithRelations(): Promise<string[]>;
  /** Walks the friends of a member by contact id, ascending, after `after`. */
  friendsOfStaff(staffId: string, after: string | null, limit: number): Promise<Contact[]>;

  /** Ids of all contacts that have the name, ascending: one look-up by key. A contact may not be written yet. */
  idsByAlias(alias: Alias): Promise<string[]>;
  /** The same of many names at once, in their order. */
  holdersOf(aliases: readonly Alias[]): Promise<readonly (readonly string[])[]>;
  /**
   * Creates contacts, and changes of known ones the fields that a row has; `null` removes one. Touches and revisions are kept. The
   * consents of a row are statements; an undated one grants nothing again that was ever refused. A block for an opt-out, a
   * complaint or a carrier's blacklist is never lifted. Counts the profile revision up where something changed. Rows are independent.
   * @param at ISO, when it is imported: the consents that the rows claim are heard then, and its facts are of then if it does not say;
   * absent: long ago.
   * @returns of each row what became of it, in their order
   */
  upsertMany(
    rows: readonly ImportRow[],
    at?: string,
    options?: ImportOptions,
  ): Promise<readonly RowOutcome[]>;
  /**
   * Changes some fields, merges facts; `null` removes a field. False when the contact is unknown.
   * @param time of its facts and its plan; absent: of an unknown past
   */
  patch(
    contactId: string,
    change: { readonly [field in keyof Profile]?: Profile[field] | null },
    time?: FactTime,
  ): Promise<boolean>;
  /**
   * Merges facts of one time: each stands unless a later one is known (rules/contact/knownFacts.ts), in whatever order they are
   * heard. They are not the gate's, so no revision moves. The contact as it is known then; null: unknown.
   */
  learn(contactId: string, facts: Facts, time: FactTime): Promise<Contact | null>;
  /** A product bought joins the products of the customer once. */
  addPurchase(contactId: string, purchase: Purchase): Promise<boolean>;
  /** Keeps that a journey was not started, of each event once; the oldest are forgotten. */
  addStaleStart(contactId: string, stale: StaleStart): Promise<boolean>;
  /**
   * Takes up what is told of the relation with a member of staff, in whatever order it is heard (rules/contact/relation.ts), and
   * derives `channels.wecom.reachable` from all relations.
   */
  relate(contactId: string, relation: Relation): Promise<boolean>;
  /**
   * Records statements with their evidence. The consents are what follows from all of them, in whatever order they come in
   * (rules/contact/consentLog.ts). The same one told twice is kept once.
   */
  consent(contactId: string, statements: readonly ConsentStatement[]): Promise<boolean>;
  /**
   * The contact takes over what was said from the addresses it has (ports/addresses.ts), and is held where an answer from one
   * waits for a member. False when it is unknown.
   */
  takeOver(contactId: string): Promise<boolean>;
  /** Every statement, in the order it came in. Nothing ever leaves it. */
  consentLog(contactId: string): Promise<ConsentEvidence[]>;
  block(
    contactId: string,
    block: { readonly channel: string; readonly reason: string },
  ): Promise<boolean>;
  /** Takes a block away, whoever asked for it. */
  unblock(
    contactId: string,
    block: { readonly channel: string; readonly reason: string },
  ): Promise<boolean>;
  /** Gives a contact all that is known of another record of the same person, names included. False when either is unknown. */
  absorb(contactId: string, other: string): Promise<boolean>;
  /**
   * What `contactId` was absorbed of goes into it, if it is as it was at `profileRevision`; false when it moved meanwhile.
   * Its touches stay with it and count for the other one.
   */
  retire(other: string, contactId: string, profileRevision: number): Promise<boolean>;
  /** Makes a record that went into `contactId` a contact of its own again. False: it did not go into it. */
  part(contactId: string, other: string): Promise<boolean>;
  /** Names that several contacts have, by name, after `after`. */
  sharedNames(after: string | null, limit: number): Promise<SharedName[]>;
  /** Walks contacts by id, ascending, after `after`. */
  page(after: string | null, limit: number, scope?: CityScope): Promise<Contact[]>;
  /**
   * The same of those who may fit a condition: everybody who does is among them, and as many others are left out as the store can
   * tell. Whoever asks judges them by the condition.
   */
  candidates(
    condition: Condition,
    after: string | null,
    limit: number,
    scope?: CityScope,
  ): Promise<Contact[]>;
  count(): Promise<number>;
  /** How many there are of an audience; with `lack` only those who lack a value. */
  countAudience(audience: Audience, lack?: Lack): Promise<number>;
}
