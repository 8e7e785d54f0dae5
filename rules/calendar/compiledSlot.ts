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
import type { BlackoutDays, SlotBlackouts } from './blackout';
import type { Calendar, CalendarContact, Slot } from './calendar';
import { type DayChoice, finalDays, reachOf } from './finalDays';
import { type Placement, placementsOf } from './placement';

/** A date of a contact in a slot. */
export interface SlotDate {
  /** The local date, after span, shift and blackouts. */
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

export function compileSlot(
  slot: Slot,
  context: CompileContext,
  blackouts: SlotBlackouts | null,
): CompiledSlot {
  const takesPart = audienceOf(slot, context.cities);
  const placementOf = placementsOf(context.calendarId, slot);
  const plannedDates = plannedDatesOf(slot, context, blackouts);

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

/** Dates at their wall time, by what of a contact they depend on: its days of the span, what the anchor reads, its city's blackouts. */
function plannedDatesOf(
  slot: Slot,
  context: CompileContext,
  blackouts: SlotBlackouts | null,
): (contact: CalendarContact, days: Placement['days']) => readonly SlotDate[] {
  const known = new Map<string, readonly SlotDate[]>();
  const dateOf = createDates(slot, context);

  return (contact, days) => {
    const anchored = anchoredOn(slot, contact, context.zone);
    const blackoutDays = blackouts?.cities.daysIn(contact.city) ?? null;
    const key = `${days}/${anchored}${blackoutDays === null ? '' : `/${blackoutDays.key}`}`;

    const cached = known.get(key);
    if (cached) return cached;

    const choice = { days, anchored, blackout: blackoutOf(blackouts, blackoutDays) };
    const planned = finalDays(slot, context, choice).map(dateOf);
    known.set(key, planned);

    return planned;
  };
}

const blackoutOf = (
  blackouts: SlotBlackouts | null,
  days: BlackoutDays | null,
): DayChoice['blackout'] => blackouts && days && { atBlackout: blackouts.atBlackout, days };

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
export function waveDates(
  slot: Slot,
  context: CompileContext,
  blackouts: SlotBlackouts | null,
): readonly SlotDate[] {
  const { spanDays = 1 } = slot;
  const daysInAny = blackouts?.cities.daysInAny(context.cities) ?? [null];
  const found = new Set<number>();

  for (const blackoutDays of daysInAny) {
    const blackout = blackoutOf(blackouts, blackoutDays);
    for (const anchored of anchoredDays(slot, context, blackout))
      for (let days = 0; days < spanDays; days++)
        for (const day of finalDays(slot, context, { days, anchored, blackout })) found.add(day);
  }

  return [...found].map(createDates(slot, context)).sort((a, b) => a.at - b.at);
}

/** What the anchor may read of any contact. */
function anchoredDays(
  slot: Slot,
  context: CompileContext,
  blackout: DayChoice['blackout'],
): readonly (number | null)[] {
  const { anchor, spanDays = 1 } = slot;

  switch (anchor.kind) {
    case 'billDay':
    case 'cycleEnd':
      return Array.from({ length: 31 }, (_, i) => i + 1);
    case 'activation': {
      const { first, last } = reachOf(slot, context, blackout);
      const earliest = first - spanDays - (anchor.offsetDays ?? 0);
      const latest = last - (anchor.offsetDays ?? 0);
      return Array.from({ length: Math.max(0, latest - earliest + 1) }, (_, i) => earliest + i);
    }
    default:
      return [null];
  }
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
