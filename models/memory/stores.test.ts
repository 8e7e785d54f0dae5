import { describeStoresContract } from '../../test/contracts/all';
import { aProfile } from '../../test/contracts/builders';
import { createMemoryStores } from './stores';

describeStoresContract('in memory', async () => createMemoryStores());

describe('stores in memory', () => {
  it('share nothing with their callers', async () => {
    const { contacts } = createMemoryStores();
    const relations = [
      {
        staffId: 's-1',
        externalUserId: 'w-1',
        state: 'friend' as const,
        addedAt: '2026-01-01T00:00:00Z',
      },
    ];
    await contacts.upsertMany([aProfile({ relations })]);
    relations.pop();
    const [contact] = await contacts.findMany(['c-1']);
    (contact?.relations as unknown[] | undefined)?.pop();
    expect((await contacts.find('c-1'))?.relations).toHaveLength(1);
  });
});
