// The same questions put to sift, which implements MongoDB's filters on its own.
// Left out is where it differs from MongoDB: an empty $all, lists within lists, null in an order, plain values in a list that a path enters.

import fc from 'fast-check';
import sift from 'sift';
import { conditionFaults } from './checkCondition';
import type { Condition } from './condition';
import { createMatcher } from './matcher';

const scalar = fc.constantFrom<string | number | boolean>(0, 1, 18, 58, '58', 'vip', '4g', true);
const value = fc.oneof(scalar, fc.constant(null));
const list = fc.array(value, { maxLength: 3 });
const entry = fc.record(
  { fee: value, tags: list, n: value },
  { requiredKeys: [], noNullPrototype: true },
);

const documents = fc.record(
  {
    brand: value,
    tags: list,
    points: fc.oneof(value, list),
    plan: fc.record({ fee: value, tags: list }, { requiredKeys: [], noNullPrototype: true }),
    items: fc.array(entry, { maxLength: 3 }),
  },
  { requiredKeys: [], noNullPrototype: true },
);

const path = fc.constantFrom(
  'brand',
  'tags',
  'tags.1',
  'points',
  'plan.fee',
  'plan.tags',
  'items.fee',
  'items.tags',
  'nothing',
  'plan.no',
);

const operators = fc.letrec((tie) => ({
  test: fc.record(
    {
      $eq: fc.oneof(value, list),
      $ne: value,
      $in: list,
      $nin: list,
      $gt: scalar,
      $gte: scalar,
      $lt: scalar,
      $lte: scalar,
      $exists: fc.boolean(),
      $all: fc.array(value, { minLength: 1, maxLength: 3 }),
      $not: tie('test'),
    },
    { requiredKeys: [], noNullPrototype: true },
  ),
})).test;

const field = fc.tuple(path, fc.oneof(value, list, operators));
const conditions = fc.letrec<{ condition: object }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.array(field, { maxLength: 2 }).map(Object.fromEntries),
    fc
      .tuple(
        fc.constantFrom('$and', '$or', '$nor'),
        fc.array(tie('condition'), { minLength: 1, maxLength: 3 }),
      )
      .map(([group, list]) => ({ [group]: list })),
  ),
})).condition;

test('a condition holds for what sift lets through', () => {
  const answers = { true: 0, false: 0 };
  fc.assert(
    fc.property(conditions, documents, (condition, document) => {
      fc.pre(conditionFaults(condition).length === 0);
      const answer = createMatcher(condition as Condition)(document);
      answers[`${answer}`] += 1;
      expect(answer).toBe(sift(condition)(document));
    }),
    { seed: 11, numRuns: 4_000 },
  );
  expect(Math.min(answers.true, answers.false)).toBeGreaterThan(500);
});
