import { aScenario } from '../test/fakes/touchScenario';
import { suggestPlan } from './order';

const catalogue = {
  products: [{ id: 'plan-b', name: '套餐B', kind: 'plan' as const, fee: 99, onShelf: true }],
  migrations: [{ id: 'up', from: 'plan-a', when: {}, to: 'plan-b', priority: 1 }],
};

async function suggested(profile: { readonly personalisation?: boolean }) {
  const scenario = await aScenario({ profile: { plan: { id: 'plan-a', fee: 59 }, ...profile } });
  await scenario.stores.catalogues.draft('default', catalogue, 'test', '2026-03-01T00:00:00.000Z');
  await scenario.stores.catalogues.publish('default', 1, 'test', '2026-03-01T00:00:00.000Z');
  const { deps, published } = scenario.ask([]);
  return suggestPlan(deps, published, 'c-1');
}

describe('the suggested plan', () => {
  it('follows the migration map', async () => {
    expect(await suggested({})).toEqual({
      product: 'plan-b',
      currentPlan: 'plan-a',
      rule: 'up',
      catalogue: 'default@1',
    });
  });

  it('is none for a customer who turned personalisation off, and says why', async () => {
    expect(await suggested({ personalisation: false })).toEqual({
      product: null,
      currentPlan: 'plan-a',
      rule: 'personalisation',
      catalogue: 'default@1',
    });
  });
});
