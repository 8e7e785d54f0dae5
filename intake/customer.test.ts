import { createMemoryStores } from '../models/memory/stores';
import type { SystemCallback, WecomCallback } from '../ports/callbacks';
import { CodedError } from '../rules/base/errors';
import { aWorld } from '../test/fakes/world';
import { inCustomersLane } from './customer';
import { inboundEvent, inboundSystem, inboundWecom } from './inbound';

const AT = '2026-03-02T01:59:00.000Z';
const NOW = Date.parse(AT);
const added = (more: object = {}) =>
  ({
    kind: 'added',
    half: false,
    dedupeKey: 'k1',
    at: NOW,
    staffId: 's-1',
    externalUserId: 'wm1',
    ...more,
  }) as WecomCallback;
const removed = {
  kind: 'removed-by-customer',
  dedupeKey: 'k2',
  at: NOW + 1000,
  staffId: 's-1',
  externalUserId: 'wm1',
} as const;
const upstream = {
  system: 'sms',
  type: 'upstream',
  id: 'u',
  phone: '+8613800001234',
  text: 'TD',
  at: AT,
};
const receipt = {
  system: 'sms',
  type: 'receipt',
  id: 'r',
  clientMessageId: 'overage/c-1/e/offer',
  messageId: 'm',
  status: 'delivered',
  at: AT,
};

afterEach(() => void jest.restoreAllMocks());

describe('the lane of an item', () => {
  it('is that of its customer, under whatever name the item knows him', async () => {
    const stores = createMemoryStores();
    await stores.contacts.upsertMany([{ contactId: 'c-1', city: 'gz', phone: '+8613800001234' }]);
    await stores.contacts.relate('c-1', {
      staffId: 's-1',
      externalUserId: 'wm1',
      state: 'friend',
      addedAt: AT,
    });
    await stores.deliveries.openMany([
      {
        touchId: receipt.clientMessageId,
        attempt: 1,
        contactId: 'c-1',
        channel: 'sms',
        workflowId: 'overage/c-1/e',
        text: 'x',
        expiresAt: AT,
      } as never,
    ]);
    const items = [
      inboundWecom(added(), NOW),
      inboundSystem(upstream as SystemCallback, NOW),
      inboundSystem(receipt as SystemCallback, NOW),
      inboundEvent(
        { eventId: 'e', type: 'bill-paid', contactId: 'c-1', occurredAt: AT, data: {} },
        NOW,
      ),
    ];
    const lanes = await Promise.all(items.map((item) => inCustomersLane(stores, item)));
    expect(lanes.map(({ lane }) => lane)).toEqual(Array.from(items, () => 'contact/c-1'));
  });

  it('is found under the digits of a number, as an earlier version kept what came in', async () => {
    const stores = createMemoryStores();
    await stores.contacts.upsertMany([{ contactId: 'c-1', city: 'gz', phone: upstream.phone }]);
    const old = { ...upstream, phone: '13800001234' };
    const item = inboundSystem(old as SystemCallback, NOW);
    expect((await inCustomersLane(stores, item)).lane).toBe('contact/c-1');
  });

  it('is that of the number while several have it', async () => {
    const stores = createMemoryStores();
    const profiles = ['c-1', 'c-2'].map((contactId) => ({
      contactId,
      city: 'gz',
      phone: upstream.phone,
    }));
    await stores.contacts.upsertMany(profiles);
    const item = inboundSystem(upstream as SystemCallback, NOW);
    expect((await inCustomersLane(stores, item)).lane).toBe('phone/+8613800001234');
  });

  it('is one of its name while nobody knows the customer, the same for all who come under it', async () => {
    const stores = createMemoryStores();
    const lanes = [added(), removed].map((each) =>
      inCustomersLane(stores, inboundWecom(each, NOW)),
    );
    expect((await Promise.all(lanes)).map(({ lane }) => lane)).toEqual([
      'contact/wx-wm1',
      'contact/wx-wm1',
    ]);
  });
});

describe('a customer who becomes known between two items', () => {
  const link = { staffId: 's-2', externalUserId: 'wm1', state: 'friend', addedAt: AT } as const;

  it('keeps the order of both: the first is moved into his lane, and the second waits for it', async () => {
    const world = await aWorld();
    const { inbox } = world.stores;
    const done = jest.spyOn(inbox, 'done');
    const lanes = async () =>
      (await inbox.list({ state: 'pending', limit: 10 })).map(({ key, lane }) => [key, lane]);
    await world.process();

    // Nobody can say yet who he is: WeCom is away.
    const asked = jest.spyOn(world.customers, 'get').mockImplementation(() => {
      throw new CodedError('UNAVAILABLE', 'WeCom is away');
    });
    await world.processor.put([inboundWecom(added(), NOW)]);
    await world.waits.until(200);

    await world.stores.contacts.relate('c-1', link);
    await world.processor.put([inboundWecom(removed, NOW + 1)]);
    expect(await lanes()).toEqual([
      ['wecom/k1', 'contact/wx-wm1'],
      ['wecom/k2', 'contact/c-1'],
    ]);

    for (let i = 0; i < 50 && (await inbox.count('pending')) > 0; i += 1) {
      world.waits.pass(30_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(done.mock.calls.map(([key]) => key)).toEqual(['wecom/k1', 'wecom/k2']);
    expect(await inbox.find('wecom/k1')).toMatchObject({ lane: 'contact/c-1', state: 'done' });
    expect(asked).toHaveBeenCalledTimes(1);
    expect(await world.stores.contacts.find('wx-wm1')).toBeNull();
    await world.processor.stop();
  });

  it('is not handled twice at once when an add turns out to be his while something of his is going on', async () => {
    const world = await aWorld();
    await world.stores.contacts.patch('c-1', { unionId: 'u-1' });
    world.customers.set('wm1', { externalUserId: 'wm1', unionId: 'u-1', relations: [] } as never);
    await world.process();
    world.engine.away = true;
    const bill = { billDueFen: 100 };
    const event = {
      eventId: 'e',
      type: 'bill',
      contactId: 'c-1',
      occurredAt: AT,
      data: bill,
    } as const;
    await world.processor.put([inboundEvent(event, NOW)]);
    await world.waits.until(200);
    await world.processor.put([inboundWecom(added(), NOW)]);
    for (let i = 0; i < 10; i += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(await world.stores.inbox.find('wecom/k1')).toMatchObject({
      lane: 'contact/c-1',
      state: 'pending',
    });
    expect((await world.contact('c-1')).relations ?? []).toEqual([]);

    world.engine.away = false;
    for (let i = 0; i < 50 && (await world.stores.inbox.count('pending')) > 0; i += 1) {
      world.waits.pass(30_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(world.engine.starts.map(({ journey }) => journey)).toEqual(['monthStart', 'welcome']);
    await world.processor.stop();
  });

  it('goes straight on where nothing of his is going on', async () => {
    const world = await aWorld();
    await world.stores.contacts.patch('c-1', { unionId: 'u-1' });
    world.customers.set('wm1', { externalUserId: 'wm1', unionId: 'u-1', relations: [] } as never);
    const move = jest.spyOn(world.stores.inbox, 'move');
    await world.process();
    await world.processor.put([inboundWecom(added(), NOW)]);
    await world.processor.idle();
    expect(world.engine.starts).toMatchObject([
      { journey: 'welcome', input: { contactId: 'c-1' } },
    ]);
    expect(move).not.toHaveBeenCalled();
    await world.processor.stop();
  });
});
