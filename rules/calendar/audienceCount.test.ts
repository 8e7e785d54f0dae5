import type { Profile } from '../contact/contact';
import { createAudienceCount } from './audienceCount';
import type { CalendarPlan, PlannedSlot } from './plan';

const aSlot = (more: Partial<PlannedSlot> = {}): PlannedSlot => ({
  id: 'balance',
  anchor: { kind: 'billDay' },
  at: '10:00',
  touch: { channel: 'sms', class: 'service', template: 't-balance' },
  ...more,
});
const planOf = (...slots: PlannedSlot[]): CalendarPlan => ({
  ...{ id: 'month-cycle', version: 1, timezone: 'Asia/Shanghai', slots },
  cities: ['guangzhou'],
});
const text = '{{name}}您好，余额{{yuan balanceFen}}元{{#if planName}}，套餐{{planName}}{{/if}}';
const sources = {
  templates: new Map([['t-balance', { channel: 'sms', class: 'service', text } as const]]),
  catalogue: { products: [], migrations: [] },
};
const contact = (contactId: string, more: Partial<Profile> = {}): Profile => ({
  ...{ contactId, city: 'guangzhou', name: '陈晓明', facts: { balanceFen: 100 } },
  ...more,
});

const hintsOf = (plan: CalendarPlan, ...contacts: Profile[]) => {
  const count = createAudienceCount(plan, sources);
  for (const each of contacts) count.add(each);
  return count.hints();
};

it('tells of a slot that reaches nobody of the cities of its calendar', () => {
  const slot = aSlot({ audience: { brand: 'globe' } });
  const foreign = contact('c-9', { city: 'yunfu', brand: 'globe' });
  expect(hintsOf(planOf(aSlot(), slot), contact('c-1'), foreign)).toEqual([
    { path: 'slots[1].audience', slot: 'balance', kind: 'reaches-nobody', contacts: 1 },
  ]);
});

it('tells of a condition that everybody meets, and not of a slot that has none', () => {
  const slot = aSlot({ audience: { city: 'guangzhou' } });
  expect(hintsOf(planOf(slot, aSlot()), contact('c-1'), contact('c-2'))).toEqual([
    { path: 'slots[0].audience', slot: 'balance', kind: 'reaches-everybody', contacts: 2 },
  ]);
});

it('counts who of a slot lacks a word that its text cannot do without, and names the first', () => {
  const lacking = Array.from({ length: 12 }, (_, i) => contact(`l-${i}`, { facts: {} }));
  const unreached = contact('u', { facts: {}, brand: 'mzone' });
  const slot = aSlot({ audience: { brand: { $ne: 'mzone' } } });
  expect(hintsOf(planOf(slot), contact('c-1'), unreached, ...lacking)).toEqual([
    {
      ...{ path: 'slots[0].touch.template', slot: 'balance', kind: 'lacks-variable' },
      ...{ template: 't-balance', variable: 'balanceFen', contacts: 12, reached: 13 },
      first: lacking.slice(0, 10).map(({ contactId }) => contactId),
    },
  ]);
});

it('takes a blank name for one that is missing', () => {
  expect(hintsOf(planOf(aSlot()), contact('c-1', { name: ' ' }))).toMatchObject([
    { kind: 'lacks-variable', variable: 'name', contacts: 1, first: ['c-1'] },
  ]);
});

it('leaves a template that nobody has published to others', () => {
  const slot = aSlot({ touch: { channel: 'sms', class: 'service', template: 'unknown' } });
  expect(hintsOf(planOf(slot), contact('c-1', { facts: {} }))).toEqual([]);
});
