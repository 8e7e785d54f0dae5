import fc from 'fast-check';
import { isFrom } from '../time/anchors';
import { dayKindsOf } from '../time/dayKind';
import { DAY_MS, HOUR_MS } from '../time/durations';
import { localDate } from '../time/localDate';
import { localText } from '../time/localText';
import { nextDateOfKind, stepDate, stepTimes } from './stepTimes';

const SHANGHAI = 'Asia/Shanghai';
const NEW_YORK = 'America/New_York';
const MORNING = { from: '10:00', to: '12:00' };
const at = (text: string): number => Date.parse(text);

const timesOf = (step: Parameters<typeof stepTimes>[0], event: string, zone = SHANGHAI) => {
  const { dueAt, dueBy, until } = stepTimes(step, stepDate(step, at(event), zone), at(event), zone);
  return [dueAt, dueBy, until].map((instant) => localText(instant, zone));
};

describe('when a step is due', () => {
  it.each([
    [{ day: 3, window: MORNING }, '2026-03-01T23:59:00+08:00', '2026-03-04 10:00'],
    [{ day: 3, window: MORNING }, '2026-03-02T00:01:00+08:00', '2026-03-05 10:00'],
    [{ day: 1, window: MORNING }, '2026-01-31T15:00:00+08:00', '2026-02-01 10:00'],
    [{ day: 30, window: MORNING }, '2028-01-30T15:00:00+08:00', '2028-02-29 10:00'],
    [{ day: 1, window: MORNING }, '2026-12-31T15:00:00+08:00', '2027-01-01 10:00'],
  ])('%j after %s: %s', (step, event, due) => {
    expect(timesOf(step, event)[0]).toBe(due);
  });

  it('is its window on the day, and so many hours more when it may be late', () => {
    const step = { day: 0, window: MORNING, lateWithinHours: 30 };
    expect(timesOf(step, '2026-03-02T08:00:00+08:00')).toEqual([
      '2026-03-02 10:00',
      '2026-03-02 12:00',
      '2026-03-03 18:00',
    ]);
  });

  it('is not sooner than so long after the event', () => {
    const step = { day: 0, window: MORNING, afterMinutes: 30 };
    expect(timesOf(step, '2026-03-02T10:50:00+08:00')[0]).toBe('2026-03-02 11:20');
    expect(timesOf(step, '2026-03-02T08:00:00+08:00')[0]).toBe('2026-03-02 10:00');
  });

  it('lies after its window when that was over before the event', () => {
    const { dueAt, dueBy } = stepTimes(
      { day: 0, window: MORNING },
      '2026-03-02',
      at('2026-03-02T15:00:00+08:00'),
      SHANGHAI,
    );
    expect(dueAt).toBeGreaterThan(dueBy);
  });

  it('is an hour after a gap of the clocks that swallows its window', () => {
    const step = { day: 1, window: { from: '02:10', to: '02:40' } };
    expect(timesOf(step, '2026-03-07T12:00:00-05:00', NEW_YORK)).toEqual([
      '2026-03-08 03:00',
      '2026-03-08 03:30',
      '2026-03-08 03:30',
    ]);
  });

  it('has a window of some length on its own local date, in every zone and on every day', () => {
    const zones = fc.constantFrom(SHANGHAI, NEW_YORK, 'Asia/Urumqi', 'Europe/London', 'UTC');
    const events = fc.integer({ min: at('2024-01-01T00:00:00Z'), max: at('2032-01-01T00:00:00Z') });
    const minutes = fc.integer({ min: 0, max: 1439 });
    const wall = (minute: number) =>
      `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

    fc.assert(
      fc.property(events, zones, fc.nat(60), minutes, minutes, (event, zone, day, a, b) => {
        fc.pre(a !== b);
        const window = { from: wall(Math.min(a, b)), to: wall(Math.max(a, b)) };
        const date = stepDate({ day }, event, zone);
        const { dueAt, dueBy, until } = stepTimes({ day, window }, date, event, zone);

        expect(
          at(`${date}T00:00:00Z`) -
            at(`${localDate(new Date(event).toISOString(), zone)}T00:00:00Z`),
        ).toBe(day * DAY_MS);
        expect(until).toBe(dueBy);
        if (dueAt > dueBy) return expect(dueAt).toBe(event);

        expect(localDate(new Date(dueAt).toISOString(), zone)).toBe(date);
        expect(isFrom(dueAt, window.from, zone)).toBe(true);
        expect(dueBy - dueAt).toBeLessThanOrEqual(25 * HOUR_MS);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a step that keeps to one kind of day', () => {
  const kinds = dayKindsOf({ '2026-10-01': 'rest', '2026-10-02': 'rest', '2026-10-10': 'work' });

  it.each([
    ['2026-10-01', 'work', '2026-10-05'],
    ['2026-10-09', 'work', '2026-10-09'],
    ['2026-10-10', 'work', '2026-10-10'],
    ['2026-10-05', 'rest', '2026-10-11'],
  ] as const)('on %s, for %s days, moves to %s', (date, kind, moved) => {
    expect(nextDateOfKind(date, kind, kinds)).toBe(moved);
  });

  it('refuses a table that never comes to such a day', () => {
    expect(() => nextDateOfKind('2026-10-01', 'work', () => 'rest')).toThrow('no work day');
  });
});
