import type { Facts } from '../contact/contact';
import { type Catalogue, suggest } from './catalogue';

const product = (id: string, onShelf = true) => ({
  id,
  name: id,
  kind: 'plan' as const,
  fee: 58,
  onShelf,
});
const catalogue: Catalogue = {
  products: [product('p-58'), product('p-88'), product('p-old', false)],
  migrations: [
    {
      id: 'm-heavy',
      from: 'p-18',
      when: { minDataUsedPct: 90, minOverDataMonths: 2 },
      to: 'p-88',
      priority: 20,
    },
    {
      id: 'm-spend',
      from: 'p-18',
      when: { minMonthlySpendFen: 4000, maxMonthlySpendFen: 9000 },
      to: 'p-58',
      priority: 10,
    },
    { id: 'm-gone', from: 'p-18', when: {}, to: 'p-old', priority: 99 },
  ],
};
const contact = (facts: Facts, plan = 'p-18') => ({
  contactId: 'c',
  city: 'yunfu',
  plan: { id: plan, fee: 18 },
  facts,
});

describe('the migration map', () => {
  it('suggests along the first path whose features all hold, by priority', () => {
    expect(
      suggest(catalogue, contact({ dataUsedPct: 95, overDataMonths: 3, monthlySpendFen: 5000 }))
        ?.to,
    ).toBe('p-88');
    expect(
      suggest(catalogue, contact({ dataUsedPct: 95, overDataMonths: 1, monthlySpendFen: 5000 }))
        ?.to,
    ).toBe('p-58');
  });

  it('suggests nothing to a contact nobody knows anything of, or on a plan without a path', () => {
    expect(suggest(catalogue, contact({}))).toBeNull();
    expect(suggest(catalogue, contact({ monthlySpendFen: 5000 }, 'p-58'))).toBeNull();
  });

  it('never suggests what is off the shelf', () => {
    expect(suggest(catalogue, contact({ monthlySpendFen: 5000 }))?.id).not.toBe('m-gone');
  });

  it('includes both bounds of a range', () => {
    expect(suggest(catalogue, contact({ monthlySpendFen: 4000 }))?.to).toBe('p-58');
    expect(suggest(catalogue, contact({ monthlySpendFen: 9001 }))).toBeNull();
  });
});
