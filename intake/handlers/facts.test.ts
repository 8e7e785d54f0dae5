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

describe('events that tell facts', () => {
  const day = (n: number): string => `2026-02-0${n}T00:00:00.000Z`;
  const TOLD = [
    ['usage', { percent: 10 }, 1],
    ['usage', { voice: { percent: 70 } }, 2],
    ['usage', { sms: { percent: 5 }, voice: { percent: 40 } }, 1],
    ['recharge', { amountFen: 3000 }, 1],
    ['recharge', { balanceFen: 900 }, 2],
    ['contract', { endsOn: '2026-12-31', product: 'pack' }, 1],
    ['contract', { endsOn: '2027-12-31' }, 2],
    ['login', { where: 'app' }, 2],
    ['login', { where: 'web' }, 1],
    ['points', { balance: 900, expiring: 300, expiresOn: '2026-12-31' }, 3],
    ['points', { balance: 100 }, 2],
    ['location-city', { city: 'qingyuan' }, 2],
    ['location-city', { city: 'guangzhou' }, 1],
  ] as const;
  const KNOWN = {
    dataUsedPct: 10,
    ...{ voiceUsedPct: 70, smsUsedPct: 5 },
    balanceFen: 900,
    contractEndsOn: '2027-12-31',
    ...{ lastLoginAt: day(2), lastLoginWhere: 'app' },
    ...{ pointsBalance: 900, pointsExpiring: 300, pointsExpireOn: '2026-12-31' },
    locationCity: 'qingyuan',
  };

  test('leave what is of the latest time, in whatever order they come', async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...TOLD], { minLength: TOLD.length }), async (told) => {
        const world = await aWorld();
        for (const [type, data, on] of told) {
          const eventId = `${type}-${on}-${Object.keys(data)[0]}`;
          await world.event(type, data, { eventId, occurredAt: day(on) });
        }
        const { facts, factTimes } = await world.contact();
        expect(facts).toEqual(KNOWN);
        expect(factTimes?.locationCity).toEqual({ asOf: day(2), eventId: 'location-city-2-city' });
      }),
      { numRuns: 50 },
    );
  });

  test("an order of another system makes a product the customer's once it is done", async () => {
    const world = await aWorld();
    const order = { orderId: 'o-1', product: 'pack' };
    await world.event('order', { ...order, state: 'placed' });
    expect((await world.contact()).facts).toBeUndefined();
    await world.event('order', { ...order, state: 'done' }, { eventId: 'e-2' });
    expect((await world.contact()).facts).toEqual({ products: ['pack'] });
  });
});
