// Dates as files have them: with slashes or 年月日, with or without a time, or as the serial number of a spreadsheet.

import { civilOf, dayNumber, daysInMonth } from '../../time/civil';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../time/durations';
import { formatInstant, parseInstant } from '../../time/instant';
import { zoneOf } from '../../time/zone';

/** How the spreadsheet counts days: from 1900, with a 29 February that never was, or from 1904. */
export type SerialBase = 1900 | 1904;

/** Year first: nobody can tell 1/5 from 5/1. */
const FORMS = [
  /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T\s]*(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2})(?:\.\d+)?秒?)?分?)?$/,
  /^(\d{4})(\d{2})(\d{2})(?:[T\s]?(\d{2}):?(\d{2}):?(\d{2}))?$/,
];
const SERIAL = /^\d{1,5}(\.\d+)?$/;
/** 1 January 1970 as a serial number of each base. */
const EPOCH: Readonly<Record<SerialBase, number>> = { 1900: 25_569, 1904: 24_107 };
/** From here on serial numbers of 1900 count the day that never was. */
const AFTER_LEAP_DAY = 61;
const SECOND_MS = 1000;

/** The instant (ISO, UTC) of a date on the clocks of `zone`; null: it is no date. A date without a time is its midnight. */
export function instantOfCell(cell: string, zone: string, base: SerialBase = 1900): string | null {
  const text = cell.normalize('NFKC').trim();
  const instant = parseInstant(text);
  if (!Number.isNaN(instant)) return formatInstant(instant);

  const wall = SERIAL.test(text) ? wallOfSerial(Number(text), base) : wallOfText(text);
  if (wall === null) return null;

  const day = Math.floor(wall / DAY_MS);
  return formatInstant(zoneOf(zone).instantOf(day, wall - day * DAY_MS));
}

/** Milliseconds of the wall clock since its 1970; null: it is no date. */
function wallOfText(text: string): number | null {
  const found = FORMS.map((form) => form.exec(text)).find((match) => match !== null);
  if (!found) return null;

  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found
    .slice(1)
    .map((part) => Number(part ?? 0));
  const isDate = month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
  if (!isDate || hour > 23 || minute > 59 || second > 59) return null;

  const clock = hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS;
  return dayNumber(year, month, day) * DAY_MS + clock;
}

function wallOfSerial(serial: number, base: SerialBase): number | null {
  if (serial < 1) return null; // a time without a date
  const isLeapDay = base === 1900 && Math.floor(serial) === AFTER_LEAP_DAY - 1;
  if (isLeapDay) return null;

  const shift = base === 1900 && serial < AFTER_LEAP_DAY ? 1 : 0;
  const seconds = Math.round((serial - EPOCH[base] + shift) * (DAY_MS / SECOND_MS));
  return seconds * SECOND_MS;
}

/** A serial number as a spreadsheet shows a date: `2024-01-05`, with its time when it has one; a time alone `08:00:00`. */
export function textOfSerial(serial: number, base: SerialBase): string | null {
  const clock = (ms: number): string => new Date(ms).toISOString().slice(11, 19);
  if (serial >= 0 && serial < 1)
    return clock(Math.round(serial * (DAY_MS / SECOND_MS)) * SECOND_MS);

  const wall = wallOfSerial(serial, base);
  if (wall === null) return null;

  const day = Math.floor(wall / DAY_MS);
  const { year, month, day: dayOfMonth } = civilOf(day);
  const two = (part: number): string => String(part).padStart(2, '0');
  const date = `${String(year).padStart(4, '0')}-${two(month)}-${two(dayOfMonth)}`;
  const rest = wall - day * DAY_MS;
  return rest === 0 ? date : `${date} ${clock(rest)}`;
}
