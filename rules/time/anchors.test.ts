import fc from 'fast-check';
import { dateAt, dayAt, isFrom, nextAt, sameDayLater } from './anchors';
import { HOUR_MS } from './durations';

const SHANGHAI = 'Asia/Shanghai';
const NEW_YORK = 'America/New_York';
const at = (text: string): number => Date.parse(text);
const iso = (instant: number | null): string | null =>
  instant === null ? null : new Date(instant).toISOString();

test('day 3 at 10:00 counts local dates, not stretches of 24 hours', () => {
  expect(iso(dayAt(at('2026-03-01T23:59:00+08:00'), 3, '10:00', SHANGHAI))).toBe(
    '2026-03-04T02:00:00.000Z',
  );
  expect(iso(dayAt(at('2026-03-02T00:01:00+08:00'), 3, '10:00', SHANGHAI))).toBe(
    '2026-03-05T02:00:00.000Z',
  );
});

test('a wall time that the clocks skip stands for the first instant after the gap', () => {
  expect(iso(dayAt(at('2026-03-07T12:00:00-05:00'), 1, '02:30', NEW_YORK))).toBe(
    '2026-03-08T07:00:00.000Z',
  );
});

test('a wall time that occurs twice stands for the first', () => {
  expect(iso(dayAt(at('2026-10-31T12:00:00-04:00'), 1, '01:30', NEW_YORK))).toBe(
    '2026-11-01T05:30:00.000Z',
  );
});

test('a wall time on a date is the local one, wherever the server stands', () => {
  expect(iso(dateAt('2026-03-08', '10:00', SHANGHAI))).toBe('2026-03-08T02:00:00.000Z');
  expect(iso(dateAt('2026-03-08', '10:00', NEW_YORK))).toBe('2026-03-08T14:00:00.000Z');
});

test('a date that does not exist is refused with what is allowed', () => {
  expect(() => dateAt('2026-02-30', '10:00', SHANGHAI)).toThrow('"2026-02-30" is not a date');
});

test('the next 10:00 is today before it and tomorrow from it on', () => {
  expect(iso(nextAt(at('2026-03-02T09:59:59+08:00'), '10:00', SHANGHAI))).toBe(
    '2026-03-02T02:00:00.000Z',
  );
  expect(iso(nextAt(at('2026-03-02T10:00:00+08:00'), '10:00', SHANGHAI))).toBe(
    '2026-03-03T02:00:00.000Z',
  );
});

test('later today ends with the hour that is too late', () => {
  expect(iso(sameDayLater(at('2026-03-02T18:30:00+08:00'), 2, '20:30', SHANGHAI))).toBe(
    '2026-03-02T12:30:00.000Z',
  );
  expect(sameDayLater(at('2026-03-02T18:31:00+08:00'), 2, '20:30', SHANGHAI)).toBeNull();
  expect(sameDayLater(at('2026-03-02T23:00:00+08:00'), 2, '20:30', SHANGHAI)).toBeNull();
});

test('the evening begins at its wall time in the zone of the customer', () => {
  expect(isFrom(at('2026-03-02T12:00:00Z'), '20:00', SHANGHAI)).toBe(true);
  expect(isFrom(at('2026-03-02T11:59:59Z'), '20:00', SHANGHAI)).toBe(false);
});

test('refuses a wall time that is none, naming it', () => {
  expect(() => dayAt(0, 0, '24:00', SHANGHAI)).toThrow('"24:00" is not a wall time');
});

test('the next wall time is always ahead, and never by more than 25 hours', () => {
  const instants = fc.integer({ min: at('2020-01-01T00:00:00Z'), max: at('2030-01-01T00:00:00Z') });
  fc.assert(
    fc.property(instants, fc.constantFrom('00:00', '02:30', '10:00', '23:59'), (instant, time) => {
      const next = nextAt(instant, time, NEW_YORK);
      expect(next).toBeGreaterThan(instant);
      expect(next - instant).toBeLessThanOrEqual(25 * HOUR_MS);
    }),
  );
});
