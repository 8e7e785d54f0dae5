// The compile: a calendar becomes the occurrences of its slots. The scheduler, the preview, the rehearsal and the command line call it.

import { waveTouchId } from '../base/ids';
import type { HolidayTable } from '../time/holidays';
import { formatInstant } from '../time/instant';
import type { SlotBlackouts } from './blackout';
import type { Calendar, CalendarContact, Occurrence } from './calendar';
import { type CompiledSlot, compileContext, compileSlot } from './compiledSlot';

const NO_BLACKOUTS: ReadonlyMap<string, SlotBlackouts> = new Map();

/**
 * The slots of a calendar in the order of their ids, ready to be asked contact by contact: for who walks contacts in pages.
 * @param fromDate local date, included, as `toDate` is
 * @param blackouts by slot id; what any other slot has due takes place whatever a city says
 */
export function compileCalendar(
  calendar: Calendar,
  holidays: HolidayTable,
  fromDate: string,
  toDate: string,
  blackouts: ReadonlyMap<string, SlotBlackouts | null> = NO_BLACKOUTS,
): readonly CompiledSlot[] {
  const context = compileContext(calendar, holidays, fromDate, toDate);
  if (context.range.first > context.range.last) return [];

  return [...calendar.slots]
    .sort((a, b) => byCodeUnits(a.id, b.id))
    .map((slot) => compileSlot(slot, context, blackouts.get(slot.id) ?? null));
}

/** All occurrences with a final date from `fromDate` to `toDate`, by instant, then slot, then contact. */
export function occurrences(
  calendar: Calendar,
  contacts: readonly CalendarContact[],
  holidays: HolidayTable,
  fromDate: string,
  toDate: string,
): Occurrence[] {
  const people = [...contacts].sort((a, b) => byCodeUnits(a.contactId, b.contactId));
  const byInstant = new Map<number, InstantGroup>();

  // Slots and contacts come in order, so that only the instants are left to be sorted.
  for (const compiled of compileCalendar(calendar, holidays, fromDate, toDate))
    addSlot(byInstant, calendar.id, compiled, people);

  return [...byInstant.keys()]
    .sort((a, b) => a - b)
    .flatMap((instant) => byInstant.get(instant)?.occurrences ?? []);
}

const byCodeUnits = (a: string, b: string): number => {
  if (a === b) return 0;
  return a < b ? -1 : 1;
};

interface InstantGroup {
  readonly at: string;
  readonly occurrences: Occurrence[];
}

/** @param people by id, so that whoever is listed twice follows itself */
function addSlot(
  byInstant: Map<number, InstantGroup>,
  calendarId: string,
  { slot, datesOf }: CompiledSlot,
  people: readonly CalendarContact[],
): void {
  const seen = new Set<string>();
  let previous: string | undefined;

  for (const contact of people) {
    const { contactId } = contact;
    if (contactId !== previous) seen.clear();
    previous = contactId;

    for (const { date, at } of datesOf(contact)) {
      if (seen.has(date)) continue;
      seen.add(date);

      const group = groupAt(byInstant, at);
      const touchId = waveTouchId(calendarId, slot.id, date, contactId);
      group.occurrences.push({ slotId: slot.id, contactId, date, at: group.at, touchId });
    }
  }
}

function groupAt(byInstant: Map<number, InstantGroup>, instant: number): InstantGroup {
  const known = byInstant.get(instant);
  if (known) return known;

  const group = { at: formatInstant(instant), occurrences: [] };
  byInstant.set(instant, group);

  return group;
}
