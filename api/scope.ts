// The cities a caller may see: passed into every store query, so that a forgotten check finds nothing instead of everything.

import type { Caller } from '../ports/auth';
import type { CityScope } from '../ports/contacts';
import { CodedError } from '../rules/base/errors';
import type { Contact } from '../rules/contact/contact';
import type { Exchange } from './exchange';

/** The caller's cities, narrowed to one when asked for. */
export function scopeOf(caller: Caller, city?: string): CityScope {
  if (city === undefined) return caller.cities === undefined ? {} : { cities: caller.cities };
  return { cities: allows(caller, city) ? [city] : [] };
}

export const allows = (caller: Caller, city: string): boolean =>
  caller.cities === undefined || caller.cities.includes(city);

/** What a caller may not see does not exist for it. */
export const unknown = (what: string, id: string): CodedError =>
  new CodedError('NOT_FOUND', `${what} ${id} does not exist`, [
    { path: what, message: 'unknown', value: id },
  ]);

/** The contact, when the caller may see it. @throws CodedError NOT_FOUND */
export async function visibleContact(
  { deps, caller }: Pick<Exchange, 'deps' | 'caller'>,
  contactId: string,
): Promise<Contact> {
  const contact = await deps.stores.contacts.find(contactId, scopeOf(caller));
  if (!contact) throw unknown('contact', contactId);
  return contact;
}
