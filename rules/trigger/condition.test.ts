import { conditionFaults } from './checkCondition';
import type { Condition } from './condition';
import { createMatcher } from './matcher';

const matches = (condition: unknown, value: unknown): boolean => {
  expect(conditionFaults(condition)).toEqual([]);
  return createMatcher(condition as Condition)(value);
};

const placesOf = (condition: unknown): string[] =>
  conditionFaults(condition).map(({ path }) => path.join(' > '));

const nested = (levels: number, inner: unknown): unknown =>
  levels === 0 ? inner : { $and: [nested(levels - 1, inner)] };

describe('a condition', () => {
  it('holds for everything when it asks nothing', () => {
    expect(matches({}, {})).toBe(true);
  });

  it('asks all of its fields, and all operators of a field', () => {
    const asked = { brand: 'globe', 'plan.fee': { $gte: 18, $lt: 58 } };
    expect(matches(asked, { brand: 'globe', plan: { fee: 18 } })).toBe(true);
    expect(matches(asked, { brand: 'globe', plan: { fee: 58 } })).toBe(false);
    expect(matches(asked, { plan: { fee: 18 } })).toBe(false);
  });

  it.each([
    [{ n: { $gt: 5 } }, { n: '6' }],
    [{ n: { $lt: 'b' } }, { n: 1 }],
    [{ n: 1 }, { n: true }],
    [{ n: '1' }, { n: 1 }],
    [{ n: { $gte: null } }, { n: 0 }],
    [{ n: { $lte: null } }, { n: [] }],
    [{ n: { $gt: null } }, { n: [1] }],
    [{ n: { $lt: 5 } }, { n: null }],
    [{ n: { $lt: 5 } }, {}],
  ])('never compares across kinds: %j of %j', (condition, value) => {
    expect(matches(condition, value)).toBe(false);
  });

  it('compares texts by code unit', () => {
    expect(matches({ n: { $lt: 'a' } }, { n: 'Z' })).toBe(true);
    expect(matches({ n: { $gt: '\ud83d\ude00' } }, { n: '\uff5e' })).toBe(true);
  });

  it('compares with a list by any of its elements, each operator by its own', () => {
    expect(matches({ n: { $gt: 6, $lt: 3 } }, { n: [1, 9] })).toBe(true);
    expect(matches({ n: { $not: { $gt: 6 } } }, { n: [1, 9] })).toBe(false);
    expect(matches({ tags: 'vip' }, { tags: ['4g', 'vip'] })).toBe(true);
    expect(matches({ tags: { $ne: 'vip' } }, { tags: ['4g', 'vip'] })).toBe(false);
    expect(matches({ tags: { $nin: ['4g'] } }, { tags: [] })).toBe(true);
  });

  it('takes a list for the whole list or for an element equal to it', () => {
    expect(matches({ n: [1, 2] }, { n: [1, 2] })).toBe(true);
    expect(matches({ n: [1, 2] }, { n: [[1, 2], 3] })).toBe(true);
    expect(matches({ n: [1, 2] }, { n: [2, 1] })).toBe(false);
    expect(matches({ n: { $in: [[1]] } }, { n: [1] })).toBe(true);
    expect(matches({ n: 1 }, { n: [[1]] })).toBe(false);
  });

  it('takes null for a missing field, and for an object of a list that lacks it', () => {
    expect(matches({ n: null }, {})).toBe(true);
    expect(matches({ 'a.b': null }, { a: 5 })).toBe(true);
    expect(matches({ 'a.b': null }, { a: [{ b: 1 }, {}] })).toBe(true);
    expect(matches({ 'a.b': null }, { a: [{ b: 1 }] })).toBe(false);
    expect(matches({ 'a.b': null }, { a: [] })).toBe(false);
    expect(matches({ 'a.b': null }, { a: [1, 2] })).toBe(false);
    expect(matches({ a: null }, { a: [] })).toBe(false);
    expect(matches({ a: { $in: [null] } }, {})).toBe(true);
    expect(matches({ a: { $gte: null } }, {})).toBe(true);
  });

  it('tells a field that is null from one that is not there', () => {
    expect(matches({ n: { $exists: true } }, { n: null })).toBe(true);
    expect(matches({ n: { $exists: false } }, { n: null })).toBe(false);
    expect(matches({ n: { $exists: true } }, { n: [] })).toBe(true);
    expect(matches({ 'a.b': { $exists: false } }, { a: [] })).toBe(true);
    expect(matches({ 'a.b': { $exists: true } }, { a: [{}, { b: null }] })).toBe(true);
  });

  it('holds for a missing field when it is negated', () => {
    for (const test of [{ $ne: 1 }, { $nin: [1] }, { $not: { $gt: 0 } }])
      expect(matches({ n: test }, {})).toBe(true);
    expect(matches({ n: { $ne: null } }, {})).toBe(false);
  });

  it('reaches into lists by the fields of their objects and by number', () => {
    const value = { a: [{ b: 1 }, { b: [2, 3] }], n: [7, 8] };
    expect(matches({ 'a.b': 3 }, value)).toBe(true);
    expect(matches({ 'a.1.b': 2 }, value)).toBe(true);
    expect(matches({ 'a.0.b': 2 }, value)).toBe(false);
    expect(matches({ 'n.1': 8 }, value)).toBe(true);
    expect(matches({ 'n.2': { $exists: true } }, value)).toBe(false);
    expect(matches({ 'n.01': 8 }, value)).toBe(false);
  });

  it('sees the data only, never what the language adds to it', () => {
    for (const path of ['n.length', 't.length', 'o.toString', 'toString', 'o.hasOwnProperty'])
      expect(matches({ [path]: { $exists: true } }, { n: [1], t: 'ab', o: {} })).toBe(false);
    expect(matches({ 'o.toString': null }, { o: {} })).toBe(true);
  });

  it('wants every value of $all, and nothing fits an empty one', () => {
    expect(matches({ tags: { $all: ['vip', '4g'] } }, { tags: ['4g', 'x', 'vip'] })).toBe(true);
    expect(matches({ tags: { $all: ['vip', '4g'] } }, { tags: ['vip'] })).toBe(false);
    expect(matches({ tags: { $all: [] } }, { tags: [] })).toBe(false);
    expect(matches({ tags: { $in: [] } }, {})).toBe(false);
    expect(matches({ tags: { $nin: [] } }, {})).toBe(true);
  });

  it('joins conditions with $and, $or and $nor', () => {
    const value = { a: 1, b: 2 };
    expect(matches({ $or: [{ a: 2 }, { b: 2 }] }, value)).toBe(true);
    expect(matches({ $nor: [{ a: 2 }, { b: 2 }] }, value)).toBe(false);
    expect(matches({ $and: [{ a: 1 }, { $nor: [{ b: 3 }] }], b: 2 }, value)).toBe(true);
  });
});

