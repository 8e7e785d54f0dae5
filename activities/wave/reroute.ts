// Contacts whose member of staff has no room are asked for through another member who is their friend, where the slot says so.

import type { WaveContact } from '../../ports/waves';
import { type Contact, friendsOf, speakerFor } from '../../rules/contact/contact';
import { isStaffScope } from '../../rules/gate/quota';
import { formatInstant } from '../../rules/time/instant';
import type { WaveContext } from './wave';

/** Those that no member has room for stay deferred; when they are due again, every member is tried anew. */
export async function rerouted(
  { deps, slot }: WaveContext,
  contacts: readonly WaveContact[],
): Promise<readonly WaveContact[]> {
  if (slot.delivery?.whenStaffFull !== 'reroute') return contacts;

  const held = contacts.filter(isHeldByStaff);
  if (held.length === 0) return contacts;

  const known = await deps.stores.contacts.findMany(held.map(({ contactId }) => contactId));
  const people = new Map(known.map((contact) => [contact.contactId, contact]));
  const at = formatInstant(deps.clock.now());

  return contacts.map((each) => {
    const person = isHeldByStaff(each) ? people.get(each.contactId) : undefined;
    return person ? throughAnother(each, person, at) : each;
  });
}

const isHeldByStaff = ({ state, reason, rule = '' }: WaveContact): boolean =>
  state === 'waiting' && reason === 'quota' && isStaffScope(rule);

function throughAnother(contact: WaveContact, person: Contact, at: string): WaveContact {
  const { staffId, fullStaff = [], ...deferred } = contact;
  const asked = speakerFor(person, staffId)?.staffId;
  const full = [...fullStaff, ...(asked === undefined ? [] : [asked])];
  const next = friendsOf(person).find((friend) => !full.includes(friend.staffId));
  if (!next) return deferred;

  return { ...deferred, dueAt: at, staffId: next.staffId, fullStaff: full };
}
