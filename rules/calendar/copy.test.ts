import fc from 'fast-check';
import { copyPlan } from './copy';
import type { CalendarPlan, PlannedSlot } from './plan';

const touch = { channel: 'sms', class: 'marketing' } as const;
const dated = (id: string, date: string): PlannedSlot => ({
  id,
  anchor: { kind: 'date', date },
  at: '10:00',
  touch,
});
const planOf = (...slots: PlannedSlot[]): CalendarPlan => ({
  id: 'month-cycle',
  version: 3,
  timezone: 'Asia/Shanghai',
  phases: [{ id: 'end', fromDay: 29, toDay: 31 }],
  slots,
});

it('moves what has a date, and nothing else', () => {
  const billed: PlannedSlot = { id: 'bill', anchor: { kind: 'billDay' }, at: '10:00', touch };
  const plan = planOf(dated('launch', '2026-11-12'), billed);
  expect(copyPlan(plan, 1)).toEqual({
    plan: planOf(dated('launch', '2026-12-12'), billed),
    moved: [{ slotId: 'launch', before: '2026-11-12', after: '2026-12-12' }],
  });
});

it('moves the earliest date into a month, and the others by as many months', () => {
  const plan = planOf(dated('b', '2026-12-03'), dated('a', '2026-11-20'));
  expect(copyPlan(plan, '2027-02').plan).toEqual(
    planOf(dated('b', '2027-03-03'), dated('a', '2027-02-20')),
  );
  expect(copyPlan(planOf(), '2027-02')).toEqual({ plan: planOf(), moved: [] });
});

it('takes the last day of a month that lacks the day, and says so', () => {
  expect(copyPlan(planOf(dated('a', '2026-01-31')), 1).moved).toEqual([
    { slotId: 'a', before: '2026-01-31', after: '2026-02-28', shortened: true },
  ]);
});

it('comes back to the same dates where no month was too short', () => {
  const day = fc.integer({ min: 1, max: 28 });
  const month = fc.integer({ min: 1, max: 12 });
  const two = (n: number) => String(n).padStart(2, '0');
  fc.assert(
    fc.property(month, day, fc.integer({ min: -30, max: 30 }), (m, d, months) => {
      const plan = planOf(dated('a', `2026-${two(m)}-${two(d)}`));
      expect(copyPlan(copyPlan(plan, months).plan, -months).plan).toEqual(plan);
    }),
  );
});
