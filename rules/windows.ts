// Calendar windows of caps, as day numbers of their first days; and how far back a policy looks.

import { civilOf, dayNumber, daysInMonth, weekdayOf } from './civil';
import type { Policy } from './policy.schema';

export type CalendarUnit = 'day' | 'week' | 'month' | 'billCycle';

/** The month `shift` months after that of a date, from its day `day`, or from its last day when it is shorter. */
function monthFrom(dayNo: number, shift: number, day: number): number {
  const date = civilOf(dayNo);
  const months = date.year * 12 + date.month - 1 + shift;
  const year = Math.floor(months / 12);
  const month = months - year * 12 + 1;
  return dayNumber(year, month, Math.min(day, daysInMonth(year, month)));
}

/** The first day of the window that holds a day. */
export function firstDay(unit: CalendarUnit, dayNo: number, billDay: number): number {
  if (unit === 'day') return dayNo;
  if (unit === 'week') return dayNo - weekdayOf(dayNo);
  const startDay = unit === 'month' ? 1 : billDay;
  const start = monthFrom(dayNo, 0, startDay);
  return start <= dayNo ? start : monthFrom(dayNo, -1, startDay);
}

/** The first day of the window after the one that holds a day. */
export function nextFirstDay(unit: CalendarUnit, dayNo: number, billDay: number): number {
  if (unit === 'day') return dayNo + 1;
  if (unit === 'week') return dayNo - weekdayOf(dayNo) + 7;
  const startDay = unit === 'month' ? 1 : billDay;
  const start = monthFrom(dayNo, 0, startDay);
  return start > dayNo ? start : monthFrom(dayNo, 1, startDay);
}

/** The longest that a window of each unit can last, with a day to spare for changes of the clocks and of the date line. */
const LONGEST_HOURS: Readonly<Record<CalendarUnit, number>> = {
  day: 48,
  week: 192,
  month: 768,
  billCycle: 768,
};

/** How many hours back a touch can still matter to a policy: older ones may be dropped. */
export function longestWindowHours(policy: Policy): number {
  const gaps = (policy.gaps ?? []).map(({ hours }) => hours);
  const caps = (policy.caps ?? []).map(({ window }) =>
    window.kind === 'rolling' ? window.hours : LONGEST_HOURS[window.unit],
  );
  return Math.ceil(Math.max(0, ...gaps, ...caps));
}
