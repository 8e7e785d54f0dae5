// What every store of contacts promises of facts: they follow their own time, whoever writes them and in whatever order.

import fc from 'fast-check';
import type { Stores } from '../../ports/stores';
import {
  answerOf,
  histories,
  knownOf,
  lastOpening,
  openings,
  takeArrivals,
} from '../support/factHistories';
import { AT, aProfile, given, hoursAfter, type Make, read } from './builders';

const told = (hours: number, eventId = `e-${hours}`) => ({ asOf: hoursAfter(hours), eventId });

export function describeFactContract(name: string, make: Make): void {
  describe(`facts ${name}`, () => {
    let stores: Stores;
    beforeEach(async () => {
      stores = await make();
      await given(stores);
    });

    it('of an earlier time change nothing, whether learnt, edited or imported', async () => {
      const { contacts } = stores;
      await contacts.learn('c-1', { balanceFen: 2 }, told(2));
      await contacts.patch('c-1', { plan: { id: 'new', fee: 9 } }, told(2));
      const before = await read(stores);
      expect(before).toMatchObject({ factTimes: { balanceFen: told(2), plan: told(2) } });

      await contacts.learn('c-1', { balanceFen: 1 }, told(1));
      await contacts.patch(
        'c-1',
        { plan: { id: 'old', fee: 1 }, facts: { balanceFen: 1 } },
        told(1),
      );
      const row = { contactId: 'c-1', plan: { id: 'old', fee: 1 }, facts: { balanceFen: 1 } };
      expect(await contacts.upsertMany([row], hoursAfter(1))).toEqual(['unchanged']);
      const dated = { ...row, asOf: hoursAfter(1) };
      expect(await contacts.upsertMany([dated], hoursAfter(9))).toEqual(['unchanged']);
      expect(await read(stores)).toEqual(before);
    });

    it('told again by a later import stand from then on, and the row is unchanged', async () => {
      const { contacts } = stores;
      const row = { contactId: 'c-1', facts: { balanceFen: 2 } };
      await contacts.upsertMany([row], hoursAfter(1));
      const { profileRevision } = await read(stores);
      expect(await contacts.upsertMany([row], hoursAfter(5))).toEqual(['unchanged']);

      await contacts.learn('c-1', { balanceFen: 3 }, told(4));
      const after = await read(stores);
      expect(after).toMatchObject({ facts: { balanceFen: 2 }, profileRevision });
    });

    it('from before their times were kept give way to whatever has one', async () => {
      await stores.contacts.upsertMany([aProfile({ contactId: 'old', facts: { balanceFen: 1 } })]);
      await stores.contacts.learn('old', { balanceFen: 0 }, { asOf: '2001-01-01T00:00:00.000Z' });
      expect((await read(stores, 'old')).facts).toEqual({ balanceFen: 0 });
    });

    it('keep the latest of many that are told at once', async () => {
      const { contacts } = stores;
      const hours = [5, 11, 2, 8, 0, 9, 3, 7, 1, 10, 4, 6];
      await Promise.all(
        hours.flatMap((hour) => [
          contacts.learn('c-1', { balanceFen: hour }, told(hour)),
          contacts.patch('c-1', { plan: { id: `p-${hour}`, fee: hour } }, told(hour)),
          contacts.upsertMany(
            [{ contactId: 'c-1', facts: { dataUsedPct: hour } }],
            hoursAfter(hour),
          ),
          contacts.addPurchase('c-1', { product: `pack-${hour}`, at: hoursAfter(hour) }),
        ]),
      );
      const { facts, plan } = await read(stores);
      expect(plan).toEqual({ id: 'p-11', fee: 11 });
      expect(facts).toEqual({
        balanceFen: 11,
        dataUsedPct: 11,
        products: hours.toSorted((a, b) => a - b).map((hour) => `pack-${hour}`),
      });
    });

    it('keep a journey that was not started once for each event, the latest twenty', async () => {
      const { contacts } = stores;
      const stale = (n: number) => ({
        ...({ verdict: 'stale', reason: 'too-late', journey: 'monthStart' } as const),
        ...{ eventId: `e-${n}`, occurredAt: AT, at: AT },
      });
      for (const n of [1, 1, ...Array.from({ length: 20 }, (_, i) => i + 2)])
        expect(await contacts.addStaleStart('c-1', stale(n))).toBe(true);
      expect(await contacts.addStaleStart('c-9', stale(1))).toBe(false);

      const { staleStarts = [] } = await read(stores);
      expect(staleStarts.map(({ eventId }) => eventId)).toEqual(
        Array.from({ length: 20 }, (_, i) => `e-${i + 2}`),
      );
      await contacts.upsertMany([aProfile({ brand: 'b' })]);
      expect((await read(stores)).staleStarts).toHaveLength(20);
    });

    it('end as `sopflow people` says of random histories, shuffled and doubled', async () => {
      let contact = 0;
      await fc.assert(
        fc.asyncProperty(histories, async (history) => {
          const contactId = `h-${contact++}`;
          await given(stores, { contactId });
          const refused = await takeArrivals(stores, contactId, history.arrivals);
          const known = knownOf(await read(stores, contactId));
          expect({ facts: known, refused }).toEqual(answerOf(history));
        }),
        { numRuns: 25 },
      );
    });

    it('of openings are of the last one, shuffled and doubled', async () => {
      let contact = 0;
      await fc.assert(
        fc.asyncProperty(openings, async (history) => {
          const contactId = `o-${contact++}`;
          await given(stores, { contactId });
          await takeArrivals(stores, contactId, history.arrivals);
          expect((await read(stores, contactId)).facts).toEqual(lastOpening(history));
        }),
        { numRuns: 25 },
      );
    });
  });
}
