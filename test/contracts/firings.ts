// What every store of firings promises.

import type { FiringStore } from '../../ports/firings';
import { AT, hoursAfter, type Make } from './builders';

const firing = (eventId: string, hours = 0, triggerId = 'tr-1') => ({
  ...{ triggerId, eventId },
  occurredAt: hoursAfter(hours),
});

export function describeFiringStoreContract(name: string, make: Make): void {
  describe(`a store of firings ${name}`, () => {
    const NEVER = { revision: 0 };
    let firings: FiringStore;
    beforeEach(async () => {
      firings = (await make()).firings;
    });

    it('keeps what fired for a contact, and for nobody else', async () => {
      expect(await firings.of('c-1')).toEqual({ firings: [], revision: 0 });
      expect(await firings.add('c-1', [firing('e-1'), firing('e-1', 0, 'tr-2')], NEVER, AT)).toBe(
        true,
      );
      const before = await firings.of('c-1');
      expect(before.firings).toEqual([firing('e-1'), firing('e-1', 0, 'tr-2')]);
      expect(await firings.add('c-1', [firing('e-2', 5)], before, AT)).toBe(true);
      expect((await firings.of('c-1')).firings.map(({ eventId }) => eventId)).toEqual([
        ...['e-1', 'e-1', 'e-2'],
      ]);
      expect(await firings.of('c-2')).toEqual({ firings: [], revision: 0 });
    });

    it('says of many at once what fired for them', async () => {
      await firings.add('c-1', [firing('e-1')], NEVER, AT);
      await firings.add('c-2', [firing('e-2')], NEVER, AT);
      expect([...(await firings.ofMany(['c-1', 'c-3']))]).toEqual([['c-1', [firing('e-1')]]]);
      expect((await firings.ofMany([])).size).toBe(0);
    });

    it('keeps a trigger and its event once, however often it is told', async () => {
      await firings.add('c-1', [firing('e-1')], NEVER, AT);
      await firings.add('c-1', [firing('e-1')], await firings.of('c-1'), AT);
      expect((await firings.of('c-1')).firings).toEqual([firing('e-1')]);
    });

    it('lets one of many that were judged at once through', async () => {
      for (const known of [NEVER, { revision: 1 }]) {
        const rivals = await Promise.all(
          Array.from({ length: 16 }, (_, i) =>
            firings.add('c-1', [firing(`e-${known.revision}-${i}`)], known, AT),
          ),
        );
        expect(rivals.filter(Boolean)).toHaveLength(1);
      }
      expect((await firings.of('c-1')).firings).toHaveLength(2);
    });

    it('forgets what counts nowhere any more', async () => {
      await firings.add('c-1', [firing('e-1', 1), firing('e-2', 2)], NEVER, AT);
      await firings.add('c-1', [firing('e-3', 9)], await firings.of('c-1'), hoursAfter(2));
      const { firings: kept } = await firings.of('c-1');
      expect(kept.map(({ eventId }) => eventId)).toEqual(['e-2', 'e-3']);
    });
  });
}
