// Blackouts: dates on which a city starts no marketing, and what becomes of what was due on them.

import { parseDate } from '../time/civil';
import type { DayRange } from '../time/months';

export interface Blackout {
  /** Local dates, both included. */
  readonly from: string;
  readonly to: string;
  /** Absent: all. */
  readonly cities?: readonly string[] | undefined;
  readonly reason: string;
  /** Who asked for it. */
  readonly by: string;
}

/** As it is published. */
export interface BlackoutTable {
  readonly blackouts: readonly Blackout[];
}

/** What happens to an occurrence on a blacked-out date of its contact's city; `skip` when absent. */
export type AtBlackout = 'skip' | 'next' | 'previous';

/** The blacked-out dates of some cities. */
export interface BlackoutDays {
  /** Names the set of dates: cities with the same one share it. */
  readonly key: string;
  has(day: number): boolean;
}

export interface CityBlackouts {
  /** The blacked-out dates of a city; null: it has none. A contact without a city has those of all cities. */
  daysIn(city: string | null | undefined): BlackoutDays | null;
  /** Those that contacts of some cities may have, each once; null stands for all cities. */
  daysInAny(cities: ReadonlySet<string> | null): readonly (BlackoutDays | null)[];
}

/** Reads the table once. */
export function cityBlackouts({ blackouts }: BlackoutTable): CityBlackouts {
  const ofAll = daysOf(blackouts.filter(({ cities }) => cities === undefined));
  const named = new Set(blackouts.flatMap(({ cities }) => cities ?? []));
  const byCity = new Map(
    [...named].map((city) => [
      city,
      daysOf(blackouts.filter(({ cities }) => cities === undefined || cities.includes(city))),
    ]),
  );
  const daysIn = (city: string | null | undefined) => byCity.get(city ?? '') ?? ofAll;

  return {
    daysIn,
    daysInAny(cities) {
      const found = cities === null ? [ofAll, ...byCity.values()] : [...cities].map(daysIn);
      return [...new Map(found.map((days) => [days?.key, days])).values()];
    },
  };
}

function daysOf(blackouts: readonly Blackout[]): BlackoutDays | null {
  if (blackouts.length === 0) return null;
  const ranges = blackouts.map(
    ({ from, to }): DayRange => ({
      first: parseDate(from),
      last: parseDate(to),
    }),
  );

  return {
    key: ranges.map(({ first, last }) => `${first}-${last}`).join(),
    has: (day) => ranges.some(({ first, last }) => first <= day && day <= last),
  };
}

/** What a slot does where a city allows no marketing. */
export interface SlotBlackouts {
  readonly atBlackout: AtBlackout;
  readonly cities: CityBlackouts;
}

/** How a slot treats the blackouts of one city. */
export interface BlackoutRule {
  readonly atBlackout: AtBlackout;
  readonly days: BlackoutDays;
  /** True for days that a moved occurrence must not take either. */
  isAvoided(day: number): boolean;
}

/** The day on which it takes place, or null: not at all. */
export function clearedDay(
  { atBlackout, days, isAvoided }: BlackoutRule,
  day: number,
): number | null {
  if (!days.has(day)) return day;
  if (atBlackout === 'skip') return null;

  const step = atBlackout === 'next' ? 1 : -1;
  let cleared = day + step;
  while (days.has(cleared) || isAvoided(cleared)) cleared += step;

  return cleared;
}

/** The days from which a blackout may bring something into a range: the closed days that border on it. */
export function blackoutReach(
  { atBlackout, days, isAvoided }: BlackoutRule,
  range: DayRange,
): DayRange {
  const isClosed = (day: number) => days.has(day) || isAvoided(day);
  let { first, last } = range;
  if (atBlackout === 'next') while (isClosed(first - 1)) first -= 1;
  if (atBlackout === 'previous') while (isClosed(last + 1)) last += 1;

  return { first, last };
}
