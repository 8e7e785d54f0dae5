// Two records of one person made one, and apart again, each by conditional writes that may be repeated after a crash.

import { CodedError } from '../../rules/base/errors';
import { joined, retired, separated } from '../../rules/contact/merge';
import { type ContactDocument, profileFromDocument } from './contactDocument';
import { type ContactState, edit, editOnce } from './contactEdits';

const MAX_RACES = 50;

export async function absorbContact(
  state: ContactState,
  contactId: string,
  other: string,
): Promise<boolean> {
  const found = await documentOf(state, other);
  if (!found) return false;

  const from = profileFromDocument(found);
  return await edit(state, contactId, (profile) => {
    const after = joined(profile, from);
    return { profile: after, given: after };
  });
}

export async function retireContact(
  state: ContactState,
  other: string,
  contactId: string,
  profileRevision: number,
): Promise<boolean> {
  const [from, into] = [await documentOf(state, other), await documentOf(state, contactId)];
  if (!from || !into) return false;
  if (from.mergedInto === contactId) return true;
  if (from.profileRevision !== profileRevision) return false;

  const profile = retired(profileFromDocument(from), profileFromDocument(into));
  return await editOnce(state, from, { profile, given: profile });
}

/** First the record that becomes a contact again: a name is with both for a moment, and never with neither. */
export async function partContact(
  state: ContactState,
  contactId: string,
  other: string,
): Promise<boolean> {
  for (let race = 0; race < MAX_RACES; race++) {
    const [into, from] = [await documentOf(state, contactId), await documentOf(state, other)];
    const isIn = into?.mergedFrom?.some((each) => each.contactId === other);
    if (!into || !from || !isIn) return false;

    const after = separated(profileFromDocument(into), profileFromDocument(from));
    const isBack = from.mergedInto === undefined; // a crash came between the two writes
    if (!isBack && !(await editOnce(state, from, { profile: after.from, given: after.from })))
      continue;
    if (await editOnce(state, into, { profile: after.into, given: after.into })) return true;
  }

  throw new CodedError('CONFLICT', `contact ${contactId}: lost ${MAX_RACES} races in a row`);
}

const documentOf = ({ contacts }: ContactState, _id: string): Promise<ContactDocument | null> =>
  contacts.findOne({ _id }).lean<ContactDocument>();
