// Instants: ISO 8601 text with an offset at the boundary, whole milliseconds since the epoch inside.

import { CodedError } from '../base/errors';
import { civilOf, dayNumber, daysInMonth } from './civil';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './durations';

/** The last instant that JavaScript can print; the first is as far on the other side. */
const LAST_INSTANT = 8.64e15;
/** Instants of the years 0000 to 9999, which print with four digits. */
const FIRST_YEAR = dayNumber(0, 1, 1) * DAY_MS;
const LAST_YEAR = dayNumber(10_000, 1, 1) * DAY_MS;

export const INSTANT_FORM =
  'an ISO 8601 instant with offset or Z, such as 2026-03-01T09:00:00+08:00';

/** The digits `text[from, to)` as a number, NaN when one is none. Written out because the gate reads dozens per decision. */
function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i += 1) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    value = value * 10 + digit;
  }

  return value;
}

/** Milliseconds of `Z`, `+08:00`, `+0800` or `+08` at the end of the text, NaN when it is none of them. */
function offsetFrom(text: string, start: number): number {
  const length = text.length - start;
  const sign = text.charCodeAt(start);
  if (sign === 90) return length === 1 ? 0 : Number.NaN;
  if (sign !== 43 && sign !== 45) return Number.NaN;

  const colon = text.charCodeAt(start + 3) === 58 ? 1 : 0;
  if (length !== 3 && length !== 5 + colon) return Number.NaN;

  const hours = digits(text, start + 1, start + 3);
  const minutes = length === 3 ? 0 : digits(text, start + 3 + colon, text.length);
  if (!(hours <= 23 && minutes <= 59)) return Number.NaN;

  return (hours * HOUR_MS + minutes * MINUTE_MS) * (sign === 43 ? 1 : -1);
}

/**
 * Milliseconds of `YYYY-MM-DDTHH:mm[:ss[.fraction]]` with an offset, or NaN when the text is malformed, has no offset or
 * names a date or a time that does not exist. Digits beyond the millisecond are cut off.
 */
export function parseInstant(text: string): number {
  if (text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45 || text.charCodeAt(10) !== 84)
    return Number.NaN;
  if (text.charCodeAt(13) !== 58) return Number.NaN;

  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const day = digits(text, 8, 10);
  const hour = digits(text, 11, 13);
  const minute = digits(text, 14, 16);
  let second = 0;
  let fraction = 0;
  let end = 16;

  if (text.charCodeAt(16) === 58) {
    second = digits(text, 17, 19);
    end = 19;

    if (text.charCodeAt(19) === 46) {
      end = 20;
      while (text.charCodeAt(end) >= 48 && text.charCodeAt(end) <= 57) end += 1;
      if (end === 20) return Number.NaN;

      const kept = Math.min(end, 23);
      fraction = digits(text, 20, kept) * 10 ** (23 - kept);
    }
  }

  if (!(month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month)))
    return Number.NaN;
  if (!(hour <= 23 && minute <= 59 && second <= 59)) return Number.NaN;

  const clock = ((hour * 60 + minute) * 60 + second) * 1000 + fraction;
  return dayNumber(year, month, day) * DAY_MS + clock - offsetFrom(text, end);
}

/** As `parseInstant`, for a text that was validated before: a malformed one is an error naming its place, never a verdict. */
export function instantAt(text: string, path: string): number {
  const instant = parseInstant(text);
  if (Number.isNaN(instant)) {
    const issue = {
      path,
      message: `${JSON.stringify(text)} is not ${INSTANT_FORM}`,
      value: text,
      allowed: INSTANT_FORM,
    };
    throw new CodedError('INVALID_INPUT', `${path}: ${issue.message}`, [issue]);
  }

  return instant;
}

const two = (n: number): string => String(n).padStart(2, '0');
const MINUTES = Array.from(
  { length: 1440 },
  (_, n) => `T${two(Math.floor(n / 60))}:${two(n % 60)}:`,
);
/** Texts of the dates printed last, by day number modulo the size: explanations name the same few days again and again. */
const dates: { readonly dayNo: number; readonly text: string }[] = [];
const DATES_KEPT = 1024;

function dateText(dayNo: number): string {
  const slot = dayNo & (DATES_KEPT - 1);
  const kept = dates[slot];
  if (kept?.dayNo === dayNo) return kept.text;

  const { year, month, day } = civilOf(dayNo);
  const text = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
  dates[slot] = { dayNo, text };

  return text;
}

/** The instant in UTC with milliseconds, as `Date.toISOString` prints it but several times faster. */
export function formatInstant(instant: number): string {
  if (instant < FIRST_YEAR || instant >= LAST_YEAR) {
    return new Date(Math.max(-LAST_INSTANT, Math.min(instant, LAST_INSTANT))).toISOString();
  }

  const dayNo = Math.floor(instant / DAY_MS);
  const rest = instant - dayNo * DAY_MS;
  const minute = Math.floor(rest / MINUTE_MS);
  const ms = rest - minute * MINUTE_MS;
  const seconds = ms === 0 ? '00.000' : (ms / 1000).toFixed(3).padStart(6, '0');

  return `${dateText(dayNo)}${MINUTES[minute]}${seconds}Z`;
}

/** Hours, also fractional ones, as whole milliseconds. Bounded so that an instant plus a duration stays a number. */
export function durationMs(hours: number): number {
  return Math.min(Math.round(hours * HOUR_MS), LAST_INSTANT);
}
