import fc from 'fast-check';
import { calendarCases } from '../../test/calendar/cases';
import { naiveBlackouts, naiveOccurrences } from '../../test/calendar/oracle';
import { isCodedError } from '../base/errors';
import { waveTouchId } from '../base/ids';
import { parseWith } from '../input/parse';
import { DAY_MS } from '../time/durations';
import type { AtBlackout, Blackout } from './blackout';
import { blackoutTable } from './blackout.schema';
import type { CalendarContact, Slot } from './calendar';
import { type CalendarPlan, compilePlan, type PlannedSlot, planDatesOf } from './plan';

const NO_HOLIDAYS = { days: {}, names: {} };

const aBlackout = (from: string, to: string, fields: Partial<Blackout> = {}): Blackout => ({
  ...{ from, to, reason: '系统割接', by: '省公司', ...fields },
});

const daily: PlannedSlot = {
  id: 's',
  anchor: { kind: 'weekly', weekdays: ['wed'] },
  at: '10:00',
  touch: { channel: 'wecom', class: 'marketing', template: 't-1' },
};

const aPlan = (slot: Partial<PlannedSlot>): CalendarPlan => ({
  ...{ id: 'cal', version: 1, timezone: 'Asia/Shanghai', slots: [{ ...daily, ...slot }] },
});

/** Wednesdays of March 2026 are the 4th, 11th, 18th and 25th. */
function datesOf(
  slot: Partial<PlannedSlot>,
  blackouts: readonly Blackout[],
  [from, to] = ['2026-03-01', '2026-03-31'],
  contact: CalendarContact = { contactId: 'c', city: 'guangzhou' },
): readonly string[] {
  const tables = { holidays: NO_HOLIDAYS, blackouts: { blackouts } };
  const compiled = compilePlan(aPlan(slot), tables, from ?? '', to ?? '');
  return compiled.flatMap((one) => one.datesOf(contact).map(({ date }) => date));
}

const at = (atBlackout: AtBlackout): Partial<PlannedSlot> => ({ delivery: { atBlackout } });
const elevenths = [aBlackout('2026-03-10', '2026-03-13')];

describe('on a blacked-out date of its city', () => {
  it('marketing is skipped unless the slot says otherwise', () => {
    expect(datesOf({}, elevenths)).toEqual(['2026-03-04', '2026-03-18', '2026-03-25']);
    expect(datesOf(at('skip'), elevenths)).toEqual(datesOf({}, elevenths));
  });

  it('marketing is moved to the nearest date after it, or brought forward to the nearest before it', () => {
    expect(datesOf(at('next'), elevenths)).toContain('2026-03-14');
    expect(datesOf(at('previous'), elevenths)).toContain('2026-03-09');
  });

  it('what keeps off rest days is not moved onto one', () => {
    expect(datesOf({ ...at('next'), shift: 'next' }, elevenths)).toContain('2026-03-16');
  });

  it('every other class takes place', () => {
    const touch = { ...daily.touch, class: 'service' } as const;
    expect(datesOf({ touch }, elevenths)).toContain('2026-03-11');
  });

  it('only contacts of the cities that it names are held', () => {
    const blackouts = [aBlackout('2026-03-10', '2026-03-13', { cities: ['qingyuan'] })];
    const of = (city: string | undefined) =>
      datesOf({}, blackouts, undefined, { contactId: 'c', city });
    expect(of('qingyuan')).not.toContain('2026-03-11');
    expect(of('guangzhou')).toContain('2026-03-11');
    expect(of(undefined)).toContain('2026-03-11');
  });
});

describe('a moved occurrence', () => {
  it('counts by where it ends up, though its own date lies outside of the range', () => {
    expect(datesOf(at('next'), elevenths, ['2026-03-14', '2026-03-14'])).toEqual(['2026-03-14']);
    expect(datesOf(at('previous'), elevenths, ['2026-03-09', '2026-03-09'])).toEqual([
      '2026-03-09',
    ]);
    expect(datesOf(at('next'), elevenths, ['2026-03-10', '2026-03-13'])).toEqual([]);
  });

  it('that meets another of its contact is one with it', () => {
    const blackouts = [
      aBlackout('2026-03-11', '2026-03-17'),
      aBlackout('2026-03-03', '2026-03-04'),
    ];
    expect(datesOf(at('next'), blackouts)).toEqual(['2026-03-05', '2026-03-18', '2026-03-25']);
  });
});

