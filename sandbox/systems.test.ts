import request from 'supertest';
import { trial } from './trial';

const text = {
  clientMessageId: 'welcome/c-1/s-1/sms',
  phone: '19900010001',
  text: '【广东移动】您好拒收请回复R',
};

describe('SMS', () => {
  it('takes a message once per client id and delivers it once', async () => {
    const { app, call, pass, book } = trial();
    await request(app)
      .put('/sandbox/customers:batch')
      .send({ customers: [{ contactId: 'c-1', phone: text.phone }] });
    const first = await call('post', '/sms/messages', text);
    const again = await call('post', '/sms/messages', { ...text, text: 'other' });
    expect(first.body).toEqual({
      messageId: expect.any(String),
      status: 'accepted',
      acceptedAt: '2026-03-03T02:00:00.000Z',
    });
    expect(again.body).toEqual(first.body);
    await pass(1000);
    expect(await book()).toEqual([
      {
        at: '2026-03-03T02:00:01.000Z',
        contactId: 'c-1',
        phone: text.phone,
        channel: 'sms',
        ref: first.body.messageId,
        text: text.text,
      },
    ]);
    const found = await call('get', `/sms/messages/${encodeURIComponent(text.clientMessageId)}`);
    expect(found.body).toMatchObject({ messageId: first.body.messageId, status: 'delivered' });
    expect((await call('get', '/sms/messages/unknown')).status).toBe(404);
  });

  it.each([
    [{ phone: '12' }, 'PHONE_INVALID'],
    [{ text: '字'.repeat(501) }, 'TEXT_TOO_LONG'],
    [{ text: '' }, 'CONTENT_REFUSED'],
    [{ text: '您好' }, 'SIGNATURE_MISSING'],
    [{ text: '您好【广东移动】' }, 'SIGNATURE_MISSING'],
    [{ text: '【移】您好' }, 'SIGNATURE_MISSING'],
    [{ text: '【广东移动】【广东移动】您好' }, 'SIGNATURE_MISSING'],
  ])('refuses %j', async (change, code) => {
    const { call } = trial();
    const answer = await call('post', '/sms/messages', { ...text, ...change });
    expect([answer.status, answer.body.code]).toEqual([400, code]);
  });

  it('refuses a number whose owner replied R, in whatever width and case', async () => {
    const { app, call, control } = trial();
    await request(app)
      .put('/sandbox/customers:batch')
      .send({ customers: [{ contactId: 'c-1', phone: text.phone }] });
    await control('customers/c-1:reply-sms', { text: ' ｒ ' });
    expect((await call('post', '/sms/messages', text)).body.code).toBe('BLACKLISTED');
  });

  it('leaves what failed out of the book', async () => {
    const { call, control, pass, book } = trial();
    await control('world', { smsFailRate: 1 });
    await call('post', '/sms/messages', text);
    await pass(1000);
    expect(await book()).toEqual([]);
    expect(
      (await call('get', `/sms/messages/${encodeURIComponent(text.clientMessageId)}`)).body.status,
    ).toBe('failed');
  });

  it('wants its key', async () => {
    const { app } = trial();
    expect((await request(app).post('/sms/messages').send(text)).body.code).toBe('UNAUTHORISED');
  });
});

describe('CRM', () => {
  const order = { contactId: 'c-1', product: 'plan-58' };
  const place = (it: ReturnType<typeof trial>, body: object = order) =>
    it.call('post', '/crm/orders').set('idempotency-key', 'order/x/plan-58').send(body);

  it('makes one order per key and completes it a little later', async () => {
    const it = trial();
    const [first, again] = [await place(it), await place(it)];
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body).toEqual(first.body);
    await it.pass(2000);
    const found = await it.call('get', `/crm/orders/${encodeURIComponent('order/x/plan-58')}`);
    expect(found.body).toEqual({
      orderId: first.body.orderId,
      orderKey: 'order/x/plan-58',
      state: 'completed',
    });
  });

  it('sells only what is loaded, and a plan becomes the customer’s plan', async () => {
    const it = trial();
    await request(it.app)
      .put('/sandbox/products:batch')
      .send({ products: [{ id: 'plan-58', name: '58 元', kind: 'plan', fee: 58 }] });
    expect((await place(it, { ...order, product: 'plan-1' })).status).toBe(422);
    await place(it);
    await it.pass(2000);
    expect((await it.call('get', '/crm/customers/c-1')).body.plan).toEqual({
      id: 'plan-58',
      fee: 58,
    });
    expect((await it.call('get', '/crm/customers/c-9')).status).toBe(404);
  });

  it('rejects with a reason when the world says so', async () => {
    const it = trial();
    await it.control('world', { orderRejectRate: 1 });
    await place(it);
    await it.pass(2000);
    expect(
      (await it.call('get', `/crm/orders/${encodeURIComponent('order/x/plan-58')}`)).body,
    ).toMatchObject({
      state: 'rejected',
      reason: 'NOT_ELIGIBLE',
    });
  });
});

describe('IOP', () => {
  const call1 = { clientCallId: 'call/1', contactId: 'c-1', phone: '19900010001', script: '您好' };

  it('hands out leads after a cursor, each once, and takes reports repeatedly', async () => {
    const { control, call } = trial();
    for (const contactId of ['c-1', 'c-2', 'c-3'])
      await control('leads', { contactId, outcome: 'not-reached', product: 'data-10g' });
    const first = (await call('get', '/iop/leads?cursor=&limit=2')).body;
    const rest = (await call('get', `/iop/leads?cursor=${first.cursor}&limit=2`)).body;
    expect(
      [...first.leads, ...rest.leads].map((lead: { contactId: string }) => lead.contactId),
    ).toEqual(['c-1', 'c-2', 'c-3']);
    expect((await call('get', `/iop/leads?cursor=${rest.cursor}`)).body).toEqual({
      leads: [],
      cursor: rest.cursor,
    });
    const report = () =>
      call('post', `/iop/leads/${first.leads[0].leadId}/report`, {
        outcome: 'accepted',
        attempts: 2,
        at: '2026-03-03T02:00:00Z',
      });
    expect([(await report()).status, (await report()).status]).toEqual([204, 204]);
  });

  it('dials once per client id, with an outcome and an entry in the book', async () => {
    const { control, call, pass, book } = trial();
    await control('world', { callOutcomes: { hesitating: 1 } });
    const [first, again] = [
      await call('post', '/iop/calls', call1),
      await call('post', '/iop/calls', call1),
    ];
    expect(again.body).toEqual(first.body);
    await pass(5000);
    expect((await call('get', '/iop/calls/call%2F1')).body).toMatchObject({
      state: 'done',
      outcome: 'hesitating',
      dialled: true,
    });
    expect(await book()).toMatchObject([
      { channel: 'call', contactId: 'c-1', ref: first.body.callId, text: '您好' },
    ]);
    expect((await call('delete', '/iop/calls/call%2F1')).status).toBe(409);
  });

  it('does not dial what was cancelled', async () => {
    const { call, pass, book } = trial();
    await call('post', '/iop/calls', call1);
    expect((await call('delete', '/iop/calls/call%2F1')).status).toBe(204);
    await pass(10_000);
    expect((await call('get', '/iop/calls/call%2F1')).body).toMatchObject({
      state: 'done',
      dialled: false,
    });
    expect(await book()).toEqual([]);
  });
});
