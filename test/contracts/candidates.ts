// Candidates of an audience: what a store leaves out, the condition leaves out, too.

import fc from 'fast-check';
import type { ImportRow } from '../../rules/contact/profile';
import type { Condition, FieldTest } from '../../rules/trigger/condition';
import { createMatcher } from '../../rules/trigger/matcher';
import type { Make } from './builders';

const scalar = fc.constantFrom<(string | number | boolean)[]>(
  ...[0, 1, -1, 58, 58.5, -0, 1e15, '', '58', 'a', 'B', 'é', '\u{1f600}', '\uffff', true, false],
);
const value = fc.oneof(
  { weight: 4, arbitrary: scalar },
  fc.constant(null),
  fc.array(fc.oneof(scalar, fc.constant(null)), { maxLength: 3 }),
);

const operators: fc.Arbitrary<FieldTest> = fc
  .record(
    {
      $eq: value,
      $ne: value,
      $in: fc.array(value, { maxLength: 3 }),
      $nin: fc.array(value, { maxLength: 3 }),
      $gt: value,
      $gte: value,
      $lt: value,
      $lte: value,
      $exists: fc.boolean(),
      $all: fc.array(value, { maxLength: 2 }),
      $not: fc.record({ $eq: value }),
    },
    { requiredKeys: [] },
  )
  .map((all) => Object.fromEntries(Object.entries(all).slice(0, 2)) as FieldTest)
  .filter((test) => Object.keys(test as object).length > 0);

const path = fc.constantFrom(
  ...['brand', 'billDay', 'plan.fee', 'plan.id', 'facts.a', 'facts.b', 'facts.list', 'facts.o.x'],
  ...['personalisation', 'relations.staffId', 'contactId', 'facts.list.0', 'name'],
);

const fields: fc.Arbitrary<Condition> = fc.dictionary(path, fc.oneof(value, operators), {
  minKeys: 1,
  maxKeys: 2,
});

const condition: fc.Arbitrary<Condition> = fc.oneof(
  { weight: 3, arbitrary: fields },
  ...(['$and', '$or', '$nor'] as const).map((group) =>
    fc.array(fields, { minLength: 1, maxLength: 3 }).map((list): Condition => ({ [group]: list })),
  ),
);

const person = fc.record(
  {
    brand: fc.constantFrom('globe', 'm-zone', 'é'),
    billDay: fc.constantFrom(1, 15, 31),
    plan: fc.record({ id: fc.constantFrom('p-1', 'p-58'), fee: fc.constantFrom(0, 58, 58.5) }),
    personalisation: fc.boolean(),
    facts: fc.record(
      {
        a: value,
        b: scalar,
        list: fc.array(fc.oneof(scalar, fc.record({ x: scalar })), { maxLength: 3 }),
        o: fc.record({ x: value }, { requiredKeys: [] }),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);

export function describeCandidatesContract(name: string, make: Make): void {
  describe(`candidates of an audience ${name}`, () => {
    it('are everybody who fits its condition, and perhaps others', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(person, { minLength: 5, maxLength: 20 }),
          fc.array(condition, { minLength: 20, maxLength: 40 }),
          async (people, conditions) => {
            const { contacts } = await make();
            const rows = people.map((fields, i) => ({
              ...fields,
              contactId: `c-${String(i).padStart(2, '0')}`,
              city: i % 3 === 0 ? 'foshan' : 'guangzhou',
            }));
            await contacts.upsertMany(rows as unknown as ImportRow[]);
            const everybody = await contacts.page(null, 100);

            for (const asked of conditions) {
              const fits = createMatcher(asked);
              const found = await contacts.candidates(asked, null, 100);
              const idsOf = (all: typeof everybody) =>
                all.filter(fits).map(({ contactId }) => contactId);
              expect({ asked, ids: idsOf(found) }).toEqual({ asked, ids: idsOf(everybody) });
            }
          },
        ),
        { numRuns: 12 },
      );
    });

    it('come by city and page, in order of their ids', async () => {
      const { contacts } = await make();
      const brand = 'globe';
      await contacts.upsertMany([
        { contactId: 'c-1', city: 'guangzhou', brand },
        { contactId: 'c-2', city: 'foshan', brand },
        { contactId: 'c-3', city: 'guangzhou', brand: 'm-zone' },
        { contactId: 'c-4', city: 'guangzhou', brand },
        { contactId: 'c-5', city: 'guangzhou', brand },
      ]);
      const cities = ['guangzhou'];
      const ids = async (after: string | null) =>
        (await contacts.candidates({ brand }, after, 2, { cities })).map((each) => each.contactId);
      expect(await ids(null)).toEqual(['c-1', 'c-4']);
      expect(await ids('c-4')).toEqual(['c-5']);
    });
  });
}
