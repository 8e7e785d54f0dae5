import type { Profile } from '../contact/contact';
import { createLoadCount } from './load';
import { type CalendarPlan, compilePlan, type PlannedSlot } from './plan';

const daily = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const aSlot = (id: string, channel: string, more: Partial<PlannedSlot> = {}): PlannedSlot => ({
  id,
  anchor: { kind: 'weekly', weekdays: [...daily] },
  at: '10:00',
  touch: { channel, class: 'marketing' },
  ...more,
});
const planOf = (...slots: PlannedSlot[]): CalendarPlan => ({
  id: 'month-cycle',
  version: 1,
  timezone: 'Asia/Shanghai',
  slots,
});
const friendOf = (contactId: string, ...staffIds: string[]): Profile => ({
  contactId,
  city: 'guangzhou',
  relations: staffIds.map((staffId, i) => ({
    ...{ staffId, externalUserId: `wm-${contactId}`, state: 'friend' },
    addedAt: `2026-01-0${i + 1}T00:00:00.000Z`,
  })),
});

const loadOf = (plan: CalendarPlan, ...contacts: Profile[]) => {
  const tables = { holidays: { days: {}, names: {} }, blackouts: { blackouts: [] } };
  const count = createLoadCount(compilePlan(plan, tables, '2026-03-02', '2026-03-03'));
  for (const contact of contacts) count.add(contact);
  return count.load();
};

it('counts occurrences, and each contact once a day and once in all', () => {
  const plan = planOf(
    aSlot('a', 'sms'),
    aSlot('b', 'call', { anchor: { kind: 'date', date: '2026-03-02' } }),
  );
  const day = { confirmations: 0, staff: 0, mostOfOne: 0 };
  expect(loadOf(plan, friendOf('c-1'), friendOf('c-2'))).toEqual({
    occurrences: 6,
    contacts: 2,
    days: [
      { date: '2026-03-02', occurrences: 4, contacts: 2, ...day },
      { date: '2026-03-03', occurrences: 2, contacts: 2, ...day },
    ],
    staff: [],
  });
});

it('gives what goes out on WeCom to the member who speaks with the customer', () => {
  const plan = planOf(aSlot('a', 'wecom'), aSlot('b', 'wecom', { audience: { contactId: 'c-1' } }));
  const { days, staff } = loadOf(
    plan,
    friendOf('c-1', 's-1', 's-2'),
    friendOf('c-2', 's-2'),
    friendOf('c-3', 's-1'),
    friendOf('c-4'),
  );
  expect(days[0]).toEqual({
    ...{ date: '2026-03-02', occurrences: 5, contacts: 4 },
    ...{ confirmations: 4, staff: 2, mostOfOne: 3 },
  });
  expect(staff).toEqual([
    { staffId: 's-2', date: '2026-03-02', confirmations: 3 },
    { staffId: 's-2', date: '2026-03-03', confirmations: 3 },
    { staffId: 's-1', date: '2026-03-02', confirmations: 1 },
    { staffId: 's-1', date: '2026-03-03', confirmations: 1 },
  ]);
});

it('counts nobody whom no slot reaches', () => {
  const plan = planOf(aSlot('a', 'sms', { audience: { city: 'yunfu' } }));
  expect(loadOf(plan, friendOf('c-1'))).toEqual({
    occurrences: 0,
    contacts: 0,
    days: [],
    staff: [],
  });
});
