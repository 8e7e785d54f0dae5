// What every store of leases promises.

import type { Make } from './builders';

export function describeLeaseStoreContract(name: string, make: Make): void {
  describe(`the store of leases ${name}`, () => {
    const leases = async () => (await make()).leases;

    it('tells who lives and who holds what', async () => {
      const store = await leases();
      expect(await store.beat('a')).toEqual({ beats: { a: 1 }, leases: {} });
      const fence = await store.take('poller', undefined, 'a');
      await store.beat('b');
      expect(await store.beat('a')).toEqual({
        beats: { a: 2, b: 1 },
        leases: { poller: { holder: 'a', fence } },
      });
    });

    it('gives a lease to one of rivals, and each time under a higher fence', async () => {
      const store = await leases();
      const rivals = ['a', 'b', 'c', 'd'];
      const taken = await Promise.all(rivals.map((each) => store.take('p', undefined, each)));
      expect(taken.filter((fence) => fence !== null)).toHaveLength(1);

      const seen = (await store.beat('a')).leases.p;
      const again = await Promise.all(rivals.map((each) => store.take('p', seen, each)));
      const fences = again.filter((fence) => fence !== null);
      expect(fences).toHaveLength(1);
      expect(fences[0]).toBeGreaterThan(seen?.fence ?? Number.POSITIVE_INFINITY);
      expect(await store.take('q', undefined, 'a')).toBeGreaterThan(fences[0] ?? 0);
    });

    it('takes a lease back from its holder only', async () => {
      const store = await leases();
      const first = await store.take('p', undefined, 'a');
      const seen = (await store.beat('a')).leases.p;
      const second = await store.take('p', seen, 'b');
      await store.release('p', first ?? 0);
      expect((await store.beat('a')).leases.p).toEqual({ holder: 'b', fence: second });
      await store.release('p', second ?? 0);
      const free = (await store.beat('a')).leases.p;
      expect(free).toEqual({ fence: second });
      expect(await store.take('p', seen, 'a')).toBeNull();
      expect(await store.take('p', free, 'a')).toBeGreaterThan(second ?? 0);
    });

    it('forgets who has ended', async () => {
      const store = await leases();
      await store.beat('a');
      await store.forget('a');
      expect((await store.beat('b')).beats).toEqual({ b: 1 });
    });
  });
}
