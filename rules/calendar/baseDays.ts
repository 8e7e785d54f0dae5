// The base dates of a slot: what its anchor says, before span and shift.

import { assertNever } from '../base/errors';
import { parseDate, weekdayOf } from '../time/civil';
import type { DayKinds } from '../time/dayKind';
import type { HolidayTable } from '../time/holidays';
import { type DayRange, monthsOf } from '../time/months';
import { type Anchor, WEEKDAYS } from './calendar';

export interface AnchorContext {
  readonly names: HolidayTable['names'];
  readonly dayKind: DayKinds;
  /** Of the contact; null when it has none. */
  readonly billDay: number | null;
  /** The local day of the contact's activation; null when it is not known. */
  readonly activationDay: number | null;
}

/** The base days within a range, each offset included, ascending and perhaps with repeats. */
export function baseDays(anchor: Anchor, range: DayRange, context: AnchorContext): number[] {
  return daysOfAnchor(anchor, range, context).filter(
    (day) => day >= range.first && day <= range.last,
  );
}

/** All base days within the range, and perhaps some around it. */
function daysOfAnchor(anchor: Anchor, range: DayRange, context: AnchorContext): number[] {
  switch (anchor.kind) {
    case 'date':
      return [parseDate(anchor.date)];
    case 'monthDay':
      return monthsOf(range).flatMap((month) => dayOfMonth(month, anchor));
    case 'workday':
      return monthsOf(range).flatMap((month) =>
        nth(
          daysIn(month).filter((day) => context.dayKind(day) === 'work'),
          anchor.n,
        ),
      );
    case 'weekday':
      return monthsOf(range).flatMap((month) =>
        nth(
          daysIn(month).filter((day) => WEEKDAYS[weekdayOf(day)] === anchor.weekday),
          anchor.n,
        ),
      );
    case 'weekly': {
      const wanted = new Set(anchor.weekdays.map((name) => WEEKDAYS.indexOf(name)));
      return daysIn(range).filter((day) => wanted.has(weekdayOf(day)));
    }
    case 'holiday':
      return firstDaysOf(anchor.name, context.names).map((day) => day + (anchor.offsetDays ?? 0));
    case 'billDay':
      return billDays(context.billDay, range, anchor.offsetDays ?? 0);
    case 'cycleEnd':
      return billDays(context.billDay, range, (anchor.offsetDays ?? 0) - 1);
    case 'activation':
      return context.activationDay === null
        ? []
        : [context.activationDay + (anchor.offsetDays ?? 0)];
    default:
      return assertNever(anchor, 'anchor');
  }
}

const daysIn = ({ first, last }: DayRange): number[] =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);

/** The n-th of a list, from its end when negative; nothing when the list is shorter. */
function nth(days: readonly number[], n: number): number[] {
  const day = days.at(n > 0 ? n - 1 : n);
  return day === undefined ? [] : [day];
}

function dayOfMonth(
  month: DayRange,
  { day, ifMissing = 'last' }: Extract<Anchor, { kind: 'monthDay' }>,
): number[] {
  const wanted = day > 0 ? month.first + day - 1 : month.last + day + 1;
  if (wanted >= month.first && wanted <= month.last) return [wanted];
  if (ifMissing === 'skip') return [];

  return [day > 0 ? month.last : month.first];
}

const firstDaysOf = (name: string, names: HolidayTable['names']): number[] =>
  Object.hasOwn(names, name) ? (names[name] ?? []).map(parseDate) : [];

/** The bill day of every month, or the month's last day when it is shorter, so many days on. */
function billDays(billDay: number | null, range: DayRange, offset: number): number[] {
  if (billDay === null) return [];
  const months = monthsOf({ first: range.first - offset, last: range.last - offset });

  return months.map((month) => Math.min(month.first + billDay - 1, month.last) + offset);
}
