// The calendar's semantics a second time, slowly and differently: every day of a wide range is asked whether it is a base date.

import { createHash } from 'node:crypto';
import { DateTime } from 'luxon';
import type { AtBlackout, BlackoutTable } from '../../rules/calendar/blackout';
import type {
  Anchor,
  Calendar,
  CalendarContact,
  Occurrence,
  Slot,
} from '../../rules/calendar/calendar';
import type { CalendarCase } from '../../rules/calendar/calendarCase.schema';
import type { HolidayTable } from '../../rules/time/holidays';
import type { Condition } from '../../rules/trigger/condition';
import { createMatcher } from '../../rules/trigger/matcher';

const NAMES = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
/** Further than any span, shift or offset of the cases reaches. */
const MARGIN_DAYS = 60;
const MINUTE = 60_000;

/** Luxon in UTC: dates without a zone. */
const dateOf = (text: string): DateTime => DateTime.fromISO(text, { zone: 'utc' });
const textOf = (date: DateTime): string => date.toISODate() ?? '';
const plus = (text: string, days: number): string => textOf(dateOf(text).plus({ days }));

function isRest(text: string, { days }: HolidayTable): boolean {
  return (days[text] ?? (dateOf(text).weekday > 5 ? 'rest' : 'work')) === 'rest';
}

const months = new Map<string, string[]>();

function daysOfMonth(text: string): string[] {
  const date = dateOf(text);
  const key = text.slice(0, 7);
  const days =
    months.get(key) ??
    Array.from({ length: date.daysInMonth ?? 0 }, (_, i) =>
      textOf(date.startOf('month').plus({ days: i })),
    );
  months.set(key, days);
  return days;
}

const pick = (days: readonly string[], n: number): string | undefined =>
  n > 0 ? days[n - 1] : days[days.length + n];

function isBillDay(text: string, billDay: number | null | undefined): boolean {
  if (!billDay) return false;
  const { day, daysInMonth = 0 } = dateOf(text);
  return day === billDay || (billDay > daysInMonth && day === daysInMonth);
}

function isBase(
  anchor: Anchor,
  text: string,
  contact: CalendarContact,
  holidays: HolidayTable,
  zone: string,
): boolean {
  const before = plus(text, -('offsetDays' in anchor ? (anchor.offsetDays ?? 0) : 0));
  switch (anchor.kind) {
    case 'date':
      return anchor.date === text;
    case 'monthDay': {
      const days = daysOfMonth(text);
      const missing = anchor.day > 0 ? days.at(-1) : days[0];
      return (pick(days, anchor.day) ?? (anchor.ifMissing === 'skip' ? '' : missing)) === text;
    }
    case 'workday':
      return (
        pick(
          daysOfMonth(text).filter((day) => !isRest(day, holidays)),
          anchor.n,
        ) === text
      );
    case 'weekday': {
      const weekday = NAMES.indexOf(anchor.weekday) + 1;
      const days = daysOfMonth(text).filter((day) => dateOf(day).weekday === weekday);
      return pick(days, anchor.n) === text;
    }
    case 'weekly':
      return anchor.weekdays.some((name) => NAMES.indexOf(name) + 1 === dateOf(text).weekday);
    case 'holiday':
      return new Map(Object.entries(holidays.names)).get(anchor.name)?.includes(before) ?? false;
    case 'billDay':
      return isBillDay(before, contact.billDay);
    case 'cycleEnd':
      return isBillDay(plus(before, 1), contact.billDay);
    case 'activation':
      return (
        !!contact.activatedAt &&
        DateTime.fromISO(contact.activatedAt).setZone(zone).toISODate() === before
      );
  }
}

/** Nobody is due on a blacked-out date of its city, nor, where the slot keeps off rest days, on one of those instead. */
export function naiveBlackouts(
  { blackouts }: BlackoutTable,
  atBlackout: AtBlackout,
  holidays: HolidayTable,
): Move {
  return (date, slot, { city }) => {
    const isOut = (day: string) =>
      blackouts.some(
        ({ from, to, cities }) =>
          from <= day && day <= to && (!cities || cities.includes(city ?? '')),
      );
    if (!isOut(date)) return date;
    if (atBlackout === 'skip') return null;

    const keepsOffRest = slot.shift !== undefined && slot.shift !== 'none';
    let day = date;
    while (isOut(day) || (keepsOffRest && isRest(day, holidays)))
      day = plus(day, atBlackout === 'next' ? 1 : -1);
    return day;
  };
}

