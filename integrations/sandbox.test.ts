import { deliveryOf, type Receipt } from '../rules/contact/receipts';
import { welcomeRef } from '../rules/contact/welcomeRef';
import { HOUR_MS } from '../rules/time/durations';
import { KEY, listen, TOKEN, trial } from '../sandbox/trial';
import { deliverOne } from '../test/fakes/channel';
import { createCallbackBook } from './callbackBook';
import { parseCrmCallback } from './crm/callback';
import { createOrderDesk } from './crm/orders';
import { parseIopCallback } from './iop/callback';
import { createCallChannel } from './iop/channel';
import { createLeadPool } from './iop/leads';
import { parseSmsCallback } from './sms/callback';
import { createSmsChannel } from './sms/channel';
import { createWebhookCodec } from './webhook';
import { createWecomCodec } from './wecom/callback';
import { createWecomChannel } from './wecom/channel';
import { createWecomClient } from './wecom/client';
import { createWecomDesk } from './wecom/desk';

const WEBHOOK_SECRETS = { sms: 'sms-secret', crm: 'crm-secret', iop: 'iop-secret' };
const corp = { corpId: 'wwcorp1', corpSecret: 'secret-1', agentId: 1000002 };
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const closing of open.splice(0).reverse()) await closing.close();
});

/** Our clients and codecs against the sandbox, which was written from the same facts by other hands. */
async function aSandbox() {
  const sopflow = await listen();
  const it = trial({ sopflow: { url: sopflow.url, key: 'machine-key' } });
  const url = await it.sandbox.listen(0);
  open.push(sopflow, it.sandbox);
  const clock = { now: () => it.time.now };
  const client = createWecomClient({ baseUrl: `${url}/wecom`, ...corp, clock });
  const of = (system: string) => ({ baseUrl: `${url}/${system}`, key: `${system}-key`, clock });
  return {
    ...it,
    sopflow,
    wecom: createWecomChannel(client, clock),
    desk: createWecomDesk(client),
    sms: createSmsChannel({ ...of('sms'), signature: '【广东移动】', refusalNote: '拒收请回复R' }),
    call: createCallChannel(of('iop')),
    orders: createOrderDesk(of('crm')),
    leads: createLeadPool(of('iop')),
    books: {
      sms: createCallbackBook('sms', of('sms'), parseSmsCallback),
      crm: createCallbackBook('crm', of('crm'), parseCrmCallback),
      iop: createCallbackBook('iop', of('iop'), parseIopCallback),
    },
    codec: createWecomCodec({ token: TOKEN, encodingAesKey: KEY, corpId: corp.corpId, clock }),
    webhook: createWebhookCodec({ secrets: WEBHOOK_SECRETS, clock }),
    delivery: (externalUserId?: string) => ({
      touchId: 'welcome/c-1/s-1/hello',
      contactId: 'c-1',
      text: '您好',
      phone: '13800000001',
      staffId: 's-1',
      askedAt: it.time.now,
      ...(externalUserId !== undefined && { externalUserId }),
    }),
  };
}

const fault = (system: string, path: string, kind: string) => ({ system, path, kind, count: 1 });

