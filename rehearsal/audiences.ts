// Audiences of a rehearsal: who meets a condition is found once, unless it asks of touches, the only thing that changes in one.

import type { ContactRows } from '../models/memory/contacts';
import type { ContactStore } from '../ports/contacts';
import type { Contact } from '../rules/contact/contact';
import { createMatcher } from '../rules/trigger/matcher';

/** What a contact's document keeps of touches, as a path of a condition. */
const ASKS_OF_TOUCHES = /"(touches|revision|sequence|chain|fences)[".]/;

/** @returns contacts that are only to be read: they are the rows themselves */
export function audiencesOf(contacts: ContactRows): ContactStore['candidates'] {
  const ids = [...contacts.keys()].sort();
  const audiences = new Map<string, readonly string[]>();

  return async (condition, after, limit, scope) => {
    const key = JSON.stringify([condition, scope?.cities ?? null]);
    const audience = audiences.get(key) ?? ids.filter(memberOf(contacts, condition, scope?.cities));
    if (!ASKS_OF_TOUCHES.test(key)) audiences.set(key, audience);

    const from = after === null ? 0 : firstAfter(audience, after);
    return audience.slice(from, from + limit).flatMap((id) => contacts.get(id) ?? []);
  };
}

function memberOf(
  contacts: ContactRows,
  condition: Parameters<typeof createMatcher>[0],
  cities: readonly string[] | undefined,
): (contactId: string) => boolean {
  const matches = createMatcher(condition);
  const isMember = (contact: Contact): boolean =>
    (cities === undefined || cities.includes(contact.city)) && matches(contact);

  return (contactId) => {
    const contact = contacts.get(contactId);
    return contact !== undefined && isMember(contact);
  };
}

/** The place of the first id behind `after`. @param ids ascending */
function firstAfter(ids: readonly string[], after: string): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ids[middle] ?? '') <= after) low = middle + 1;
    else high = middle;
  }
  return low;
}
