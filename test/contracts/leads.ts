// What every store of leads promises.

import type { KeptLead } from '../../ports/leads';
import { AT, type Make } from './builders';

const aLead = (leadId: string, fields: Partial<KeptLead> = {}): KeptLead => ({
  leadId,
  contactId: 'c-1',
  product: 'p-1',
  outcome: 'not-reached',
  createdAt: AT,
  state: 'open',
  attempts: 0,
  city: 'guangzhou',
  ...fields,
});

export function describeLeadStoreContract(name: string, make: Make): void {
  describe(`the store of leads ${name}`, () => {
    const leads = async () => (await make()).leads;

    it('adds leads that are new and names them', async () => {
      const store = await leads();
      expect(await store.add([aLead('l-1'), aLead('l-2')])).toEqual(['l-1', 'l-2']);
      expect(await store.add([aLead('l-2', { product: 'p-9' }), aLead('l-3')])).toEqual(['l-3']);
      expect(await store.find('l-2')).toEqual(aLead('l-2'));
      expect(await store.find('l-9')).toBeNull();
    });

    it('lets one of many claim an open lead', async () => {
      const store = await leads();
      await store.add([aLead('l-1')]);
      const claim = (by: number) =>
        store.update('l-1', { state: 'claimed', claimedBy: `u-${by}` }, 'open');
      const done = await Promise.all(Array.from({ length: 32 }, (_, i) => claim(i)));
      expect(done.filter(Boolean)).toHaveLength(1);
      expect(await store.update('l-1', { attempts: 2 })).toBe(true);
      expect(await store.find('l-1')).toMatchObject({ state: 'claimed', attempts: 2 });
      expect(await store.update('l-9', { attempts: 2 })).toBe(false);
    });

    it('lists leads by id, filtered, within the cities of the caller', async () => {
      const store = await leads();
      await store.add([
        aLead('l-1'),
        aLead('l-2', { city: 'foshan' }),
        aLead('l-3', { contactId: 'c-2' }),
        aLead('l-4', { state: 'closed', result: 'accepted' }),
      ]);
      const ids = async (filter: Parameters<typeof store.list>[0]) =>
        (await store.list(filter)).map(({ leadId }) => leadId);
      expect(await ids({ limit: 2 })).toEqual(['l-1', 'l-2']);
      expect(await ids({ limit: 9, after: 'l-2' })).toEqual(['l-3', 'l-4']);
      expect(await ids({ limit: 9, cities: ['guangzhou'], state: 'open' })).toEqual(['l-1', 'l-3']);
      expect(await ids({ limit: 9, contactId: 'c-2' })).toEqual(['l-3']);
      expect(await ids({ limit: 9, cities: [] })).toEqual([]);
    });

    it('remembers where the next fetch begins', async () => {
      const store = await leads();
      expect(await store.cursor()).toBe('');
      await store.moveCursor('42');
      await store.moveCursor('43');
      expect(await store.cursor()).toBe('43');
    });
  });
}
