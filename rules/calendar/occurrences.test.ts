import fc from 'fast-check';
import { calendarCases } from '../../test/calendar/cases';
import type { HolidayTable } from '../time/holidays';
import type { Anchor, CalendarContact, Slot } from './calendar';
import { occurrences } from './occurrences';

const NO_HOLIDAYS: HolidayTable = { days: {}, names: {} };
const touch = { channel: 'wecom', class: 'marketing', template: 't-1' } as const;

function datesOf(
  anchor: Anchor,
  [from, to]: readonly [string, string],
  fields: Partial<Slot> = {},
  contact: Partial<CalendarContact> = {},
  holidays = NO_HOLIDAYS,
): string[] {
  const slots = [{ id: 's', anchor, at: '10:00', touch, ...fields }];
  const calendar = { id: 'cal', version: 1, timezone: 'Asia/Shanghai', slots };
  const contacts = [{ contactId: 'c-1', ...contact }];

  return occurrences(calendar, contacts, holidays, from, to).map(({ date }) => date);
}

const SPRING = ['2026-02-01', '2026-04-30'] as const;
const NEW_YEAR = ['2026-12-30', '2027-01-02'] as const;

describe('base dates', () => {
  it('keep to the end of a shorter month, or pass over it', () => {
    expect(datesOf({ kind: 'monthDay', day: 31 }, SPRING)).toEqual([
      '2026-02-28',
      '2026-03-31',
      '2026-04-30',
    ]);
    expect(datesOf({ kind: 'monthDay', day: 31, ifMissing: 'skip' }, SPRING)).toEqual([
      '2026-03-31',
    ]);
    expect(datesOf({ kind: 'monthDay', day: -30 }, SPRING)).toEqual([
      '2026-02-01',
      '2026-03-02',
      '2026-04-01',
    ]);
  });

  it('know 29 February', () => {
    const leap = ['2028-02-01', '2028-03-01'] as const;
    expect(datesOf({ kind: 'billDay' }, leap, {}, { billDay: 31 })).toEqual(['2028-02-29']);
    expect(datesOf({ kind: 'cycleEnd' }, leap, {}, { billDay: 1 })).toEqual(['2028-02-29']);
    expect(datesOf({ kind: 'monthDay', day: -1 }, leap)).toEqual(['2028-02-29']);
  });

  it('cross the year with an offset', () => {
    const anchor = { kind: 'billDay', offsetDays: 1 } as const;
    expect(datesOf(anchor, NEW_YEAR, {}, { billDay: 31 })).toEqual(['2027-01-01']);
    expect(datesOf({ kind: 'cycleEnd' }, NEW_YEAR, {}, { billDay: 1 })).toEqual(['2026-12-31']);
  });

  it('are none for a contact without what the anchor reads', () => {
    for (const kind of ['billDay', 'cycleEnd', 'activation'] as const)
      expect(datesOf({ kind }, SPRING)).toEqual([]);
  });

  it('take the local date of an activation', () => {
    const activatedAt = '2026-01-31T16:00:00Z';
    expect(datesOf({ kind: 'activation' }, SPRING, {}, { activatedAt })).toEqual(['2026-02-01']);
  });

  it('are none for a holiday that the table does not list, whatever its name', () => {
    for (const name of ['spring', 'constructor', '__proto__'])
      expect(datesOf({ kind: 'holiday', name }, SPRING)).toEqual([]);
  });
});

describe('a date that is a rest day', () => {
  const days = { '2026-03-02': 'rest', '2026-03-03': 'rest', '2026-03-07': 'work' } as const;
  const holidays = { days, names: {} };
  const monday = { kind: 'date', date: '2026-03-02' } as const;
  const shifted = (shift: Slot['shift'], range: readonly [string, string]) =>
    datesOf(monday, range, { shift }, {}, holidays);
  const march = ['2026-02-20', '2026-03-31'] as const;

  it('is kept, moved or passed over as the slot says', () => {
    expect(shifted('none', march)).toEqual(['2026-03-02']);
    expect(shifted('next', march)).toEqual(['2026-03-04']);
    expect(shifted('previous', march)).toEqual(['2026-02-27']);
    expect(shifted('skip', march)).toEqual([]);
  });

  it('counts by where it ends up, though its base lies outside of the range', () => {
    expect(shifted('next', ['2026-03-04', '2026-03-04'])).toEqual(['2026-03-04']);
    expect(shifted('previous', ['2026-02-27', '2026-02-27'])).toEqual(['2026-02-27']);
    expect(shifted('next', ['2026-03-01', '2026-03-03'])).toEqual([]);
  });

  it('gives one occurrence with the others that end up on the same date', () => {
    const weekend = { kind: 'weekly', weekdays: ['sat', 'sun', 'mon'] } as const;
    expect(datesOf(weekend, ['2026-03-14', '2026-03-16'], { shift: 'next' })).toEqual([
      '2026-03-16',
    ]);
  });
});

describe('all calendars', () => {
  const compile = ({
    calendar,
    contacts,
    holidays,
    from,
    to,
  }: Parameters<Parameters<typeof calendarCases.map>[0]>[0]) =>
    occurrences(calendar, contacts, holidays, from, to);

  it('answer the same in any order of slots and contacts, by instant, slot and contact', () => {
    fc.assert(
      fc.property(calendarCases, (given) => {
        const answer = compile(given);
        const slots = [...given.calendar.slots].reverse();
        const contacts = [...given.contacts, ...given.contacts].reverse();
        expect(compile({ ...given, calendar: { ...given.calendar, slots }, contacts })).toEqual(
          answer,
        );
        const keys = answer.map(({ at, slotId, contactId, date }) =>
          [at, slotId, contactId, date].join(' '),
        );
        expect(keys).toEqual([...new Set(keys)].sort());
      }),
      { seed: 13, numRuns: 300 },
    );
  });

  it('give for a range what they give for its days one by one', () => {
    fc.assert(
      fc.property(calendarCases, (given) => {
        const dates = [...new Set(compile(given).map(({ date }) => date))];
        const single = dates.flatMap((date) => compile({ ...given, from: date, to: date }));
        const ids = (list: readonly { touchId: string }[]) => list.map((one) => one.touchId).sort();
        expect(ids(single)).toEqual(ids(compile(given)));
      }),
      { seed: 14, numRuns: 300 },
    );
  });

  it('never place a moved slot on a rest day', () => {
    fc.assert(
      fc.property(calendarCases, (given) => {
        const moved = given.calendar.slots
          .filter(({ shift }) => shift !== undefined && shift !== 'none')
          .map(({ id }) => id);
        const days = new Map(Object.entries(given.holidays.days));
        for (const { slotId, date } of compile(given)) {
          const weekend = [0, 6].includes(new Date(`${date}T00:00:00Z`).getUTCDay());
          const isRest = (days.get(date) ?? (weekend ? 'rest' : 'work')) === 'rest';
          expect(moved.includes(slotId) && isRest).toBe(false);
        }
      }),
      { seed: 15, numRuns: 300 },
    );
  });
});
