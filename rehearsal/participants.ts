// Who takes part in a rehearsal: the contacts that are due in any of its waves, with all that is known of them.

import type { ContactRows } from '../models/memory/contacts';
import type { ContactStore } from '../ports/contacts';
import { compilePlan } from '../rules/calendar/plan';
import type { Contact } from '../rules/contact/contact';
import { type Calendars, datesOf } from './calendars';

/** Contacts that a store reads at once. */
const PAGE = 500;

/** @param tell how many were read, after each page; it throws when nobody waits any more */
export async function readParticipants(
  contacts: Pick<ContactStore, 'page'>,
  calendars: Calendars,
  tell: (read: number) => void,
): Promise<ContactRows> {
  const scope = citiesOf(calendars);
  const isDue = dueIn(calendars);
  const rows: ContactRows = new Map();
  let read = 0;

  for (let after: string | null = null; ; ) {
    const page: readonly Contact[] = await contacts.page(after, PAGE, scope);
    for (const contact of page) if (isDue(contact)) rows.set(contact.contactId, contact);

    read += page.length;
    tell(read);
    if (page.length < PAGE) return rows;
    after = page.at(-1)?.contactId ?? null;
  }
}

/** Absent: some calendar reaches every city. */
function citiesOf({ all }: Calendars): { readonly cities: readonly string[] } | undefined {
  const plans = all.flatMap((each) => [...each.plans.values()]);
  if (plans.some(({ cities }) => cities === undefined)) return undefined;
  return { cities: [...new Set(plans.flatMap(({ cities = [] }) => cities))] };
}

function dueIn({ all, tables, span }: Calendars): (contact: Contact) => boolean {
  const slots = all.flatMap(({ plans }) =>
    [...plans.values()].flatMap((plan) => compilePlan(plan, tables, ...datesOf(span, plan))),
  );
  return (contact) => slots.some(({ datesOf: datesIn }) => datesIn(contact).length > 0);
}
