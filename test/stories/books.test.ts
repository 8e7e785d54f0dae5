import request from 'supertest';
import { HOUR_MS, MINUTE_MS } from '../../rules/time/durations';
import { openProvince, type Province } from '../support/province';

const open: Province[] = [];
afterEach(async () => {
  for (const province of open.splice(0)) await province.close();
});

async function aProvince(): Promise<Province> {
  const province = await openProvince();
  open.push(province);
  return province;
}

/** Customers who have added a member, and are known for it. */
async function friends(province: Province, names: readonly string[]): Promise<void> {
  const { control, stores, minutes, digest } = province;
  for (const [i, contactId] of names.entries()) {
    const phone = `1990000000${i}`;
    await request(province.app)
      .put('/sandbox/customers:batch')
      .send({ customers: [{ contactId, phone }] });
    const { externalUserId } = await control(`customers/${contactId}:add-friend`, {
      staffId: 's-1',
    });
    const addedAt = new Date(province.time.now).toISOString();
    await stores.contacts.upsertMany([
      {
        contactId,
        city: 'yunfu',
        name: contactId,
        phone: `+86${phone}`,
        relations: [{ staffId: 's-1', externalUserId, state: 'friend', addedAt }],
        channels: {
          wecom: { reachable: true },
          sms: { reachable: true },
          call: { reachable: true },
        },
      },
    ]);
  }
  await minutes(15);
  await digest();
}

async function relationOf({ stores }: Province, contactId: string) {
  const contact = await stores.contacts.find(contactId);
  return contact?.relations?.map(({ staffId, state }) => `${staffId} ${state}`);
}

describe('an outage of fifteen seconds', () => {
  it('loses adds and removals for good, and the reconcile makes them good', async () => {
    const province = await aProvince();
    const { control, minutes, digest, goDown, goUp, reconcile, stores, engine } = province;
    await friends(province, ['c-1']);
    const welcomed = engine.starts.length;

    await goDown();
    const { externalUserId } = await control('customers/new:add-friend', {
      staffId: 's-2',
      state: 'shop',
    });
    await control('customers/c-1:delete-friend', { staffId: 's-1', by: 'staff' });
    for (let second = 0; second < 15; second += 1) await province.pass(1000);
    await goUp();
    await minutes(15);
    await digest();
    expect(await stores.contacts.find(`wx-${externalUserId}`)).toBeNull();
    expect(await relationOf(province, 'c-1')).toEqual(['s-1 friend']);

    expect(await reconcile()).toMatchObject({ 'relation-made': 1, 'relation-ended': 1 });
    expect(await relationOf(province, `wx-${externalUserId}`)).toEqual(['s-2 friend']);
    expect(await relationOf(province, 'c-1')).toEqual(['s-1 removed-by-staff']);
    expect(engine.starts.slice(welcomed)).toMatchObject([
      { journey: 'welcome', input: { externalUserId, scene: 'shop' } },
    ]);
    expect(engine.starts.at(-1)?.input).not.toHaveProperty('welcomeCode');

    expect(await reconcile()).toEqual({});
    expect(engine.starts).toHaveLength(welcomed + 1);
  });

  it('leaves an add to its call-back while that may still come, for the code comes with it alone', async () => {
    const province = await aProvince();
    await province.control('customers/new:add-friend', { staffId: 's-2' });
    province.time.now += 5000; // WeCom has not posted it yet
    expect(await province.reconcile()).toEqual({});
    await province.minutes(1);
    await province.digest();
    expect(province.engine.starts).toMatchObject([{ input: { welcomeId: expect.any(String) } }]);
    await province.minutes(15);
    expect(await province.reconcile()).toEqual({});
  });
});

