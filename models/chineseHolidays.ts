// Rest days, make-up work days and festivals of mainland China, from the data package, as the first version of the holiday table.

import arrangement from 'chinese-days/dist/chinese-days.json';
// The data and not the package's functions: those answer for the day before when the process runs west of Greenwich.
import { DAY_MS } from '../rules/time/durations';
import type { HolidayTable } from '../rules/time/holidays';

const FIRST_YEAR = 2024;
const LAST_YEAR = 2027;
const RESTS: object = arrangement.holidays;
const MADE_UP: object = arrangement.workdays;

interface Festival {
  /** Its own day in each of the years, month and day. */
  readonly on: readonly string[];
  /** The days that the law gives: `days` of them from `from` days after it. */
  readonly from: number;
  readonly days: number;
}

/** The moving ones as the Hong Kong Observatory publishes them: ICU's lunar calendar is a day late in 2027. */
const FESTIVALS: Readonly<Record<string, Festival>> = {
  'new-year': { on: ['01-01', '01-01', '01-01', '01-01'], from: 0, days: 1 },
  'spring-festival': { on: ['02-10', '01-29', '02-17', '02-06'], from: -1, days: 4 },
  'tomb-sweeping': { on: ['04-04', '04-04', '04-05', '04-05'], from: 0, days: 1 },
  'labour-day': { on: ['05-01', '05-01', '05-01', '05-01'], from: 0, days: 2 },
  'dragon-boat': { on: ['06-10', '05-31', '06-19', '06-09'], from: 0, days: 1 },
  'mid-autumn': { on: ['09-17', '10-06', '09-25', '09-15'], from: 0, days: 1 },
  'national-day': { on: ['10-01', '10-01', '10-01', '10-01'], from: 0, days: 3 },
};

/**
 * The table of 2024 to 2027. The State Council arranges a year in the November before it; of a year not arranged in the data yet
 * the days that the law itself gives are predicted, without make-up work days, and a new version is wanted when it is.
 */
export function chineseHolidays(): HolidayTable {
  const days: Record<string, 'rest' | 'work'> = {};
  const predicted: Record<string, 'rest'> = {};
  for (let year = FIRST_YEAR; year <= LAST_YEAR; year++) {
    const isArranged = `${year}-01-01` in RESTS;
    for (let at = Date.UTC(year, 0, 1); at < Date.UTC(year + 1, 0, 1); at += DAY_MS) {
      const date = dateOf(at);
      if (isWeekend(at) && date in MADE_UP) days[date] = 'work';
      if (isWeekend(at)) continue;

      if (isArranged && date in RESTS) days[date] = 'rest';
      if (!isArranged && isFreeByLaw(at, year)) predicted[date] = 'rest';
    }
  }

  const names = Object.entries(FESTIVALS).map(([name, { on }]) => [
    name,
    on.map((day, i) => `${FIRST_YEAR + i}-${day}`),
  ]);

  return { days, predicted, names: Object.fromEntries(names) };
}

function isFreeByLaw(at: number, year: number): boolean {
  return Object.values(FESTIVALS).some(({ on, from, days }) => {
    const first = Date.parse(`${year}-${on[year - FIRST_YEAR]}`) + from * DAY_MS;
    return at >= first && at < first + days * DAY_MS;
  });
}

const dateOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

function isWeekend(at: number): boolean {
  const weekday = new Date(at).getUTCDay();
  return weekday === 0 || weekday === 6;
}
