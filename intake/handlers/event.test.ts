import { HOUR_MS } from '../../rules/time/durations';
import { aDeferral, aPass } from '../../test/contracts/builders';
import { NOW } from '../../test/fakes/api';
import { AT, aWorld } from '../../test/fakes/world';
import { recordOne, reserveOne } from '../../test/support/singles';

describe('events', () => {
  test('usage over the bundle is learnt and starts one journey with an offer for two hours', async () => {
    const world = await aWorld();
    await world.event('usage', { dataUsedPct: 104 });
    expect((await world.contact()).facts).toMatchObject({ dataUsedPct: 104 });
    expect(world.engine.starts).toEqual([
      {
        journey: 'overage',
        workflowId: 'opportunity/builtin-overage/c-1/e-1',
        city: 'guangzhou',
        input: {
          version: 1,
          contactId: 'c-1',
          entry: 'e-1',
          triggerId: 'builtin-overage',
          product: 'pack',
          template: 'overage-offer',
          channel: 'wecom',
          fallback: ['sms'],
          expiresAt: '2026-03-02T03:59:00.000Z',
        },
      },
    ]);
  });

  test('a second offer is never made inside the cooldown, and the same event never starts a second journey', async () => {
    const world = await aWorld();
    await world.event('usage', { dataUsedPct: 91 });
    await world.event('usage', { dataUsedPct: 91 });
    await world.event('usage', { dataUsedPct: 100 }, { eventId: 'e-2' });
    expect(world.engine.starts).toHaveLength(1);
    const later = new Date(Date.parse(AT) + 72 * HOUR_MS).toISOString();
    await world.event(
      'usage',
      { dataUsedPct: 100 },
      { eventId: 'e-3', occurredAt: later, receivedAt: Date.parse(later) },
    );
    expect(world.engine.starts).toHaveLength(2);
  });

  test('usage heard of too late is learnt but is no occasion any more', async () => {
    const world = await aWorld();
    await world.event(
      'usage',
      { dataUsedPct: 104 },
      { receivedAt: Date.parse(AT) + 120 * 60_000 + 1 },
    );
    expect((await world.contact()).facts?.dataUsedPct).toBe(104);
    expect(world.engine.starts).toEqual([]);
  });

  test('a journey that Temporal did not take is started when the event is tried again', async () => {
    const world = await aWorld();
    world.engine.away = true;
    await expect(world.event('usage', { dataUsedPct: 104 })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
    expect(await world.stores.runs.ofContact('c-1')).toEqual([]);
    world.engine.away = false;
    await world.event('usage', { dataUsedPct: 104 });
    expect(world.engine.starts).toHaveLength(1);
    expect(await world.stores.runs.ofContact('c-1')).toMatchObject([
      { journey: 'overage', state: 'running' },
    ]);
  });

  test('a bill starts one month per bill, named by its date where the customer lives', async () => {
    const world = await aWorld();
    await world.event(
      'bill',
      { billDueFen: 5900, balanceFen: 100 },
      { occurredAt: '2026-02-28T16:30:00Z' },
    );
    await world.event(
      'bill',
      { billDueFen: 5900 },
      { eventId: 'e-2', occurredAt: '2026-03-01T01:00:00Z' },
    );
    expect(world.engine.starts).toMatchObject([
      { workflowId: 'monthStart/c-1/2026-03-01', input: { billedAt: '2026-02-28T16:30:00.000Z' } },
    ]);
    expect((await world.contact()).facts).toMatchObject({
      billDueFen: 5900,
      balanceFen: 100,
      billedAt: '2026-03-01T01:00:00.000Z',
    });
  });

  test('a paid bill is told to the running journeys', async () => {
    const world = await aWorld();
    await world.running();
    await world.event('bill-paid');
    expect((await world.contact()).facts?.billDueFen).toBe(0);
    expect(world.heard()).toEqual([{ kind: 'bill-paid', at: AT }]);
  });

  test.each([
    [
      'offer-accepted',
      { product: 'pack', touchId: 'w/step' },
      { kind: 'accepted', product: 'pack', acceptance: 'e-1', eventId: 'e-1' },
    ],
    ['offer-refused', { product: 'pack' }, { kind: 'refused', product: 'pack' }],
    ['offer-refused', {}, { kind: 'refused' }],
    ['customer-message', { staffId: 's-1' }, { kind: 'spoke', staffId: 's-1' }],
    ['purchase', { product: 'pack' }, { kind: 'converted', product: 'pack' }],
    ['plan-changed', { plan: { id: 'plan-b', fee: 99 } }, { kind: 'converted', product: 'plan-b' }],
  ])(
    '%s %j is told to every running journey and to none that is over',
    async (type, data, told) => {
      const world = await aWorld();
      const [first, second] = [
        await world.running('2026-03-01'),
        await world.running('2026-02-01'),
      ];
      await world.stores.runs.close(second, 'done', AT);
      await world.event(type, data);
      expect(world.engine.signalled).toEqual([
        {
          workflowId: first,
          message: { signal: 'contact', body: expect.objectContaining({ ...told, at: AT }) },
        },
      ]);
    },
  );

  test('an opening is known with its campaign and its instant, and an older one changes neither', async () => {
    const world = await aWorld();
    await world.event('opened', { campaign: 'month-58' });
    const earlier = { eventId: 'e-2', occurredAt: '2026-03-01T00:00:00Z' };
    await world.event('opened', { campaign: 'data' }, earlier);
    expect((await world.contact()).facts).toEqual({ openedAt: AT, openedCampaign: 'month-58' });
    expect(world.engine.starts).toEqual([]);
  });

  test('an opening of a touch is of its campaign, also when only the ledger remembers it', async () => {
    const world = await aWorld();
    const { touches } = world.stores;
    const upsell = { touchId: 'month/upsell/2026-03-01/c-1', campaign: 'month-58' };
    await recordOne(touches, aDeferral(await world.contact(), upsell));
    const balance = { touchId: 'month/balance/2026-03-01/c-1' };
    await reserveOne(touches, await world.contact(), aPass(await world.contact(), balance));

    await world.event('opened', { touchId: 'month/upsell/2026-03-01/c-1' });
    expect((await world.contact()).facts).toEqual({ openedAt: AT, openedCampaign: 'month-58' });

    await world.event('opened', balance, { eventId: 'e-2' });
    expect((await world.contact()).facts).toEqual({ openedAt: AT, openedCampaign: '' });

    const unknown = world.event('opened', { touchId: 'month/gone/2026-03-01/c-1' });
    await expect(unknown).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('what a customer said, bought and changed to is known afterwards', async () => {
    const world = await aWorld();
    await world.event('customer-message');
    await world.event('customer-message', {}, { occurredAt: '2026-03-01T00:00:00Z' });
    await world.event('purchase', { product: 'pack' });
    await world.event('purchase', { product: 'pack' });
    await world.event('purchase', { product: 'plan-b' });
    expect(await world.contact()).toMatchObject({
      facts: { lastSpokeAt: AT, products: ['pack'] },
      plan: { id: 'plan-b', fee: 99 },
    });
  });

  test.each([
    [{ channel: 'sms' }, 'sms', { channel: 'sms' }],
    [{}, '*', {}],
  ])(
    'a complaint %j becomes a block that an import cannot lift, and journeys hear of it',
    async (data, channel, told) => {
      const world = await aWorld();
      await world.running();
      await world.event('complaint', data);
      await world.event('complaint', data);
      await world.stores.contacts.upsertMany([
        { contactId: 'c-1', city: 'guangzhou', phone: '13800001234' },
      ]);
      expect((await world.contact()).blocks).toEqual([{ channel, reason: 'complaint' }]);
      expect(world.heard()[0]).toEqual({ kind: 'opted-out', at: AT, ...told });
    },
  );

  test('an event of nobody we know can never be taken', async () => {
    const world = await aWorld();
    const payload = { eventId: 'e', type: 'bill-paid', contactId: 'c-9', occurredAt: AT, data: {} };
    await expect(
      world.handle({ key: 'e', kind: 'event', lane: 'l', receivedAt: NOW, payload }),
    ).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});