describe('call-backs that never arrive', () => {
  it('are taken from the books of their systems: receipts, refusals, orders, calls and leads', async () => {
    const province = await aProvince();
    const { control, minutes, touch, orderDesk, settled, stores, reconcile } = province;
    await friends(province, ['c-1', 'c-2']);
    for (const system of ['sms', 'crm', 'iop'])
      await control('faults', { system, kind: 'drop-callback' });
    await control('world', { smsFailRate: 1 });

    await touch('sms', ['c-1']);
    await touch('call', ['c-2']);
    const order = { orderKey: 'order/1', contactId: 'c-1', product: 'data-10g' };
    await stores.orders.save({
      ...order,
      ...(await orderDesk.place(order)),
      at: new Date(province.time.now).toISOString(),
    });
    await control('leads', { contactId: 'c-2', outcome: 'busy', leadId: 'l-1' });
    await minutes(90);
    expect(await settled('c-1')).toMatchObject({ settled: 'sent' });
    expect(await settled('c-2')).toBeUndefined();

    const found = await reconcile();
    expect(found).toEqual({ 'callback-missed': 3, 'lead-missed': 1 });
    expect(await settled('c-1')).toMatchObject({ settled: 'released', why: 'sms:UNDELIV' });
    expect(await settled('c-2')).toMatchObject({ settled: 'sent' });
    expect(await stores.orders.find('order/1')).toMatchObject({ state: 'completed' });
    expect(await stores.leads.find('l-1')).toMatchObject({ state: 'open' });
    expect(await reconcile()).toEqual({});
  });

  it('never make an answer of a customer unheard', async () => {
    const province = await aProvince();
    const { control, minutes, stores, reconcile } = province;
    await friends(province, ['c-1']);
    await control('faults', { system: 'sms', kind: 'drop-callback' });
    await control('customers/c-1:reply-sms', { text: 'R' });
    await minutes(15);
    expect(await reconcile()).toEqual({ 'callback-missed': 1 });
    expect((await stores.contacts.find('c-1'))?.consents?.sms).toMatchObject({
      marketing: 'refused',
    });
  });
});

describe('a mass send whose end our side never learnt', () => {
  const NAMES = ['c-1', 'c-2', 'c-3'];

  it('ends right by itself: staff confirmed while our address was not trusted, the ledger said unconfirmed', async () => {
    const province = await aProvince();
    const { control, minutes, touch, settled, stores, wecom, book, reconcile } = province;
    await friends(province, NAMES);
    await touch('wecom', NAMES);
    await minutes(5);

    await control('faults', { system: 'wecom', kind: 'errcode', errcode: 60020 });
    const [record] = await stores.deliveries.openTasks({ limit: 1 });
    await expect(wecom.cancelMassSend(record?.openTask ?? '')).rejects.toThrow('60020');
    for (const contactId of NAMES)
      await stores.touches.settle(contactId, `offer/${contactId}/wecom`, {
        settled: 'released',
        reason: { kind: 'unconfirmed' },
        at: new Date(province.time.now).toISOString(),
      });
    await control('staff/s-1:confirm');
    await request(province.app).delete('/sandbox/faults');
    await minutes(180);
    expect(await settled('c-2')).toMatchObject({ why: 'unconfirmed' });

    expect(await reconcile()).toEqual({ 'delivery-learnt': 3 });
    const received = await book();
    for (const contactId of NAMES)
      expect(await settled(contactId)).toMatchObject({
        settled: 'sent',
        why: 'reconciled',
        channelRef: received.find((entry) => entry.contactId === contactId)?.ref,
      });
    expect(await reconcile()).toEqual({});
  });

  it('tells of a customer who had ended the friendship, which nothing else does', async () => {
    const province = await aProvince();
    const { control, minutes, touch, reconcile } = province;
    await friends(province, ['c-1']);
    await touch('wecom', ['c-1']);
    await control('faults', { system: 'wecom', path: 'del_follow_user', kind: 'drop-callback' });
    await control('customers/c-1:delete-friend', { staffId: 's-1', by: 'customer' });
    await minutes(2);
    await control('staff/s-1:confirm');
    await minutes(15);
    expect(await relationOf(province, 'c-1')).toEqual(['s-1 friend']);

    expect(await reconcile()).toMatchObject({ 'relation-ended': 1 });
    expect(await relationOf(province, 'c-1')).toEqual(['s-1 removed-by-customer']);
    expect(await reconcile()).not.toHaveProperty('relation-ended');
  });

  it('takes back what the ledger calls sent and WeCom did not bring', async () => {
    const province = await aProvince();
    const { control, minutes, touch, stores, settled, reconcile } = province;
    await friends(province, ['c-1']);
    await touch('wecom', ['c-1']);
    await control('customers/c-1:delete-friend', { staffId: 's-1', by: 'customer' });
    await minutes(2);
    await control('staff/s-1:confirm');
    const at = new Date(province.time.now).toISOString();
    await stores.touches.settle('c-1', 'offer/c-1/wecom', { settled: 'sent', deliveredAt: at, at });
    await minutes(15);
    await province.digest();

    expect(await reconcile()).toEqual({ 'delivery-denied': 1 });
    expect(await settled('c-1')).toMatchObject({
      settled: 'released',
      why: 'reconciled:not-a-friend',
    });
    expect(await reconcile()).toEqual({});
  });
});