describe('what is no condition', () => {
  it.each([
    [{ $where: 'true' }, '$where'],
    [{ $expr: {} }, '$expr'],
    [{ $not: { a: 1 } }, '$not'],
    [{ a: { $regex: 'x' } }, 'a > $regex'],
    [{ a: { $eq: { $where: '1' } } }, 'a > $eq'],
    [{ a: { $not: { $function: 1 } } }, 'a > $not > $function'],
    [{ 'a.$b': 1 }, 'a.$b'],
    [{ 'a.constructor.name': 1 }, 'a.constructor.name'],
    [JSON.parse('{"__proto__":1}'), '__proto__'],
    [JSON.parse('{"a":{"__proto__":1}}'), 'a > __proto__'],
    [{ 'a..b': 1 }, 'a..b'],
    [{ $and: [] }, '$and'],
    [{ $or: {} }, '$or'],
    [{ $nor: [1] }, '$nor > 0'],
    [{ a: { $gt: 1, b: 2 } }, 'a > b'],
    [{ a: { b: 2 } }, 'a > b'],
    [{ a: {} }, 'a'],
    [{ a: { $exists: 1 } }, 'a > $exists'],
    [{ a: { $not: 5 } }, 'a > $not'],
    [{ a: { $not: {} } }, 'a > $not'],
    [{ a: { $in: 5 } }, 'a > $in'],
    [{ a: { $in: [{ b: 1 }] } }, 'a > $in > 0'],
    [{ a: Number.NaN }, 'a'],
    [{ a: undefined }, 'a'],
    [[], ''],
    [null, ''],
    ['a', ''],
  ])('%j is refused at its place', (condition, place) => {
    expect(placesOf(condition)).toEqual([place]);
  });

  it('has more than 6 levels', () => {
    expect(placesOf(nested(6, { a: 1 }))).toEqual([]);
    expect(placesOf(nested(7, { a: 1 }))).toHaveLength(1);
    expect(placesOf(nested(5, { a: { $not: { $gt: 1 } } }))).toEqual([]);
    expect(placesOf(nested(6, { a: { $not: { $gt: 1 } } }))).toHaveLength(1);
  });

  it('has more than 64 comparisons, a list of values counting one', () => {
    const fields = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`f${i}`, { $in: [1, 2, 3] }]));
    expect(placesOf(fields(64))).toEqual([]);
    expect(placesOf(fields(65))).toEqual(['']);
  });

  it('has a list of more than 1,000 values', () => {
    expect(placesOf({ a: { $in: Array(1000).fill(1) } })).toEqual([]);
    expect(placesOf({ a: { $in: Array(1001).fill(1) } })).toEqual(['a > $in']);
    expect(placesOf({ a: Array(1001).fill(1) })).toEqual(['a']);
  });

  it('has lists without end', () => {
    let list: unknown = 1;
    for (let i = 0; i < 50_000; i += 1) list = [list];
    expect(placesOf({ a: list })).toHaveLength(1);
  });
});
