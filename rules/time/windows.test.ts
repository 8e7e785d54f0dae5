import fc from 'fast-check';
import { longestWindowHours } from '../policy/longestWindow';
import type { Policy } from '../policy/policy.schema';
import { civilOf, parseDate } from './civil';
import { firstDay, nextFirstDay } from './windows';

const date = (dayNo: number) => {
  const { year, month, day } = civilOf(dayNo);
  return [year, month, day].join('-');
};

test.each([
  ['day', 1, '2026-3-15', '2026-3-16'],
  ['week', 1, '2026-3-9', '2026-3-16'],
  ['month', 31, '2026-3-1', '2026-4-1'],
  ['billCycle', 1, '2026-3-1', '2026-4-1'],
  ['billCycle', 15, '2026-3-15', '2026-4-15'],
  ['billCycle', 16, '2026-2-16', '2026-3-16'],
  ['billCycle', 31, '2026-2-28', '2026-3-31'],
] as const)(
  'the %s of Sunday 2026-03-15 with bill day %i starts on %s, the next on %s',
  (unit, billDay, start, next) => {
    const day = parseDate('2026-03-15');
    expect([date(firstDay(unit, day, billDay)), date(nextFirstDay(unit, day, billDay))]).toEqual([
      start,
      next,
    ]);
  },
);

test('windows follow each other without hole or overlap', () => {
  const unit = fc.constantFrom(
    'day' as const,
    'week' as const,
    'month' as const,
    'billCycle' as const,
  );
  fc.assert(
    fc.property(
      unit,
      fc.integer({ min: -20_000, max: 40_000 }),
      fc.integer({ min: 1, max: 31 }),
      (kind, day, billDay) => {
        const start = firstDay(kind, day, billDay);
        const next = nextFirstDay(kind, day, billDay);
        expect(start).toBeLessThanOrEqual(day);
        expect(next).toBeGreaterThan(day);
        expect(firstDay(kind, next - 1, billDay)).toBe(start);
        expect(firstDay(kind, next, billDay)).toBe(next);
      },
    ),
    { seed: 5, numRuns: 2000 },
  );
});

describe('how far back a policy looks', () => {
  const policy: Policy = { id: 'p', version: 1, timezone: 'Asia/Shanghai' };
  const cap = (window: NonNullable<Policy['caps']>[number]['window']): Policy => ({
    ...policy,
    caps: [{ id: 'c', limit: 1, window }],
  });
  test.each<readonly [string, Policy, number]>([
    ['nothing is counted', policy, 0],
    [
      'a gap counts',
      {
        ...policy,
        gaps: [
          { id: 'g', hours: 4.5 },
          { id: 'h', hours: 1 },
        ],
      },
      5,
    ],
    ['a rolling cap counts', cap({ kind: 'rolling', hours: 168 }), 168],
    ['a month is as long as the longest', cap({ kind: 'calendar', unit: 'month' }), 768],
    ['a bill cycle is as long as a month', cap({ kind: 'calendar', unit: 'billCycle' }), 768],
    ['a week has an hour more when clocks go back', cap({ kind: 'calendar', unit: 'week' }), 192],
  ])('%s', (_title, given, hours) => expect(longestWindowHours(given)).toBe(hours));
});
