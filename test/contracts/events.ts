// What every store of events promises.

import type { EventStore, StoredEvent } from '../../ports/events';
import { AT, hoursAfter, type Make } from './builders';

const event = (eventId: string, hours = 0, change: Partial<StoredEvent> = {}): StoredEvent => ({
  ...{ eventId, type: 'usage', contactId: 'c-1', city: 'guangzhou' },
  ...{ occurredAt: AT, receivedAt: hoursAfter(hours), data: { dataUsedPct: 80, empty: {} } },
  ...change,
});

export function describeEventStoreContract(name: string, make: Make): void {
  describe(`a store of events ${name}`, () => {
    const week = { from: AT, to: hoursAfter(100), types: ['usage'] };
    let events: EventStore;
    beforeEach(async () => {
      events = (await make()).events;
    });
    const idsOf = async (filter: object = {}) => {
      const found: string[] = [];
      for await (const { eventId } of events.walk({ ...week, ...filter })) found.push(eventId);
      return found;
    };

    it('keeps an event once, as it was told first', async () => {
      await events.add([event('e-1')]);
      await events.add([event('e-1', 5), event('e-2')]);
      await events.add([]);
      await events.add([event('e-3', 200, { type: 'fault', typeVersion: 2 })]);
      expect(await events.find('e-3')).toMatchObject({ type: 'fault', typeVersion: 2 });
      expect(await events.find('e-1')).toEqual(event('e-1'));
      expect(await events.find('e-9')).toBeNull();
      expect(await idsOf()).toEqual(['e-1', 'e-2']);
    });

    it('reads them in the order in which they were received', async () => {
      await events.add([event('e-3', 2), event('e-1', 1), event('e-2', 1), event('e-0', 3)]);
      expect(await idsOf()).toEqual(['e-1', 'e-2', 'e-3', 'e-0']);
      for await (const first of events.walk(week)) {
        expect(first).toEqual(event('e-1', 1));
        break;
      }
    });

    it('reads those of some types, cities and instants', async () => {
      await events.add([
        ...[event('e-1'), event('e-2', 5), event('e-3', 1, { city: 'yunfu' })],
        event('e-4', 1, { type: 'balance' }),
      ]);
      expect(await idsOf({ types: ['balance', 'bill'] })).toEqual(['e-4']);
      expect(await idsOf({ cities: ['yunfu'] })).toEqual(['e-3']);
      expect(await idsOf({ cities: [] })).toEqual([]);
      expect(await idsOf({ to: hoursAfter(5) })).toEqual(['e-1', 'e-3']);
      expect(await idsOf({ from: hoursAfter(5) })).toEqual(['e-2']);
    });

    it('takes old ones away, so many at a time', async () => {
      await events.add([event('e-1'), event('e-2', 1), event('e-3', 2)]);
      expect(await events.removeBefore(hoursAfter(2), 1)).toBe(1);
      expect(await events.removeBefore(hoursAfter(2), 9)).toBe(1);
      expect(await idsOf()).toEqual(['e-3']);
    });
  });
}
