import type { Contact } from '../contact/contact';
import { type CalendarPlan, compilePlan } from './plan';

const plan: CalendarPlan = {
  ...{ id: 'month', version: 1, timezone: 'Asia/Shanghai' },
  slots: [
    {
      ...{ id: 'remind', anchor: { kind: 'weekly', weekdays: ['wed'] }, at: '10:00' },
      touch: { channel: 'sms', class: 'marketing', template: 't' },
      delivery: { openedWithinDays: 3 },
    },
  ],
};
const tables = { holidays: { days: {}, names: {} }, blackouts: { blackouts: [] } };

/** Wednesdays of March 2026 are the 4th, 11th, 18th and 25th. */
function datesOf(facts?: Contact['facts']): readonly string[] {
  const [slot] = compilePlan(plan, tables, '2026-03-01', '2026-03-31');
  const contact = { contactId: 'c', city: 'guangzhou', ...(facts && { facts }) };
  return slot?.datesOf(contact).map(({ date }) => date) ?? [];
}

it('a slot for who opened something lately leaves out those who never did', () => {
  expect(datesOf()).toEqual([]);
  expect(datesOf({ openedCampaign: 'k' })).toEqual([]);
});

it.each([
  ['2026-03-07T15:59:59.000Z', []], // still the 7th in Shanghai
  ['2026-03-07T16:00:00.000Z', ['2026-03-11']],
  ['2026-03-11T15:59:59.000Z', ['2026-03-11']],
  ['2026-03-11T16:00:00.000Z', []],
])('an opening of %s is of the dates of its day and three more: %j', (openedAt, dates) => {
  expect(datesOf({ openedAt })).toEqual(dates);
});
