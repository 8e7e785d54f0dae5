// Edits of one contact's profile, each tried again when a rival moved the profile in between.

import { isDeepStrictEqual } from 'node:util';
import type { Model } from 'mongoose';
import { CodedError } from '../../rules/base/errors';
import {
  type AddressWords,
  type ConsentStatement,
  type Heard,
  withAddresses,
  withStatements,
} from '../../rules/contact/consentLog';
import type { Contact, Profile, Relation } from '../../rules/contact/contact';
import type { FactTime } from '../../rules/contact/facts';
import type { KnownFacts } from '../../rules/contact/knownFacts';
import { blocked, patched, related, unblocked } from '../../rules/contact/profile';
import { addressKeysOf, hasOtherNames, type NamesChanged } from '../aliasMoves';
import type { AddressReader } from './addresses';
import type { Aliases } from './aliases';
import { type ContactDocument, contactFromDocument, profileFromDocument } from './contactDocument';
import { inGroups } from './inGroups';
import { changeOf, conditionOf, isNews } from './profileChange';

const MAX_RACES = 200;

export interface ContactState {
  readonly contacts: Model<ContactDocument>;
  /** One contact as it is now, read together with those that others ask for. */
  readonly read: (contactId: string) => Promise<ContactDocument | null>;
  readonly aliases: Aliases;
  readonly addresses: AddressReader;
}

interface Edit {
  readonly profile: Profile;
  /** What was said of the contact's names. */
  readonly given?: NamesChanged['given'];
  /** What was said from the addresses is to be taken over; it is when the names change, too. */
  readonly isBound?: true;
  /** Statements for the log. */
  readonly added?: readonly ConsentStatement[];
  /** No revision moves. */
  readonly isLearnt?: true;
}

export async function patchContact(
  state: ContactState,
  contactId: string,
  change: { readonly [field in keyof Profile]?: Profile[field] | null },
  time?: FactTime,
): Promise<boolean> {
  return await edit(state, contactId, (profile) => ({
    profile: patched(profile, change, time),
    given: change,
  }));
}

export async function relateContact(
  state: ContactState,
  contactId: string,
  relation: Relation,
): Promise<boolean> {
  return await edit(state, contactId, (profile) => ({
    profile: related(profile, relation),
    given: { relations: [relation] },
  }));
}

export async function blockContact(
  state: ContactState,
  contactId: string,
  block: { readonly channel: string; readonly reason: string },
): Promise<boolean> {
  return await edit(state, contactId, (profile) => ({ profile: blocked(profile, block) }));
}

export async function unblockContact(
  state: ContactState,
  contactId: string,
  block: { readonly channel: string; readonly reason: string },
): Promise<boolean> {
  return await edit(state, contactId, (profile) => ({ profile: unblocked(profile, block) }));
}

export async function recordConsents(
  state: ContactState,
  contactId: string,
  statements: readonly ConsentStatement[],
): Promise<boolean> {
  return await edit(state, contactId, (profile, { consentLog = [] }) =>
    withStatements(profile, consentLog, statements),
  );
}

export async function takeOver(state: ContactState, contactId: string): Promise<boolean> {
  return await edit(state, contactId, (profile) => ({ profile, isBound: true }));
}

export function contactReader(contacts: Model<ContactDocument>): ContactState['read'] {
  const read = inGroups(async (ids: readonly string[]) => {
    const found = await contacts
      .find({ _id: { $in: [...new Set(ids)] } })
      .lean<ContactDocument[]>();
    const byId = new Map(found.map((document) => [document._id, document]));
    return ids.map((id) => byId.get(id) ?? null);
  });
  return async (contactId) => (await read([contactId]))[0] ?? null;
}

/** Facts alone: they are not the gate's, so no revision of the profile moves. The contact as it is known then; null: unknown. */
export async function learn(
  state: ContactState,
  contactId: string,
  tell: (known: Profile) => KnownFacts,
): Promise<Contact | null> {
  const learnt = await editedContact(state, contactId, (profile) => ({
    profile: { ...profile, ...tell(profile) },
    isLearnt: true,
  }));
  return learnt && { ...contactFromDocument(learnt.document), ...learnt.profile };
}

/** Changes the profile as `change` says; false when the contact is unknown. A change of nothing writes nothing. What went into another contact is changed there. */
export async function edit(
  state: ContactState,
  contactId: string,
  change: (profile: Profile, document: ContactDocument) => Edit,
): Promise<boolean> {
  return (await editedContact(state, contactId, change)) !== null;
}

interface EditedContact {
  /** As it was read. */
  readonly document: ContactDocument;
  /** As it is now. */
  readonly profile: Profile;
}

async function editedContact(
  state: ContactState,
  contactId: string,
  change: (profile: Profile, document: ContactDocument) => Edit,
): Promise<EditedContact | null> {
  let id = contactId;
  for (let race = 0; race < MAX_RACES; race++) {
    const document = await state.read(id);
    if (!document) return null;
    if (document.mergedInto !== undefined) {
      id = document.mergedInto;
      continue;
    }

    const edited = change(profileFromDocument(document), document);
    if (await editOnce(state, document, edited)) return { document, profile: edited.profile };
  }

  throw new CodedError('CONFLICT', `contact ${contactId}: lost ${MAX_RACES} races in a row`);
}

/** False when the profile moved meanwhile. */
export async function editOnce(
  state: ContactState,
  document: ContactDocument,
  edited: Edit,
): Promise<boolean> {
  const before = profileFromDocument(document);
  const { given, isBound = hasOtherNames(before, edited.profile) } = edited;
  const names = given ? [{ before, after: edited.profile, given }] : [];

  await state.aliases.claim(names);
  const heard = await withWords(state, edited, document, isBound);
  if (!(await written(state.contacts, document, before, heard))) return false;
  await state.aliases.release(names);

  // What was said meanwhile found a name that led to nobody yet.
  if (given && isBound && (await hasNews(state, heard))) await takeOver(state, document._id);
  return true;
}

/** An edit with what was said from the addresses of the contact, as it was read. */
interface HeardEdit extends Heard, Pick<Edit, 'isLearnt'> {
  readonly words: readonly AddressWords[];
}

async function withWords(
  { addresses }: ContactState,
  { profile, added = [], ...edit }: Edit,
  { consentLog = [] }: ContactDocument,
  isBound: boolean,
): Promise<HeardEdit> {
  if (!isBound) return { ...edit, profile, added, words: [] };

  const words = [...(await addresses.wordsOf(addressKeysOf(profile))).values()];
  return { ...edit, ...withAddresses({ profile, added }, consentLog, words), words };
}

async function hasNews(
  { addresses }: ContactState,
  { profile, words }: HeardEdit,
): Promise<boolean> {
  const now = await addresses.wordsOf(addressKeysOf(profile));
  return !isDeepStrictEqual([...now.values()], words);
}

/** False when what it changes moved meanwhile. */
async function written(
  contacts: Model<ContactDocument>,
  document: ContactDocument,
  before: Profile,
  { profile, added, isLearnt }: HeardEdit,
): Promise<boolean> {
  const change = changeOf(before, profile);
  const { filter, $inc } = conditionOf(change, document, !isLearnt && isNews(change));
  const update = {
    ...change,
    ...($inc && { $inc }),
    ...(added.length > 0 && { $push: { consentLog: { $each: added } } }),
  };
  if (Object.keys(update).length === 0) return true;

  const { matchedCount } = await contacts.updateOne(filter, update);
  return matchedCount > 0;
}