function shifted(text: string, { shift }: Slot, holidays: HolidayTable): string | null {
  if (!isRest(text, holidays) || !shift || shift === 'none') return text;
  if (shift === 'skip') return null;
  let day = text;
  while (isRest(day, holidays)) day = plus(day, shift === 'next' ? 1 : -1);
  return day;
}

const instants = new Map<string, number>();

/** The first minute at which the clock on the wall shows `date` `time` or later. */
function firstInstant(date: string, time: string, zone: string): number {
  const key = `${date}T${time} ${zone}`;
  const known = instants.get(key);
  if (known !== undefined) return known;

  const wanted = Date.parse(`${date}T${time}:00Z`);
  const wall = (at: number) => at + DateTime.fromMillis(at, { zone }).offset * MINUTE;
  let at = wanted - 27 * 60 * MINUTE;
  while (wall(at) < wanted - 30 * MINUTE) at += 15 * MINUTE; // clocks change at quarters only
  if (wall(at) >= wanted) at -= 15 * MINUTE;
  while (wall(at) < wanted) at += MINUTE;

  instants.set(key, at);
  return at;
}

function digest(calendar: Calendar, slot: Slot, contactId: string): readonly [number, number] {
  const bytes = createHash('sha256').update(`${calendar.id}/${slot.id}/${contactId}`).digest();
  return [bytes.readUInt32BE(0), bytes.readUInt32BE(4)];
}

/** Where a date of a contact in a slot goes after the shift; null: nowhere. */
type Move = (date: string, slot: Slot, contact: CalendarContact) => string | null;

/** As `occurrences`, with what besides the calendar moves its dates. */
export function naiveOccurrences(given: CalendarCase, move: Move = (date) => date): Occurrence[] {
  const { calendar, contacts, from, to } = given;
  if (from > to) return [];

  const found = new Map<string, Occurrence>();
  for (const slot of calendar.slots)
    for (const contact of contacts)
      for (const one of occurrencesOf(given, slot, contact, move)) found.set(one.touchId, one);

  const key = ({ at, slotId, contactId }: Occurrence) =>
    [Date.parse(at), slotId, contactId] as const;
  return [...found.values()].sort((a, b) => {
    const [x, y] = [key(a), key(b)];
    const i = [0, 1, 2].find((n) => x[n] !== y[n]);
    return i === undefined ? 0 : (x[i] ?? '') < (y[i] ?? '') ? -1 : 1;
  });
}

function occurrencesOf(
  { calendar, holidays, from, to }: CalendarCase,
  slot: Slot,
  contact: CalendarContact,
  move: Move,
): Occurrence[] {
  if (calendar.cities && !calendar.cities.includes(contact.city ?? '')) return [];
  if (!createMatcher((slot.audience ?? {}) as Condition)(contact)) return [];

  const { contactId } = contact;
  const [spanDraw, spreadDraw] = digest(calendar, slot, contactId);
  const occurrences: Occurrence[] = [];

  for (let base = plus(from, -MARGIN_DAYS); base <= plus(to, MARGIN_DAYS); base = plus(base, 1)) {
    if (!isBase(slot.anchor, base, contact, holidays, calendar.timezone)) continue;

    const unmoved = shifted(plus(base, spanDraw % (slot.spanDays ?? 1)), slot, holidays);
    const date = unmoved === null ? null : move(unmoved, slot, contact);
    if (date === null || date < from || date > to) continue;

    const minutes = slot.spreadMinutes ? spreadDraw % slot.spreadMinutes : 0;
    const at = firstInstant(date, slot.at, calendar.timezone) + minutes * MINUTE;
    const touchId = [calendar.id, slot.id, date, contactId].join('/');
    occurrences.push({ slotId: slot.id, contactId, date, at: new Date(at).toISOString(), touchId });
  }

  return occurrences;
}