describe('our clients and the sandbox', () => {
  it('agree on a customer who adds a member, from the call-back to the welcome in the book', async () => {
    const { control, pass, sopflow, codec, wecom, desk, delivery, book } = await aSandbox();
    const { externalUserId, welcomeCode } = await control('customers/c-1:add-friend', {
      staffId: 's-1',
      state: 'shop',
    });
    await pass(100);
    const told = sopflow.heard.find(({ path }) => path === '/wecom/callback');
    const event = codec.open(Object.fromEntries(told?.query ?? []), told?.body ?? '');
    expect(event).toMatchObject({
      kind: 'added',
      staffId: 's-1',
      externalUserId,
      scene: 'shop',
      welcomeCode,
    });

    expect(await deliverOne(wecom, { ...delivery(), welcomeCode })).toMatchObject({
      kind: 'sent',
      channelRef: welcomeRef(welcomeCode),
    });
    expect(await wecom.lookup({ ...delivery(), welcomeCode })).toMatchObject({ kind: 'sent' });
    expect(await book()).toEqual([
      expect.objectContaining({ ref: welcomeRef(welcomeCode), text: '您好' }),
    ]);
    await desk.tag('s-1', externalUserId, ['渠道:shop']);
    expect(await desk.customer(externalUserId)).toMatchObject({
      externalUserId,
      relations: [{ staffId: 's-1', scene: 'shop' }],
    });
    expect(await desk.customer('wmNobody')).toBeNull();
  });

  it('agree on a mass send whose answer was lost, to its end', async () => {
    const { control, pass, wecom, desk, delivery, book } = await aSandbox();
    const { externalUserId } = await control('customers/c-1:add-friend', { staffId: 's-1' });
    const asked = delivery(externalUserId);
    expect(await wecom.lookup(asked)).toBeNull();
    await control('faults', fault('wecom', 'add_msg_template', 'truncate'));
    await expect(deliverOne(wecom, asked)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await pass(60_000);
    const found = await wecom.lookup(asked);
    if (found?.kind !== 'tasked')
      throw new Error(`expected a task, found ${JSON.stringify(found)}`);

    const msgid = found.channelRef;
    const result = () => desk.massSendResult(msgid, 's-1', externalUserId);
    expect(await result()).toEqual({ kind: 'waiting' });
    const reminders = [];
    for (let n = 0; n < 4; n++) reminders.push(await desk.remindMassSend(msgid));
    expect(reminders).toEqual([true, true, true, false]);
    await control('staff/s-1:confirm', { msgid });
    expect(await result()).toMatchObject({ kind: 'sent', deliveredAt: expect.any(Number) });
    await desk.cancelMassSend(msgid);
    await desk.cancelMassSend(msgid);
    expect(await book()).toEqual([expect.objectContaining({ ref: msgid, externalUserId })]);
  });

  it('agree on who follows whom, under the key of the call-back', async () => {
    const { control, pass, desk, sopflow, codec } = await aSandbox();
    const added = [];
    for (const [contactId, state] of [
      ['c-1', 'shop'],
      ['c-2', undefined],
    ])
      added.push(await control(`customers/${contactId}:add-friend`, { staffId: 's-1', state }));
    await control('customers/c-3:add-friend', { staffId: 's-2' });
    await control('customers/c-3:delete-friend', { staffId: 's-2', by: 'staff' });
    await pass(100);

    expect([...(await desk.members())].sort()).toEqual(['s-1', 's-2']);
    const [first, second] = added.map(({ externalUserId }) => externalUserId);
    const follows = await desk.followsOf('s-1');
    expect(follows).toMatchObject([
      { externalUserId: first, scene: 'shop' },
      { externalUserId: second },
    ]);
    expect(await desk.followsOf('s-2')).toEqual([]);

    const events = sopflow.heard
      .filter(({ path }) => path === '/wecom/callback')
      .map(({ query, body }) => codec.open(Object.fromEntries(query), body));
    const keyOf = (externalUserId: string) =>
      events.find((event) => 'externalUserId' in event && event.externalUserId === externalUserId)
        ?.dedupeKey;
    expect(follows.map(({ addedKey }) => addedKey)).toEqual([keyOf(first), keyOf(second)]);
  });

  it('agree on the mass sends that were made, and who stopped them', async () => {
    const { control, pass, wecom, desk, delivery, time } = await aSandbox();
    const { externalUserId } = await control('customers/c-1:add-friend', { staffId: 's-1' });
    const msgids = [];
    for (const touchId of ['t-1', 't-2']) {
      const made = await deliverOne(wecom, { ...delivery(externalUserId), touchId });
      msgids.push(made.kind === 'tasked' ? made.channelRef : '');
    }
    const [first = '', second = ''] = msgids;
    const span = { from: time.now - HOUR_MS, to: time.now + HOUR_MS, cursor: null };

    expect(await desk.massSendRows(first)).toBeNull();
    await pass(60_000);
    expect(await desk.massSendsMade(span)).toMatchObject({
      rows: [{ msgid: first, text: '您好' }, { msgid: second }],
      next: null,
    });
    expect((await desk.massSendsMade({ ...span, to: span.from })).rows).toEqual([]);

    await control('staff/s-1:confirm', { msgid: first });
    const row = { staffId: 's-1', externalUserId };
    expect(await desk.massSendRows(first)).toMatchObject([{ ...row, result: { kind: 'sent' } }]);
    expect(await desk.massSendRows(second)).toEqual([{ ...row, result: { kind: 'waiting' } }]);
    expect([await desk.stopMassSend(second), await desk.stopMassSend(second)]).toEqual([
      true,
      false,
    ]);
  });

  it('agree on a token that died early', async () => {
    const { control, desk } = await aSandbox();
    const { externalUserId } = await control('customers/c-1:add-friend', { staffId: 's-1' });
    await desk.customer(externalUserId);
    await control('faults', { system: 'wecom', kind: 'token-invalid', count: 1 });
    expect(await desk.customer(externalUserId)).toMatchObject({ externalUserId });
  });

  it('agree on an SMS and its receipt', async () => {
    const { pass, control, sms, sopflow, webhook, delivery } = await aSandbox();
    await control('faults', fault('sms', '/messages', 'truncate'));
    await expect(deliverOne(sms, delivery())).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    const sent = await sms.lookup(delivery());
    expect(sent).toMatchObject({ kind: 'accepted', parts: 1 });
    expect(await deliverOne(sms, delivery())).toEqual(sent);
    expect(await deliverOne(sms, { ...delivery(), touchId: 'other', phone: '1' })).toMatchObject({
      reason: 'PHONE_INVALID',
    });
    expect(await sms.lookup({ ...delivery(), touchId: 'never' })).toBeNull();
    await pass(600_000);
    const told = sopflow.heard.find(({ path }) => path === '/sms/callback');
    const receipt = webhook.open('sms', told?.headers ?? {}, told?.body ?? '');
    expect(receipt).toMatchObject({ type: 'receipt', clientMessageId: delivery().touchId });
  });

  it('agree on a long text, and on receipts of its parts in any order that tell what became of it', async () => {
    const { pass, control, sms, sopflow, webhook, delivery, book } = await aSandbox();
    await control('world', { smsFailRate: 0.5, smsCorrectionRate: 0.5 });
    const long = { ...delivery(), text: '字'.repeat(140) };
    expect(await deliverOne(sms, long)).toMatchObject({ kind: 'accepted', parts: 3 });
    await pass(600_000);

    const receipts = sopflow.heard.flatMap(({ path, headers, body }): Receipt[] => {
      if (path !== '/sms/callback') return [];
      const opened = webhook.open('sms', headers, body);
      if (opened.type !== 'receipt') return [];
      return [{ part: opened.part ?? 0, state: opened.status, at: opened.at }];
    });
    expect(new Set(receipts.map(({ part }) => part))).toEqual(new Set([1, 2, 3]));
    const { delivery: state } = deliveryOf(receipts, 3);
    expect(await book()).toHaveLength(state === 'failed' ? 0 : 1);
  });

  it('agree on a call and its result', async () => {
    const { pass, call, sopflow, webhook, delivery } = await aSandbox();
    const tasked = await deliverOne(call, delivery());
    expect(await call.lookup(delivery())).toEqual(tasked);
    await pass(HOUR_MS);
    expect(await call.lookup(delivery())).toMatchObject({ kind: 'sent' });
    expect(await deliverOne(call, delivery())).toEqual(tasked);
    const told = sopflow.heard.find(({ path }) => path === '/iop/callback');
    expect(webhook.open('iop', told?.headers ?? {}, told?.body ?? '')).toMatchObject({
      clientCallId: delivery().touchId,
    });
  });

  it('agree on orders', async () => {
    const { pass, orders, sopflow, webhook } = await aSandbox();
    const request = { orderKey: 'order/run/data-10g', contactId: 'c-1', product: 'data-10g' };
    const placed = await orders.place(request);
    expect((await orders.place(request)).orderId).toBe(placed.orderId);
    expect(placed.state).not.toBe('rejected');
    await pass(HOUR_MS);
    const told = sopflow.heard.find(({ path }) => path === '/crm/callback');
    expect(webhook.open('crm', told?.headers ?? {}, told?.body ?? '')).toMatchObject({
      orderKey: request.orderKey,
    });
  });

  it('agree on what was told by call-back, also on what never arrived', async () => {
    const { pass, control, sms, orders, call, books, sopflow, webhook, delivery } =
      await aSandbox();
    await control('faults', { system: 'sms', path: 'receipt', kind: 'drop-callback', count: 1 });
    const began = Date.parse('2026-03-03T00:00:00.000Z');
    await deliverOne(sms, delivery());
    await pass(600_000);
    await deliverOne(sms, { ...delivery(), touchId: 'second' });
    await orders.place({ orderKey: 'order/1', contactId: 'c-1', product: 'data-10g' });
    await deliverOne(call, { ...delivery(), touchId: 'called' });
    await pass(HOUR_MS);

    const arrived = sopflow.heard.find(({ path }) => path === '/sms/callback');
    const span = { from: began, to: began + 10 * HOUR_MS, cursor: null, limit: 1 };
    const first = await books.sms(span);
    expect(first).toMatchObject({
      callbacks: [{ clientMessageId: delivery().touchId, status: 'delivered' }],
      unreadable: 0,
    });
    const second = await books.sms({ ...span, cursor: first.next, limit: 9 });
    expect(second).toEqual({
      callbacks: [webhook.open('sms', arrived?.headers ?? {}, arrived?.body ?? '')],
      unreadable: 0,
      next: null,
    });
    expect((await books.sms({ ...span, to: began, limit: 9 })).callbacks).toEqual([]);
    expect((await books.crm({ ...span, limit: 9 })).callbacks).toMatchObject([
      { type: 'order', orderKey: 'order/1' },
    ]);
    expect((await books.iop({ ...span, limit: 9 })).callbacks).toMatchObject([
      { type: 'call', clientCallId: 'called' },
    ]);
  });

  it('agree on leads', async () => {
    const { control, leads } = await aSandbox();
    await control('leads', { contactId: 'c-1', outcome: 'busy', leadId: 'l-1' });
    const page = await leads.fetch('', 10);
    expect(page.leads).toMatchObject([{ leadId: 'l-1', contactId: 'c-1', outcome: 'busy' }]);
    expect((await leads.fetch(page.cursor, 10)).leads).toEqual([]);
    const report = { outcome: 'accepted', attempts: 1, at: '2026-03-03T02:00:00.000Z' };
    await leads.report('l-1', report);
    await leads.report('l-1', report);
    await expect(leads.report('none', report)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
