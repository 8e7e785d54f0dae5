// A slot for those who opened something of ours lately: an opening of last month is no interest in what is offered now.

import { parseDate } from '../time/civil';
import { instantAt } from '../time/instant';
import type { Zone } from '../time/zone';
import type { CalendarContact } from './calendar';
import type { CompiledSlot } from './compiledSlot';

/** Leaves the dates that are at most so many days after the customer last opened something (fact `openedAt`), in the calendar's zone. */
export const openedWithin = (slot: CompiledSlot, days: number, zone: Zone): CompiledSlot => ({
  ...slot,
  datesOf(contact) {
    const openedAt = openedAtOf(contact);
    if (openedAt === null) return [];

    const openedOn = zone.dayAt(instantAt(openedAt, 'facts.openedAt'));
    return slot.datesOf(contact).filter(({ date }) => {
      const since = parseDate(date) - openedOn;
      return since >= 0 && since <= days;
    });
  },
});

function openedAtOf(contact: CalendarContact & { readonly facts?: unknown }): string | null {
  const { openedAt } = (contact.facts ?? {}) as { readonly openedAt?: unknown };
  return typeof openedAt === 'string' ? openedAt : null;
}
