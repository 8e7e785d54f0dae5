// Work days and rest days: Monday to Friday work, Saturday and Sunday rest, but for the dates of the holiday table.

import { parseDate, weekdayOf } from './civil';
import type { Holidays } from './holidays';

export type DayKind = 'work' | 'rest';

/** Tells the kind of a day by its day number. */
export type DayKinds = (dayNo: number) => DayKind;

/** Reads the holiday table once. */
export function dayKindsOf(holidays: Holidays): DayKinds {
  const exceptions = new Map(
    Object.entries(holidays).map(([date, kind]) => [parseDate(date), kind]),
  );
  return (dayNo) => exceptions.get(dayNo) ?? (weekdayOf(dayNo) < 5 ? 'work' : 'rest');
}
