// Whole months as day numbers.

import { civilOf, dayNumber, daysInMonth } from './civil';

/** Day numbers, both included; empty when `first` is after `last`. */
export interface DayRange {
  readonly first: number;
  readonly last: number;
}

/** The months that share a day with a range, in order, each with all of its days. */
export function monthsOf({ first, last }: DayRange): DayRange[] {
  const months: DayRange[] = [];
  let { year, month } = civilOf(first);

  for (let start = dayNumber(year, month, 1); start <= last; ) {
    const next = start + daysInMonth(year, month);
    months.push({ first: start, last: next - 1 });

    start = next;
    year += month === 12 ? 1 : 0;
    month = (month % 12) + 1;
  }

  return months;
}
