// Which years of a holiday table are facts: the State Council arranges a year in the November before it, and until then nobody knows.

import type { Holidays, HolidayTable } from './holidays';

const yearOf = (date: string): number => Number(date.slice(0, 4));

/** Years with at least one arranged day. Predicted days are not among `days` and make no year a fact. */
export const announcedYears = (days: Holidays): ReadonlySet<number> =>
  new Set(Object.keys(days).map(yearOf));

/** A year that rules about work days and days of rest reach and that is not arranged. */
export interface UnannouncedYear {
  readonly year: number;
  /** Days that the table only predicts: the gate takes them for ordinary days. */
  readonly predicted: number;
}

/** Of the years from `from` to `to`, those that the table does not arrange. */
export function unannouncedYears(
  { days, predicted = {} }: Pick<HolidayTable, 'days' | 'predicted'>,
  from: number,
  to: number,
): readonly UnannouncedYear[] {
  const announced = announcedYears(days);
  const years = Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const predictedIn = (year: number) =>
    Object.keys(predicted).filter((date) => yearOf(date) === year).length;

  return years
    .filter((year) => !announced.has(year))
    .map((year) => ({ year, predicted: predictedIn(year) }));
}
