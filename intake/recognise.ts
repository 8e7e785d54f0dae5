// Customers who came by WeCom first and are known under an id of the operator as well: one person, recognised by union id or number.

import type { Alias } from '../ports/contacts';
import type { Contact } from '../rules/contact/contact';
import { contactIdOfWecom, UNASSIGNED } from './inbound';
import { type MergeDeps, mergeContacts } from './merge';

/** The names by which a person is recognised, in the order of trust. */
type Recognised = Pick<Contact, 'contactId'> & {
  readonly unionId?: string | null;
  readonly phone?: string | null;
};

const WECOM_ONLY = contactIdOfWecom('');
const RECOGNISED = { by: 'sopflow', reason: 'the same union id or number' };

/** True for a record that WeCom alone has made, and that no import has named yet. */
export const isWecomOnly = ({ contactId, city }: Pick<Contact, 'contactId' | 'city'>): boolean =>
  contactId.startsWith(WECOM_ONLY) && city === UNASSIGNED;

/** Joins what WeCom alone knew of these contacts with them, wherever it is clear who is who. Repeats change nothing. */
export async function joinRecognised(deps: MergeDeps, given: readonly Recognised[]): Promise<void> {
  const names = given.flatMap(namesOf);
  if (names.length === 0) return;

  const holders = await deps.stores.contacts.holdersOf(names);
  for (const ids of holders) if (ids.length > 1) await joinHolders(deps, ids);
}

function namesOf({ unionId, phone }: Recognised): Alias[] {
  return [
    ...(unionId ? [{ kind: 'unionId' as const, value: unionId }] : []),
    ...(phone ? [{ kind: 'phone' as const, value: phone }] : []),
  ];
}

/** The records of WeCom go into the one contact of the operator; with several of those nobody can say into which. */
async function joinHolders(deps: MergeDeps, ids: readonly string[]): Promise<void> {
  const found = await deps.stores.contacts.findMany(ids);
  const known = found.filter((each) => !isWecomOnly(each) && each.numberLostAt === undefined);
  const [contact, ...others] = known;
  if (!contact || others.length > 0) return;

  for (const stranger of found.filter(isWecomOnly))
    if (isSamePerson(contact, stranger))
      await mergeContacts(
        deps,
        { contactId: contact.contactId, other: stranger.contactId },
        RECOGNISED,
      );
}

/** A number may be a family's: two union ids are two people, and so are records that somebody parted. */
function isSamePerson(a: Contact, b: Contact): boolean {
  const isApart = a.apart?.includes(b.contactId) || b.apart?.includes(a.contactId);
  const areTwo = a.unionId !== undefined && b.unionId !== undefined && a.unionId !== b.unionId;
  return !isApart && !areTwo;
}
