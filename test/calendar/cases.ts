// Random calendars that fast-check can shrink: month ends, 29 February, year ends, rest days in rows, changes of clocks.

import fc from 'fast-check';
import type { Anchor, CalendarContact, Slot } from '../../rules/calendar/calendar';
import type { CalendarCase } from '../../rules/calendar/calendarCase.schema';

const ZONES = [
  'Asia/Shanghai',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'America/Sao_Paulo',
  'Pacific/Apia',
  'UTC',
];

/** First days of ranges beside which something is odd. */
const STARTS = [
  '2026-01-28',
  '2026-02-25',
  '2028-02-26',
  '2026-03-05',
  '2026-03-26',
  '2026-04-29',
  '2026-09-28',
  '2026-10-01',
  '2026-10-23',
  '2026-12-25',
  '2018-11-02',
  '2011-12-28',
];

const HOLIDAYS = {
  days: {
    '2026-01-01': 'rest',
    '2026-01-02': 'rest',
    '2026-01-04': 'work',
    '2026-02-27': 'rest',
    '2026-02-28': 'work',
    '2026-03-31': 'rest',
    '2026-04-01': 'rest',
    '2026-04-02': 'rest',
    '2026-04-03': 'rest',
    '2026-10-01': 'rest',
    '2026-10-02': 'rest',
    '2026-10-05': 'rest',
    '2026-10-06': 'rest',
    '2026-10-07': 'rest',
    '2026-10-10': 'work',
  },
  names: { 'national-day': ['2026-10-01'], twice: ['2026-10-03', '2026-10-04', '2028-02-29'] },
} as const;

const offsetDays = fc.integer({ min: -35, max: 35 });
const weekday = fc.constantFrom(...(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const));
const counted = (most: number) => fc.integer({ min: -most, max: most }).filter((n) => n !== 0);
const withOffset = (kind: 'billDay' | 'cycleEnd' | 'activation') =>
  fc.record({ kind: fc.constant(kind), offsetDays }, { requiredKeys: ['kind'] });

const anchors: fc.Arbitrary<Anchor> = fc.oneof(
  fc.constantFrom(...STARTS).map((date) => ({ kind: 'date' as const, date })),
  fc.record({
    kind: fc.constant('monthDay' as const),
    day: fc.oneof(counted(31), fc.constantFrom(29, 30, 31, -29, -30, -31)),
    ifMissing: fc.constantFrom(undefined, 'last' as const, 'skip' as const),
  }),
  fc.record({ kind: fc.constant('workday' as const), n: counted(24) }),
  fc.record({ kind: fc.constant('weekday' as const), weekday, n: counted(5) }),
  fc.record({
    kind: fc.constant('weekly' as const),
    weekdays: fc.array(weekday, { maxLength: 4 }),
  }),
  fc.record({
    kind: fc.constant('holiday' as const),
    name: fc.constantFrom('national-day', 'twice', 'toString'),
    offsetDays,
  }),
  withOffset('billDay'),
  withOffset('cycleEnd'),
  withOffset('activation'),
);

const slots: fc.Arbitrary<Omit<Slot, 'id'>> = fc.record({
  anchor: anchors,
  shift: fc.constantFrom(undefined, 'none', 'next', 'previous', 'skip'),
  at: fc.constantFrom('00:00', '00:30', '02:00', '02:30', '09:30', '23:59'),
  spanDays: fc.constantFrom(undefined, 1, 2, 5, 10),
  spreadMinutes: fc.constantFrom(undefined, 0, 1, 120, 1500),
  audience: fc.constantFrom(undefined, {}, { brand: 'globe' }, { points: null }),
  touch: fc.constant({ channel: 'wecom', class: 'marketing' as const, template: 't-1' }),
});

const contacts: fc.Arbitrary<CalendarContact> = fc.record({
  contactId: fc.integer({ min: 0, max: 12 }).map((n) => `c-${n}`),
  city: fc.constantFrom('guangzhou', 'qingyuan', undefined),
  billDay: fc.constantFrom(1, 15, 28, 29, 30, 31, null, undefined),
  activatedAt: fc.constantFrom(
    ...STARTS.map((date) => `${date}T23:30:00+08:00`),
    '2026-10-25T00:30:00Z',
    '2028-02-29T15:59:59.999Z',
    undefined,
  ),
  brand: fc.constantFrom('globe', 'm-zone'),
  points: fc.constantFrom(null, 5, undefined),
});

export const calendarCases: fc.Arbitrary<CalendarCase> = fc
  .record({
    timezone: fc.constantFrom(...ZONES),
    cities: fc.constantFrom(undefined, ['guangzhou']),
    slots: fc.array(slots, { minLength: 1, maxLength: 3 }),
    contacts: fc.array(contacts, { minLength: 1, maxLength: 4 }),
    from: fc.constantFrom(...STARTS),
    days: fc.integer({ min: -1, max: 35 }),
  })
  .map(({ timezone, cities, slots: given, contacts: people, from, days }) => ({
    calendar: {
      id: 'cal',
      version: 1,
      timezone,
      cities,
      slots: given.map((slot, i) => ({ ...slot, id: `s${i}` })),
    },
    contacts: people,
    holidays: HOLIDAYS,
    from,
    to: new Date(Date.parse(from) + days * 86_400_000).toISOString().slice(0, 10),
  }));
