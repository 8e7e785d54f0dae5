// The live path and `sopflow people` agree, and what starts journeys does so once.

import fc from 'fast-check';
import { createMemoryStores } from '../../models/memory/stores';
import { AT, aWorld } from '../../test/fakes/world';
import { answerOf, histories, knownOf, takeArrivals } from '../../test/support/factHistories';

test('1,000 histories end in every order as `sopflow people` says', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async (history) => {
      const stores = createMemoryStores();
      await stores.contacts.upsertMany([{ contactId: 'c-1', city: 'guangzhou' }]);
      const refused = await takeArrivals(stores, 'c-1', history.arrivals);
      const contact = await stores.contacts.find('c-1');
      expect({ facts: contact && knownOf(contact), refused }).toEqual(answerOf(history));
    }),
    { numRuns: 1000 },
  );
}, 60_000);

describe('a crash between learning and starting', () => {
  test.each([
    ['bill', { dueFen: 5900 }, 'monthStart/c-1/2026-03-02'],
    ['usage', { percent: 120 }, 'opportunity/builtin-overage/c-1/e-1'],
  ])('starts the journey of %s once when the item runs again', async (type, data, workflowId) => {
    const world = await aWorld();
    world.engine.away = true;
    await expect(world.event(type, data)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    world.engine.away = false;
    await world.event(type, data);
    await world.event(type, data);
    expect(world.engine.starts.map((start) => start.workflowId)).toEqual([workflowId]);
  });

  test('starts none when the bill was paid before it runs again', async () => {
    const world = await aWorld();
    world.engine.away = true;
    await expect(world.event('bill', { dueFen: 5900 })).rejects.toThrow();
    world.engine.away = false;
    const paid = { eventId: 'e-2', occurredAt: '2026-03-02T01:59:30.000Z' };
    await world.event('bill-paid', {}, paid);
    await world.event('bill', { dueFen: 5900 });
    expect(world.engine.starts).toEqual([]);
    expect((await world.contact()).staleStarts).toMatchObject([
      { eventId: 'e-1', journey: 'monthStart', reason: 'not-due', occurredAt: AT },
    ]);
  });
});

test('a payment of an older bill wakes nobody, and that of the bill wakes who waits for it', async () => {
  const world = await aWorld();
  await world.event('bill', { dueFen: 5900 });
  await world.event('bill-paid', {}, { eventId: 'e-2', occurredAt: '2026-01-09T00:00:00Z' });
  expect(world.heard()).toEqual([]);
  const now = '2026-03-02T02:00:00.000Z';
  await world.event('bill-paid', {}, { eventId: 'e-3', occurredAt: now });
  expect(world.heard()).toEqual([{ kind: 'bill-paid', at: now }]);
});

test('what a customer wrote long ago tells a running journey nothing', async () => {
  const world = await aWorld();
  await world.running();
  await world.event('message');
  await world.event('message', {}, { eventId: 'e-2', occurredAt: '2026-01-09T00:00:00Z' });
  expect(world.heard()).toEqual([expect.objectContaining({ kind: 'spoke', at: AT })]);
});

test('a friendship dated ahead is parked, and its end counts from when it was heard', async () => {
  const world = await aWorld();
  const ahead = Date.parse('2027-03-02T02:00:00Z');
  const relation = { staffId: 's-1', externalUserId: 'wm-1', at: ahead };
  const added = { ...relation, dedupeKey: 'k-1', kind: 'added', half: false } as const;
  await expect(world.wecom(added)).rejects.toMatchObject({ issues: [{ path: 'at' }] });

  await world.wecom({ ...relation, dedupeKey: 'k-2', kind: 'removed-by-customer' });
  expect((await world.contact('wx-wm-1')).relations).toMatchObject([
    { state: 'removed-by-customer', removedAt: '2026-03-02T02:00:00.000Z' },
  ]);
});
