// Counts of an audience in memory.

import type { Audience } from '../../ports/contacts';
import type { Lack } from '../../rules/catalogue/variables';
import type { Contact } from '../../rules/contact/contact';
import { isInCities } from './cities';

export function countAudienceIn(
  contacts: Iterable<Contact>,
  { cities, brand }: Audience,
  lack?: Lack,
): number {
  const isMeant = (contact: Contact): boolean =>
    isInCities(contact.city, cities) &&
    (brand === undefined || contact.brand === brand) &&
    (lack === undefined || lacks(contact, lack));

  return [...contacts].filter(isMeant).length;
}

function lacks(contact: Contact, lack: Lack): boolean {
  const value = lack.field
    .split('.')
    .reduce<unknown>((of, name) => (of as Record<string, unknown> | undefined)?.[name], contact);

  switch (lack.kind) {
    case 'absent':
      return value === undefined || value === null;
    case 'blank':
      return typeof value !== 'string' || value.trim() === '';
    case 'not-among':
      return typeof value !== 'string' || !lack.values.includes(value);
  }
}