describe('a second message of a touch', () => {
  /** The first call landed after it had been given up on, and after the second. */
  async function twice() {
    const province = await aProvince();
    await friends(province, ['c-1']);
    const [made] = await province.touch('wecom', ['c-1']);
    const [record] = await province.stores.deliveries.openTasks({ limit: 1 });
    const { externalUserId = '', text = '' } = record ?? {};
    const surplus = await province.client.addMsgTemplate('s-1', [externalUserId], text);
    await province.minutes(2);
    return { ...province, made, first: record?.openTask, surplus: surplus.msgid };
  }

  it('is found within minutes and cancelled before staff confirm it', async () => {
    const { reap, control, book, surplus, first } = await twice();
    expect(surplus).not.toBe(first);
    expect(await reap()).toEqual({ 'message-cancelled': 1 });
    await control('staff/s-1:confirm');
    expect(await book()).toMatchObject([{ contactId: 'c-1', ref: first }]);
    expect(await reap()).toEqual({});
  });

  it('is the delivery of the touch when staff were faster, and the other one is cancelled', async () => {
    const { reap, control, book, surplus, settled } = await twice();
    await control('staff/s-1:confirm', { msgid: surplus });
    expect(await reap()).toEqual({ 'delivery-learnt': 1 });
    await control('staff/s-1:confirm');
    expect(await book()).toMatchObject([{ contactId: 'c-1', ref: surplus }]);
    expect(await settled('c-1')).toMatchObject({ settled: 'sent', channelRef: surplus });
    expect(await reap()).toEqual({});
  });

  it('is told to people when the customer has both', async () => {
    const { reap, control, stores, first, time, book } = await twice();
    await control('staff/s-1:confirm');
    const at = new Date(time.now).toISOString();
    const sent = { settled: 'sent', channelRef: first ?? '', deliveredAt: at, at } as const;
    await stores.touches.settle('c-1', 'offer/c-1/wecom', sent);
    expect(await book()).toHaveLength(2);
    expect(await reap()).toEqual({ 'message-repeated': 1 });
  });

  it('is none when it is of another program, or still finds its touch', async () => {
    const province = await aProvince();
    await friends(province, ['c-1']);
    const contact = await province.stores.contacts.find('c-1');
    const externalUserId = contact?.relations?.[0]?.externalUserId ?? '';
    await province.client.addMsgTemplate('s-1', [externalUserId], '别家的通知');
    await province.control('faults', {
      system: 'wecom',
      path: 'add_msg_template',
      kind: 'truncate',
      count: 1,
    });
    await province.touch('wecom', ['c-1']);
    await province.minutes(2);

    expect(await province.reap()).toEqual({});
    await province.touch('wecom', ['c-1']);
    await province.control('staff/s-1:confirm');
    expect((await province.book()).map(({ text }) => text).sort()).toEqual([
      '别家的通知',
      '夏日流量包',
    ]);
    await province.minutes(15);
    expect(await province.reconcile()).toMatchObject({ 'message-unknown': 1 });
  });
});

describe('the reaper after a crash', () => {
  it('brings the ledger to what the customers received, whatever was lost on the way', async () => {
    const province = await aProvince();
    const { control, touch, book, stores, settled, reap } = province;
    await friends(province, ['c-1', 'c-2', 'c-3']);
    await control('faults', { system: 'sms', path: '/messages', kind: 'truncate', count: 1 });
    await touch('sms', ['c-1']);
    await control('faults', { system: 'sms', path: '/messages', kind: 'http-500', count: 1 });
    await touch('sms', ['c-2']);
    await touch('wecom', ['c-3']);
    await province.minutes(5);
    expect(await stores.touches.countOverdue(new Date(province.time.now).toISOString())).toBe(0);

    province.time.now += 25 * HOUR_MS;
    await control('staff/s-1:confirm');
    await province.pass(MINUTE_MS);
    expect(await reap()).toEqual({ 'reaped-sent': 2, 'reaped-released': 1 });
    expect(await settled('c-1')).toMatchObject({ settled: 'sent' });
    expect(await settled('c-2')).toMatchObject({ why: 'reaped:never-sent' });
    expect(await settled('c-3')).toMatchObject({ settled: 'sent' });
    expect((await book()).map(({ contactId }) => contactId).sort()).toEqual(['c-1', 'c-3']);
    expect(await reap()).toEqual({});
  });
});