const spans = fc.record({
  /** Days before, or after, the end of the range, at which it borders or which it covers. */
  outside: fc.integer({ min: 0, max: 12 }),
  inside: fc.constantFrom(0, 0, 1, 4),
  cities: fc.constantFrom(undefined, undefined, ['guangzhou'], ['qingyuan']),
});

/** A case with blackouts at both ends of its range, which carry dates in and out, and one within it. */
const cases = fc.tuple(calendarCases, spans, spans, spans).map(([given, start, middle, end]) => ({
  given: {
    ...given,
    calendar: { ...given.calendar, slots: given.calendar.slots.map(oftenDue) },
  },
  table: {
    blackouts: [
      blackoutAround(given.from, -start.outside, start.inside - 1, start),
      blackoutAround(given.from, middle.outside, middle.outside + middle.inside, middle),
      blackoutAround(given.to, 1 - end.inside, end.outside + 1, end),
    ],
  },
}));

const blackoutAround = (
  date: string,
  first: number,
  last: number,
  { cities }: Pick<Blackout, 'cities'>,
): Blackout => aBlackout(daysAfter(date, Math.min(first, last)), daysAfter(date, last), { cities });

/** Every second slot is due often, so that blackouts have something to move, and not daily, so that it shows. */
const oftenDue = (slot: Slot, i: number): Slot =>
  i % 2 === 0 ? { ...slot, anchor: { kind: 'weekly', weekdays: ['tue', 'thu', 'sun'] } } : slot;

const daysAfter = (date: string, days: number): string =>
  new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10);

const atBlackouts = fc.constantFrom<AtBlackout>('skip', 'next', 'previous');

describe('all blackouts', () => {
  it('leave what asking every day one by one leaves', () => {
    fc.assert(
      fc.property(cases, atBlackouts, ({ given, table }, atBlackout) => {
        const { calendar, contacts, holidays, from, to } = given;
        const slots = calendar.slots.map((slot) => ({ ...slot, delivery: { atBlackout } }));
        const plan = { ...calendar, slots };
        const compiled = compilePlan(plan, { holidays, blackouts: table }, from, to);

        const found = compiled.flatMap(({ slot, datesOf: dates }) =>
          contacts.flatMap((contact) =>
            dates(contact).map(({ date, at: instant }) => [
              waveTouchId(calendar.id, slot.id, date, contact.contactId),
              instant,
            ]),
          ),
        );
        const naive = naiveOccurrences(given, naiveBlackouts(table, atBlackout, holidays));

        expect(Object.fromEntries(found)).toEqual(
          Object.fromEntries(naive.map((one) => [one.touchId, Date.parse(one.at)])),
        );
      }),
      { seed: 16, numRuns: 60 },
    );
  });

  it('leave nobody due on a date for which no wave is planned', () => {
    fc.assert(
      fc.property(cases, atBlackouts, ({ given, table }, atBlackout) => {
        const { calendar, contacts, holidays, from, to } = given;
        const slots = calendar.slots.map((slot) => ({ ...slot, delivery: { atBlackout } }));
        const plan = { ...calendar, slots };
        const tables = { holidays, blackouts: table };
        const planned = new Map(
          planDatesOf(plan, tables, from, to).map(({ slot, dates }) => [
            slot.id,
            dates.map(({ date }) => date),
          ]),
        );
        for (const { slot, datesOf: dates } of compilePlan(plan, tables, from, to))
          for (const { date } of contacts.flatMap(dates))
            expect(planned.get(slot.id)).toContain(date);
      }),
      { seed: 17, numRuns: 100 },
    );
  });
});

test('a blackout ends after it begins, within a year, and says who wanted it and why', () => {
  const pathsOf = (blackout: object): unknown => {
    try {
      return parseWith(blackoutTable, { blackouts: [blackout] }, '');
    } catch (error) {
      return isCodedError(error) && error.issues.map(({ path }) => path);
    }
  };
  expect(pathsOf(aBlackout('2026-03-02', '2026-03-01'))).toEqual(['blackouts[0].to']);
  expect(pathsOf(aBlackout('2026-03-02', '2027-03-03'))).toEqual(['blackouts[0].to']);
  expect(pathsOf(aBlackout('2026-03-02', '2026-03-02', { cities: [] }))).toEqual([
    'blackouts[0].cities',
  ]);
  const { by: _by, reason: _reason, ...anonymous } = aBlackout('2026-03-01', '2026-03-02');
  expect(pathsOf(anonymous)).toEqual(['blackouts[0].reason', 'blackouts[0].by']);
});
