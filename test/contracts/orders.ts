// What every store of orders promises.

import type { Order } from '../../ports/orders';
import { AT, aProfile, type Make } from './builders';

const anOrder = (orderKey: string, fields: Partial<Order> = {}): Order => ({
  orderKey,
  contactId: 'c-1',
  product: 'p-1',
  orderId: `crm-${orderKey}`,
  state: 'accepted',
  at: AT,
  ...fields,
});

export function describeOrderStoreContract(name: string, make: Make): void {
  describe(`the store of orders ${name}`, () => {
    it('creates an order and updates it under the same key', async () => {
      const { orders } = await make();
      await orders.save(anOrder('o-1', { workflowId: 'w-1' }));
      expect(await orders.find('o-1')).toEqual(anOrder('o-1', { workflowId: 'w-1' }));
      await orders.save(anOrder('o-1', { state: 'rejected', reason: 'credit' }));
      expect(await orders.find('o-1')).toEqual(
        anOrder('o-1', { state: 'rejected', reason: 'credit' }),
      );
      expect(await orders.find('o-2')).toBeNull();
    });

    it('never takes an end back when the acceptance is learnt after it', async () => {
      const { orders } = await make();
      await orders.save(anOrder('o-1', { state: 'completed' }));
      await orders.save(anOrder('o-1'));
      expect((await orders.find('o-1'))?.state).toBe('completed');
    });

    it('follows the time of what happened, whatever order it is heard in, and keeps who placed it', async () => {
      const { orders } = await make();
      const completed = { state: 'completed', at: '2026-03-03T00:00:00.000Z' } as const;
      const rejected = { state: 'rejected', reason: 'credit', at: AT } as const;
      await orders.save(anOrder('o-1', completed));
      await orders.save(anOrder('o-1', rejected));
      await orders.save(anOrder('o-1', { workflowId: 'w-1' }));
      expect(await orders.find('o-1')).toEqual(anOrder('o-1', { ...completed, workflowId: 'w-1' }));

      const later = { ...rejected, at: '2026-03-04T00:00:00.000Z' };
      const rivals = [later, completed, rejected].map((told) => orders.save(anOrder('o-2', told)));
      await Promise.all(rivals);
      expect(await orders.find('o-2')).toEqual(anOrder('o-2', later));
    });

    it('lists orders by key, within the cities of their contacts', async () => {
      const { orders, contacts } = await make();
      await contacts.upsertMany([aProfile(), aProfile({ contactId: 'c-2', city: 'foshan' })]);
      for (const [i, contactId] of ['c-1', 'c-2', 'c-1', 'c-unknown'].entries()) {
        await orders.save(anOrder(`o-${i}`, { contactId }));
      }
      const keys = async (filter: Parameters<typeof orders.list>[0]) =>
        (await orders.list(filter)).map(({ orderKey }) => orderKey);
      expect(await keys({ limit: 9 })).toEqual(['o-0', 'o-1', 'o-2', 'o-3']);
      expect(await keys({ limit: 1, after: 'o-0' })).toEqual(['o-1']);
      expect(await keys({ limit: 9, contactId: 'c-1' })).toEqual(['o-0', 'o-2']);
      expect(await keys({ limit: 9, cities: ['foshan'] })).toEqual(['o-1']);
      expect(await keys({ limit: 9, cities: [] })).toEqual([]);
    });

    it('counts orders by state', async () => {
      const { orders } = await make();
      expect(await orders.totals()).toEqual({ accepted: 0, completed: 0, rejected: 0 });
      await orders.save(anOrder('o-1'));
      await orders.save(anOrder('o-2', { state: 'completed' }));
      await orders.save(anOrder('o-3', { state: 'completed' }));
      expect(await orders.totals()).toEqual({ accepted: 1, completed: 2, rejected: 0 });
    });
  });
}
