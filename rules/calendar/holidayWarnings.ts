// What the holiday table leaves open for a calendar: years that nobody has arranged, and holidays that it does not know.

import { nearestName } from '../base/nearestName';
import { unannouncedYears } from '../time/announced';
import type { CalendarPlan, CalendarTables, PlannedSlot } from './plan';

/** `path` is dotted, lists by index. The sentences are made in rules/words/calendarHoliday.ts. */
export type CalendarHolidayWarning = { readonly path: string } & (
  | {
      /** The table lacks the year, or only predicts it. */
      readonly kind: 'unarranged-year';
      readonly year: number;
      /** Days that the table predicts for it: they decide nothing. */
      readonly predicted: number;
      /** Slots whose dates depend on rest days or make-up work days. */
      readonly slots: readonly string[];
    }
  | {
      readonly kind: 'unknown-holiday';
      readonly slot: string;
      readonly name: string;
      readonly nearest: string | null;
      readonly known: readonly string[];
    }
  | {
      /** The table knows the holiday, and no date of it in a year. */
      readonly kind: 'undated-holiday';
      readonly slot: string;
      readonly name: string;
      readonly year: number;
    }
);

/** @param from local dates, both included */
export function calendarHolidayWarnings(
  { slots }: CalendarPlan,
  { holidays }: CalendarTables,
  from: string,
  to: string,
): readonly CalendarHolidayWarning[] {
  const first = Number(from.slice(0, 4));
  const last = Number(to.slice(0, 4));
  const years = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
  const dependent = slots.filter(dependsOnDayKinds).map(({ id }) => id);

  return [
    ...unannouncedYears(holidays, first, last).map((found) => ({
      ...{ path: 'slots', kind: 'unarranged-year' as const, ...found, slots: dependent },
    })),
    ...slots.flatMap((slot, i) => holidayFaults(slot, i, holidays.names, years)),
  ];
}

const dependsOnDayKinds = ({ anchor, shift = 'none' }: PlannedSlot): boolean =>
  shift !== 'none' || anchor.kind === 'workday';

function holidayFaults(
  { id, anchor }: PlannedSlot,
  i: number,
  names: CalendarTables['holidays']['names'],
  years: readonly number[],
): readonly CalendarHolidayWarning[] {
  if (anchor.kind !== 'holiday') return [];
  const { name } = anchor;
  const at = { path: `slots[${i}].anchor.name`, slot: id, name };

  if (!Object.hasOwn(names, name)) {
    const known = Object.keys(names);
    return [{ ...at, kind: 'unknown-holiday', nearest: nearestName(name, known), known }];
  }

  const dates = names[name] ?? [];
  return years
    .filter((year) => !dates.some((date) => Number(date.slice(0, 4)) === year))
    .map((year) => ({ ...at, kind: 'undated-holiday', year }));
}
