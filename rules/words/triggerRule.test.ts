import fc from 'fast-check';
import { OVERAGE } from '../../test/fakes/triggers';
import type { Condition } from '../trigger/condition';
import { triggerRuleWords } from './triggerRule';

test('a trigger reads as one sentence in both languages', () => {
  const trigger = {
    ...OVERAGE,
    ...{ city: 'guangzhou', dailyBudget: 500, activeFrom: '08:00', activeTo: '21:00' },
    when: { 'event.dataUsedPct': { $gte: 100 }, 'contact.plan.fee': { $lt: 88 } },
    maxPerContact: { count: 2, per: 'billCycle' as const },
  };
  expect(triggerRuleWords(trigger)).toEqual({
    'zh-CN':
      'guangzhou 的客户发生 usage 事件，且 流量使用率不小于 100 且 套餐月费小于 88 时，通过企业微信（不成则短信）以话术「overage-offer」推荐「pack」；商机 120 分钟内有效；仅 08:00–21:00 的事件；同一客户 72 小时内不重复；同一客户每账期最多 2 次；每城市每日最多 500 次。',
    en: 'On a usage event of a customer of guangzhou, if data used (%) is at least 100 and plan fee is less than 88, offers "pack" to the customer by WeCom, else SMS with "overage-offer"; worth something for 120 minutes; for events from 08:00 to 21:00 only; not twice for a customer in 72 hours; at most 2 times a bill cycle for a customer; at most 500 times a city and day.',
  });
});

test.each([
  [
    { $or: [{ 'contact.brand': 'globe' }, { 'event.x': { $exists: false } }] },
    '((brand is globe) or (event.x is not known))',
  ],
  [
    { 'contact.brand': { $in: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] } },
    'brand is one of a, b, c, d, e and 2 more',
  ],
  [{ 'contact.brand': { $not: { $eq: null } } }, 'not (brand is nothing)'],
  [{ $nor: [{ 'contact.city': 'gz' }] }, 'none of (city is gz)'],
  [{ 'contact.facts.tags': { $all: [] } }, 'tags has all of an empty list'],
])('the condition %j is said as "%s"', (when, words) => {
  expect(triggerRuleWords({ ...OVERAGE, when: when as Condition }).en).toContain(`, if ${words}, `);
});

const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
const field = fc.oneof(
  value,
  fc.record(
    {
      $eq: value,
      $gte: fc.integer(),
      $in: fc.array(value, { maxLength: 9 }),
      $exists: fc.boolean(),
      $not: fc.constant({ $lt: 3 }),
      $all: fc.array(value),
    },
    { requiredKeys: ['$eq'] },
  ),
);
const plain = fc.dictionary(
  fc.constantFrom('event.x', 'contact.plan.fee', 'contact.facts.y'),
  field,
);
const grouped = fc.record(
  {
    $and: fc.array(plain, { minLength: 1, maxLength: 3 }),
    $nor: fc.array(plain, { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: ['$and'] },
);

test('whatever may be written can be said', () => {
  fc.assert(
    fc.property(fc.oneof(plain, grouped), (when) => {
      const { 'zh-CN': zh, en } = triggerRuleWords({ ...OVERAGE, when: when as Condition });
      expect(`${zh}${en}`).not.toMatch(/undefined|\[object/);
    }),
  );
});
