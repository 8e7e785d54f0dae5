// Calendar windows of caps, as day numbers of their first days.

import { civilOf, dayNumber, daysInMonth, weekdayOf } from './civil';

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
