// Local times that journeys wait for: a wall time so many days on, the next one, and "later today". Milliseconds in and out.

import { CodedError } from '../base/errors';
import { parseDate } from './civil';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './durations';
import { zoneOf } from './zone';

/** Milliseconds since local midnight of `HH:mm`. @throws CodedError `INVALID_INPUT` on what is no wall time */
export function wallMs(time: string): number {
  const found = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time);
  if (!found)
    throw new CodedError(
      'INVALID_INPUT',
      `${JSON.stringify(time)} is not a wall time; allowed: 00:00 to 23:59`,
    );

  return Number(found[1]) * HOUR_MS + Number(found[2]) * MINUTE_MS;
}

/** `time` on the local date that lies `days` after the one of `instant`: `days` 0 is the same date, even when the time is past. */
export function dayAt(instant: number, days: number, time: string, zone: string): number {
  const local = zoneOf(zone);
  return local.instantOf(local.dayAt(instant) + days, wallMs(time));
}

/** `time` on a local date, `YYYY-MM-DD`. @throws CodedError `INVALID_INPUT` on what is no date */
export function dateAt(date: string, time: string, zone: string): number {
  const day = parseDate(date);
  if (Number.isNaN(day))
    throw new CodedError(
      'INVALID_INPUT',
      `${JSON.stringify(date)} is not a date; allowed: YYYY-MM-DD`,
    );

  return zoneOf(zone).instantOf(day, wallMs(time));
}

/** The first instant after `instant` at which the local clock shows `time`. */
export function nextAt(instant: number, time: string, zone: string): number {
  const today = dayAt(instant, 0, time, zone);
  return today > instant ? today : dayAt(instant, 1, time, zone);
}

/** `hours` after `instant` when that is on the same local date and not past `latest`; otherwise null: not today any more. */
export function sameDayLater(
  instant: number,
  hours: number,
  latest: string,
  zone: string,
): number | null {
  const later = instant + hours * HOUR_MS;
  return later <= dayAt(instant, 0, latest, zone) ? later : null;
}

/** Milliseconds since local midnight. */
function localTime(instant: number, zone: string): number {
  const wall = instant + zoneOf(zone).offsetAt(instant);
  return wall - Math.floor(wall / DAY_MS) * DAY_MS;
}

/** True when the local clock shows `from` or later. */
export const isFrom = (instant: number, from: string, zone: string): boolean =>
  localTime(instant, zone) >= wallMs(from);
