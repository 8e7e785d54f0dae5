// What a slot does when its date is a rest day.

import type { DayKinds } from '../time/dayKind';
import type { DayRange } from '../time/months';
import type { Shift } from './calendar';

/** The day on which it takes place, or null: not at all. Days beyond the holiday table are work days at the latest on a Monday. */
export function shiftedDay(shift: Shift, day: number, dayKind: DayKinds): number | null {
  if (shift === 'none' || dayKind(day) === 'work') return day;
  if (shift === 'skip') return null;

  const step = shift === 'next' ? 1 : -1;
  let shifted = day + step;
  while (dayKind(shifted) === 'rest') shifted += step;

  return shifted;
}

/** The days that a shift may bring into a range: it reaches back, or ahead, over the rest days that border on it. */
export function shiftReach(shift: Shift, range: DayRange, dayKind: DayKinds): DayRange {
  let { first, last } = range;
  if (shift === 'next') while (dayKind(first - 1) === 'rest') first -= 1;
  if (shift === 'previous') while (dayKind(last + 1) === 'rest') last += 1;

  return { first, last };
}
