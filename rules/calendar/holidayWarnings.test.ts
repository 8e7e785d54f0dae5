import type { Anchor } from './calendar';
import { calendarHolidayWarnings } from './holidayWarnings';
import type { CalendarPlan, PlannedSlot } from './plan';

const blackouts = { blackouts: [] };
const holidays = {
  days: { '2026-10-01': 'rest' },
  predicted: { '2027-10-01': 'rest', '2027-10-04': 'rest' },
  names: { 'national-day': ['2026-10-01', '2027-10-01'], 'spring-festival': ['2026-02-17'] },
} as const;

const touch = { channel: 'wecom', class: 'marketing', template: 't-1' } as const;
const planOf = (slot: Partial<PlannedSlot> & { readonly anchor: Anchor }): CalendarPlan => ({
  ...{ id: 'cal', version: 1, timezone: 'Asia/Shanghai' },
  slots: [{ id: 's', at: '10:00', touch, ...slot }],
});
const warn = (slot: Parameters<typeof planOf>[0], from = '2026-10-01', to = '2026-12-31') =>
  calendarHolidayWarnings(planOf(slot), { holidays, blackouts }, from, to);

const tenth: Anchor = { kind: 'monthDay', day: 10 };

describe('a calendar and its holiday table', () => {
  it('raise no warning in a year that is arranged', () => {
    expect(warn({ anchor: tenth, shift: 'next' })).toEqual([]);
    expect(warn({ anchor: { kind: 'holiday', name: 'national-day' } })).toEqual([]);
  });

  it('warn of every year that is only predicted or not there at all, with the slots that it moves', () => {
    const found = warn({ anchor: tenth, shift: 'next' }, '2026-12-01', '2028-01-31');
    expect(found).toEqual([
      { path: 'slots', kind: 'unarranged-year', year: 2027, predicted: 2, slots: ['s'] },
      { path: 'slots', kind: 'unarranged-year', year: 2028, predicted: 0, slots: ['s'] },
    ]);
    expect(warn({ anchor: { kind: 'workday', n: 1 } }, '2027-01-01', '2027-01-31')).toMatchObject([
      { slots: ['s'] },
    ]);
    expect(warn({ anchor: tenth }, '2027-01-01', '2027-01-31')).toMatchObject([{ slots: [] }]);
  });

  it('warn of a holiday that the table lacks, and of one that has no date in a year', () => {
    expect(warn({ anchor: { kind: 'holiday', name: 'national-dya' } })).toMatchObject([
      { path: 'slots[0].anchor.name', kind: 'unknown-holiday', nearest: 'national-day' },
    ]);
    for (const name of ['constructor', '__proto__'])
      expect(warn({ anchor: { kind: 'holiday', name } })).toMatchObject([
        { kind: 'unknown-holiday', name },
      ]);
    const spring: Anchor = { kind: 'holiday', name: 'spring-festival' };
    expect(warn({ anchor: spring }, '2027-01-01', '2027-12-31')).toMatchObject([
      { kind: 'unarranged-year', year: 2027 },
      { path: 'slots[0].anchor.name', kind: 'undated-holiday', year: 2027 },
    ]);
  });
});
