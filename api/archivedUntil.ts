// Whether an answer from the ledger lacks what was archived: whoever asks for the time before it is told.

import type { Stores } from '../ports/stores';
import type { Contact } from '../rules/contact/contact';
import type { Pseudonyms } from '../rules/ledger/subject';

interface ArchivedUntil {
  /** ISO: of what is asked for, the ledger has nothing from before it. */
  readonly archivedUntil?: string;
}

/** @param from ISO: the first instant that is asked for; absent: all that was. */
export async function archivedUntil(
  { archives }: Pick<Stores, 'archives'>,
  from = '',
): Promise<ArchivedUntil> {
  const latest = await archives.latest();
  return latest && from < latest.until ? { archivedUntil: latest.until } : {};
}

/** The same of one contact: nothing, if none of its rows were archived. */
export async function archivedUntilOf(
  { archives }: Pick<Stores, 'archives'>,
  { contactId, life }: Pick<Contact, 'contactId' | 'life'>,
  subjectOf: Pseudonyms | undefined,
  from = '',
): Promise<ArchivedUntil> {
  const latest = await archives.latest();
  if (!latest) return {};

  const subject = subjectOf?.(contactId, life) ?? contactId;
  const [begins] = await archives.beginningsOf([subject], latest.until);
  return begins && from < begins.until ? { archivedUntil: begins.until } : {};
}
