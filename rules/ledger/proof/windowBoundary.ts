// Wall-clock arithmetic of the proof, over luxon: deliberately not the gate's own, so that one mistake cannot hide in both.

import { DateTime } from 'luxon';
import { DAY_MS, MINUTE_MS } from '../../time/durations';

/** Dates found before: a ledger asks for the same few hours again and again. */
const dates = new Map<string, string>();
/** Clocks of all zones of today are whole quarters of an hour apart, so no date changes within one. */
const QUARTER_MS = 15 * MINUTE_MS;
const MAX_DATES = 100_000;

/** Local date (`YYYY-MM-DD`) of an instant. */
export function dateInZone(ms: number, zone: string): string {
  const key = `${zone} ${Math.floor(ms / QUARTER_MS)}`;
  const known = dates.get(key);
  if (known !== undefined) return known;

  if (dates.size >= MAX_DATES) dates.clear();
  const date = DateTime.fromMillis(ms, { zone }).toFormat('yyyy-MM-dd');
  dates.set(key, date);

  return date;
}

/** A date some days later. */
export const plusDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** Weekday of a date, 0 = Monday. */
export const weekdayOfDate = (date: string): number =>
  (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;

/** Instants found before: a ledger asks for the same few wall times of the same days again and again. */
const resolved = new Map<string, number>();
const MAX_RESOLVED = 100_000;

/** The instant of a wall time: the first of two, and the first after a gap for one that does not exist. */
export function instantOf(date: string, wall: string, zone: string): number {
  const key = `${zone} ${date} ${wall}`;
  const known = resolved.get(key);
  if (known !== undefined) return known;

  if (resolved.size >= MAX_RESOLVED) resolved.clear();
  const found = resolve(date, wall, zone);
  resolved.set(key, found);

  return found;
}

function resolve(date: string, wall: string, zone: string): number {
  const asked = `${date}T${wall}`;
  const found = DateTime.fromISO(asked, { zone });
  const reads = (ms: number) => DateTime.fromMillis(ms, { zone }).toFormat("yyyy-MM-dd'T'HH:mm");
  if (reads(found.toMillis()) === asked) {
    // An ambiguous time reads the same again when the clock was put back: take the earlier instant.
    const earlier = [30, 60, 90, 120, 180]
      .map((minutes) => found.toMillis() - minutes * MINUTE_MS)
      .filter((ms) => reads(ms) === asked);
    return Math.min(found.toMillis(), ...earlier);
  }

  // In a gap: the first instant at which the wall clock reads more than what was asked.
  let before = found.toMillis() - DAY_MS;
  let after = found.toMillis() + DAY_MS;

  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (reads(middle) < asked) before = middle;
    else after = middle;
  }

  return after;
}

/** First day of the calendar window that holds a date. */
export function windowStart(
  date: string,
  unit: 'day' | 'week' | 'month' | 'billCycle',
  billDay: number,
): string {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  switch (unit) {
    case 'day':
      return date;
    case 'week':
      return plusDays(date, -weekdayOfDate(date));
    case 'month':
      return `${date.slice(0, 8)}01`;
    case 'billCycle': {
      const here = billDate(year, month, billDay);
      return day >= Number(here.slice(8))
        ? here
        : month === 1
          ? billDate(year - 1, 12, billDay)
          : billDate(year, month - 1, billDay);
    }
  }
}

function billDate(year: number, month: number, billDay: number): string {
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(Math.min(billDay, last)).padStart(2, '0')}`;
}
