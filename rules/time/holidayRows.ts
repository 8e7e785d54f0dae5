// The notice of the State Council as rows, one a day, and what becomes of a holiday table by it.

import { parseDate } from './civil';
import type { HolidayTable } from './holidays';

export interface HolidayRow {
  readonly date: string;
  readonly kind: 'rest' | 'work';
  /** Ids of holidays; of rest days only. */
  readonly names: readonly string[];
}

/** What notices call a kind of day. */
export const DAY_KIND_WORDS: Readonly<Record<string, HolidayRow['kind']>> = {
  ...{ rest: 'rest', 休: 'rest', 休息: 'rest', 放假: 'rest' },
  ...{ work: 'work', 班: 'work', 上班: 'work', 补班: 'work', 调休上班: 'work' },
};

const IDS: Readonly<Record<string, string>> = {
  元旦: 'new-year',
  春节: 'spring-festival',
  清明: 'tomb-sweeping',
  劳动: 'labour-day',
  五一: 'labour-day',
  端午: 'dragon-boat',
  中秋: 'mid-autumn',
  国庆: 'national-day',
};

/** Ids of the holidays that a notice names together, such as `国庆节、中秋节`; a name that is not known is its own id. */
export const holidayIdsOf = (names: string): readonly string[] =>
  names
    .split(/[、，,+/&]/)
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map((name) => idOf(name) ?? idOf(name.replace(/节$/, '')) ?? name);

const idOf = (name: string): string | undefined =>
  Object.hasOwn(IDS, name) ? IDS[name] : undefined;

/** Days of one holiday that lie further apart are of two years. */
const APART_DAYS = 7;

/**
 * The table with the days of the rows; others stay. A year that rows arrange is predicted no more. The first rest day of a
 * holiday becomes its date, unless the table names one of its rest days already.
 */
export function withHolidayRows(table: HolidayTable, rows: readonly HolidayRow[]): HolidayTable {
  const years = new Set(rows.map(({ date }) => date.slice(0, 4)));
  const predicted = Object.entries(table.predicted ?? {}).filter(
    ([date]) => !years.has(date.slice(0, 4)),
  );
  const days = { ...table.days, ...Object.fromEntries(rows.map(({ date, kind }) => [date, kind])) };

  return {
    days: Object.fromEntries(Object.entries(days).sort()),
    ...(predicted.length > 0 && { predicted: Object.fromEntries(predicted) }),
    names: namesWith(table.names, rows),
  };
}

function namesWith(
  known: HolidayTable['names'],
  rows: readonly HolidayRow[],
): HolidayTable['names'] {
  const names = new Map(Object.entries(known));
  const rests = rows.filter(({ kind }) => kind === 'rest');

  for (const name of new Set(rests.flatMap((row) => row.names))) {
    const dates = rests.filter((row) => row.names.includes(name)).map(({ date }) => date);
    const before = names.get(name) ?? [];
    const added = runsOf(dates.sort()).flatMap((run) =>
      run.some((date) => before.includes(date)) ? [] : run.slice(0, 1),
    );
    names.set(name, [...before, ...added].sort());
  }

  return Object.fromEntries(names);
}

/** @param dates ascending */
function runsOf(dates: readonly string[]): readonly string[][] {
  const runs: string[][] = [];
  for (const date of dates) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run && last && parseDate(date) - parseDate(last) <= APART_DAYS) run.push(date);
    else runs.push([date]);
  }
  return runs;
}
