// One slot, made ready for a range of dates: all that does not depend on the contact is worked out once.

import { wallMs } from '../time/anchors';
import { parseDate } from '../time/civil';
import { type DayKinds, dayKindsOf } from '../time/dayKind';
import { MINUTE_MS } from '../time/durations';
import type { HolidayTable } from '../time/holidays';
import { instantAt } from '../time/instant';
import { dateText } from '../time/localDate';
import type { DayRange } from '../time/months';
import { type Zone, zoneOf } from '../time/zone';
import { createMatcher, type Matcher } from '../trigger/matcher';
import { baseDays } from './baseDays';
import type { Calendar, CalendarContact, Slot } from './calendar';
import { type Placement, placementsOf } from './placement';
import { shiftedDay, shiftReach } from './shift';

/** A date of a contact in a slot. */
export interface SlotDate {
  /** The local date, after span and shift. */
  readonly date: string;
  /** Milliseconds. */
  readonly at: number;
}

export interface CompiledSlot {
  readonly slot: Slot;
  /** The dates of a contact within the range, ascending, each once; none when it does not take part. */
  datesOf(contact: CalendarContact): readonly SlotDate[];
}

/** What the slots of a calendar share. */
export interface CompileContext {
  readonly calendarId: string;
  readonly zone: Zone;
  readonly cities: ReadonlySet<string> | null;
  /** The final dates asked for. */
  readonly range: DayRange;
  readonly names: HolidayTable['names'];
  readonly dayKind: DayKinds;
}

export const compileContext = (
  calendar: Calendar,
  holidays: HolidayTable,
  fromDate: string,
  toDate: string,
): CompileContext => ({
  calendarId: calendar.id,
  zone: zoneOf(calendar.timezone),
  cities: calendar.cities ? new Set(calendar.cities) : null,
  range: { first: parseDate(fromDate), last: parseDate(toDate) },
  names: holidays.names,
  dayKind: dayKindsOf(holidays.days),
});

export function compileSlot(slot: Slot, context: CompileContext): CompiledSlot {
  const takesPart = audienceOf(slot, context.cities);
  const placementOf = placementsOf(context.calendarId, slot);
  const plannedDates = plannedDatesOf(slot, context);

  return {
    slot,
    datesOf(contact) {
      if (!takesPart(contact)) return [];

      const { days, minutes } = placementOf(contact.contactId);
      const dates = plannedDates(contact, days);

      return minutes === 0
        ? dates
        : dates.map(({ date, at }) => ({ date, at: at + minutes * MINUTE_MS }));
    },
  };
}

function audienceOf(
  { audience }: Slot,
  cities: CompileContext['cities'],
): (contact: CalendarContact) => boolean {
  const matches: Matcher = audience === undefined ? () => true : createMatcher(audience);

  return (contact) => (cities === null || cities.has(contact.city ?? '')) && matches(contact);
}

/** Dates at their wall time, by what of a contact they depend on: its days of the span, and what the anchor reads. */
function plannedDatesOf(
  slot: Slot,
  context: CompileContext,
): (contact: CalendarContact, days: Placement['days']) => readonly SlotDate[] {
  const known = new Map<string, readonly SlotDate[]>();
  const dateOf = createDates(slot, context);

  return (contact, days) => {
    const anchored = anchoredOn(slot, contact, context.zone);
    const key = `${days}/${anchored}`;
    const planned = known.get(key) ?? planDates(slot, context, dateOf, { days, anchored });
    known.set(key, planned);

    return planned;
  };
}

/** What the slot's anchor reads of a contact: its bill day, its day of activation, or nothing (null). */
function anchoredOn(
  { anchor }: Slot,
  { billDay, activatedAt }: CalendarContact,
  zone: Zone,
): number | null {
  switch (anchor.kind) {
    case 'billDay':
    case 'cycleEnd':
      return billDay ?? null;
    case 'activation':
      return activatedAt ? zone.dayAt(instantAt(activatedAt, 'activatedAt')) : null;
    default:
      return null;
  }
}

/**
 * The dates within the range on which anybody can be due for a slot, whoever the contacts are, ascending, each with the instant at
 * which the first of them is.
 */
export function waveDates(slot: Slot, context: CompileContext): readonly SlotDate[] {
  const dateOf = createDates(slot, context);
  const { spanDays = 1 } = slot;
  const found = new Map<string, SlotDate>();

  for (const anchored of anchoredDays(slot, context))
    for (let days = 0; days < spanDays; days++)
      for (const planned of planDates(slot, context, dateOf, { days, anchored }))
        found.set(planned.date, planned);

  return [...found.values()].sort((a, b) => a.at - b.at);
}

/** What the anchor may read of any contact. */
function anchoredDays({ anchor, shift, spanDays = 1 }: Slot, context: CompileContext) {
  switch (anchor.kind) {
    case 'billDay':
    case 'cycleEnd':
      return Array.from({ length: 31 }, (_, i) => i + 1);
    case 'activation': {
      const { first, last } = shiftReach(shift ?? 'none', context.range, context.dayKind);
      const earliest = first - spanDays - (anchor.offsetDays ?? 0);
      const latest = last - (anchor.offsetDays ?? 0);
      return Array.from({ length: latest - earliest + 1 }, (_, i) => earliest + i);
    }
    default:
      return [null];
  }
}

function planDates(
  slot: Slot,
  { range, names, dayKind }: CompileContext,
  dateOf: (day: number) => SlotDate,
  { days, anchored }: { readonly days: number; readonly anchored: number | null },
): readonly SlotDate[] {
  const { shift = 'none' } = slot;
  const reach = shiftReach(shift, range, dayKind);
  const bases = baseDays(
    slot.anchor,
    { first: reach.first - days, last: reach.last - days },
    { names, dayKind, billDay: anchored, activationDay: anchored },
  );

  const finals = bases
    .map((base) => shiftedDay(shift, base + days, dayKind))
    .filter((day): day is number => day !== null && day >= range.first && day <= range.last);

  return [...new Set(finals)].sort((a, b) => a - b).map(dateOf);
}

/** Each date of the slot with its instant, worked out once. */
function createDates(slot: Slot, { zone }: CompileContext): (day: number) => SlotDate {
  const known = new Map<number, SlotDate>();
  const wall = wallMs(slot.at);

  return (day) => {
    const planned = known.get(day) ?? { date: dateText(day), at: zone.instantOf(day, wall) };
    known.set(day, planned);

    return planned;
  };
}
