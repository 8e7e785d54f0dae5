import { deliverOne } from '../test/fakes/channel';
import { type StubAnswer, type StubCall, startStub } from '../test/support/stubSystem';
import { createCallbackBook } from './callbackBook';
import { parseCrmCallback } from './crm/callback';
import { createOrderDesk } from './crm/orders';
import { createCallChannel } from './iop/channel';
import { createLeadPool } from './iop/leads';
import { createSmsChannel } from './sms/channel';
import type { SystemOptions } from './system';

const NOW = Date.parse('2026-03-02T10:00:00Z');
let stub: Awaited<ReturnType<typeof startStub>>;
afterEach(() => stub.close());

/** `timeoutMs` is short only where a test waits for it. */
async function options(answer: (call: StubCall) => StubAnswer, timeoutMs = 5000) {
  stub = await startStub(answer);
  return {
    baseUrl: `${stub.url}/base/`,
    key: 'the-system-key',
    clock: { now: () => NOW },
    timeoutMs,
  };
}

const delivery = {
  touchId: 'welcome/c1/zhang/offer',
  contactId: 'c1',
  text: 'hello',
  phone: '13800000000',
  staffId: 'zhang',
  askedAt: NOW,
};

const createSms = (options: SystemOptions) =>
  createSmsChannel({ ...options, signature: '【广东移动】', refusalNote: '拒收请回复R' });

const CHANNELS = [
  ['SMS', createSms],
  ['calls', createCallChannel],
] as const;

describe.each(CHANNELS)('%s', (_, createChannel) => {
  it.each([
    ['+8613800000000', '13800000000'],
    ['+8675581234567', '075581234567'],
    ['+85261234567', '+85261234567'],
    ['13800000000', '13800000000'],
  ])('dial %s as %s', async (phone, dialled) => {
    const channel = createChannel(await options(() => ({ status: 500 })));
    await deliverOne(channel, { ...delivery, phone }).catch(() => {});
    expect(stub.calls[0]?.body).toMatchObject({ phone: dialled });
  });

  it.each([
    [400, 'PHONE_INVALID'],
    [400, 'BLACKLISTED'],
    [422, 'CONTENT_REFUSED'],
  ])('are refused for good by %s %s', async (status, code) => {
    const channel = createChannel(
      await options(() => ({ status, json: { code, message: '13800000000 is bad' } })),
    );
    expect(await deliverOne(channel, delivery)).toEqual({
      kind: 'refused',
      reason: code,
      retryable: false,
    });
  });

  it.each([
    ['our key', { status: 401, json: { code: 'UNAUTHORISED' } }, 'UNAUTHORISED'],
    [
      'our key, in the word for a number',
      { status: 401, json: { code: 'BLACKLISTED' } },
      'BLACKLISTED',
    ],
    ['our rights', { status: 403, json: { code: 'NOT_ALLOWED' } }, 'NOT_ALLOWED'],
    ['a proxy that forbids', { status: 403, text: '<html>' }, 'HTTP-403'],
    ['a proxy that knows no such page', { status: 404, text: '<html>' }, 'HTTP-404'],
    ['a thing nobody knows', { status: 400, json: { code: 'NEW_WORD' } }, 'NEW_WORD'],
    ['an address that is wrong', { status: 404, json: { code: 'NOT_FOUND' } }, 'NOT_FOUND'],
  ])(
    'wait when the answer is about %s and not about the customer',
    async (_name, answer, reason) => {
      const channel = createChannel(await options(() => answer));
      expect(await deliverOne(channel, delivery)).toEqual({
        kind: 'refused',
        reason,
        retryable: true,
      });
    },
  );

  it('are not taken for unknown to the system because a proxy knows no such page', async () => {
    const channel = createChannel(await options(() => ({ status: 404, text: '<html>' })));
    await expect(channel.lookup(delivery)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it.each([
    ['7', 7000],
    ['Mon, 02 Mar 2026 10:00:30 GMT', 30_000],
  ])('are put off by 429 with Retry-After %s', async (retryAfter, retryAfterMs) => {
    const headers = retryAfter === undefined ? {} : { 'retry-after': retryAfter };
    const channel = createChannel(
      await options(() => ({ status: 429, json: { code: 'THROTTLED' }, headers })),
    );
    expect(await deliverOne(channel, delivery)).toEqual({
      kind: 'refused',
      reason: 'THROTTLED',
      retryable: true,
      retryAfterMs,
    });
  });

  it.each(['Mon, 02 Mar 2026 09:00:00 GMT', '0', undefined])(
    'are put off with growing pauses by 429 with Retry-After %s',
    async (retryAfter) => {
      const headers = retryAfter === undefined ? {} : { 'retry-after': retryAfter };
      const channel = createChannel(await options(() => ({ status: 429, headers })));
      const answer = await deliverOne(channel, delivery);
      expect(answer).toEqual({ kind: 'refused', reason: 'HTTP-429', retryable: true });
    },
  );

  it('are not begun once the time of who asks is over', async () => {
    const channel = createChannel(await options(() => ({ json: {} })));
    const [result] = await channel.deliverMany([delivery], () => true);
    expect(result).toMatchObject({ status: 'rejected', reason: { code: 'UNAVAILABLE' } });
    expect(stub.calls).toHaveLength(0);
  });

  it.each([
    ['hangs after taking it', { hang: true }],
    ['breaks off', { cut: true, text: '{"messageId":"m' }],
    ['answers JSON cut short', { text: '{"messageId":"m1' }],
    ['answers without the id', { json: {} }],
    ['answers nothing', {}],
    ['answers 500', { status: 500, json: { code: 'OOPS' } }],
  ])('are in doubt when the system %s', async (_name, answer) => {
    const channel = createChannel(await options(() => answer, 'hang' in answer ? 300 : 5000));
    await expect(deliverOne(channel, delivery)).rejects.toMatchObject({
      name: 'CodedError',
      code: 'UNAVAILABLE',
    });
    await expect(channel.lookup(delivery)).rejects.toMatchObject({
      name: 'CodedError',
      code: 'UNAVAILABLE',
    });
    expect(stub.calls).toHaveLength(2);
  });

  it('are unknown to a system that never took them', async () => {
    const channel = createChannel(
      await options(() => ({ status: 404, json: { code: 'NOT_FOUND' } })),
    );
    expect(await channel.lookup(delivery)).toBeNull();
  });

  it('cannot be looked up with a bad key, and the error names neither key nor customer', async () => {
    const channel = createChannel(
      await options(() => ({
        status: 401,
        json: { code: 'UNAUTHORISED', message: delivery.phone },
      })),
    );
    const error = await channel.lookup(delivery).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'UNAVAILABLE' });
    expect(String(error) + JSON.stringify(error)).not.toMatch(/the-system-key|13800000000/);
  });

  it('tell a look-up that is put off when to come again', async () => {
    const channel = createChannel(
      await options(() => ({ status: 429, headers: { 'retry-after': '2' } })),
    );
    await expect(channel.lookup(delivery)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      retryAfterMs: 2000,
    });
  });

  it('need a phone, a text that fits, and time left', async () => {
    const channel = createChannel(await options(() => ({ json: {} })));
    const { phone: _phone, ...phoneless } = delivery;
    const text = 'x'.repeat(channel.maxBytes + 1);
    expect(await deliverOne(channel, phoneless)).toMatchObject({
      kind: 'refused',
      reason: 'NO_PHONE',
      retryable: false,
    });
    expect(await deliverOne(channel, { ...delivery, text })).toMatchObject({
      kind: 'refused',
      reason: 'TEXT_TOO_LONG',
    });
    expect(await deliverOne(channel, { ...delivery, expiresAt: NOW })).toMatchObject({
      kind: 'refused',
      reason: 'EXPIRED',
    });
    expect(stub.calls).toHaveLength(0);
  });
});

describe('an SMS', () => {
  const accepted = { messageId: 'm1', status: 'accepted', acceptedAt: '2026-03-02T10:00:01Z' };
  const taken = { kind: 'accepted', channelRef: 'm1', acceptedAt: NOW + 1000, parts: 1 };

  it('goes out under the touchId', async () => {
    const channel = createSms(await options(() => ({ json: accepted })));
    expect(await deliverOne(channel, delivery)).toEqual(taken);
    expect(stub.calls[0]).toMatchObject({
      method: 'POST',
      path: '/base/messages',
      headers: { authorization: 'Bearer the-system-key', 'content-type': 'application/json' },
      body: { clientMessageId: delivery.touchId, phone: delivery.phone, text: '【广东移动】hello' },
    });
  });

  it('is looked up by the touchId', async () => {
    const channel = createSms(await options(() => ({ json: accepted })));
    expect(await channel.lookup(delivery)).toEqual(taken);
    expect(stub.calls[0]).toMatchObject({
      method: 'GET',
      path: `/base/messages/${encodeURIComponent(delivery.touchId)}`,
    });
  });

  it('says into how many parts a long text was cut', async () => {
    const channel = createSms(await options(() => ({ json: { ...accepted, parts: 3 } })));
    expect(await deliverOne(channel, delivery)).toEqual({ ...taken, parts: 3 });
  });
});

describe('a call', () => {
  it('is a task for an agent, with a script', async () => {
    const channel = createCallChannel(
      await options(() => ({ json: { callId: 'k1', state: 'queued' } })),
    );
    expect(await deliverOne(channel, delivery)).toEqual({ kind: 'tasked', channelRef: 'k1' });
    const { touchId: clientCallId, contactId, phone, staffId, text: script } = delivery;
    expect(stub.calls[0]).toMatchObject({
      path: '/base/calls',
      body: { clientCallId, contactId, phone, staffId, script },
    });
  });

  const done = {
    callId: 'k1',
    state: 'done',
    outcome: 'busy',
    dialled: true,
    at: '2026-03-02T10:00:05Z',
  };
  it.each([
    ['still queued', { callId: 'k1', state: 'queued' }, { kind: 'tasked', channelRef: 'k1' }],
    ['dialled', done, { kind: 'sent', channelRef: 'k1', deliveredAt: NOW + 5000 }],
    [
      'ended without dialling',
      { ...done, dialled: false },
      { kind: 'refused', reason: 'busy', retryable: false },
    ],
  ])('is looked up when %s', async (_, json, expected) => {
    const channel = createCallChannel(await options(() => ({ json })));
    expect(await channel.lookup(delivery)).toEqual(expected);
  });
});

describe('the order desk', () => {
  const request = { orderKey: 'order/run/p1', contactId: 'c1', product: 'p1', staffId: 'zhang' };

  it('places an order under its key', async () => {
    const desk = createOrderDesk(
      await options(() => ({
        status: 201,
        json: { orderId: 'o1', orderKey: 'k', state: 'accepted' },
      })),
    );
    expect(await desk.place(request)).toEqual({ orderId: 'o1', state: 'accepted' });
    expect(stub.calls[0]).toMatchObject({
      path: '/base/orders',
      headers: { 'idempotency-key': 'order/run/p1' },
      body: { contactId: 'c1', product: 'p1', staffId: 'zhang' },
    });
  });

  it('hears that a product was refused as a rejected order', async () => {
    const desk = createOrderDesk(
      await options(() => ({ status: 422, json: { code: 'PRODUCT_UNKNOWN' } })),
    );
    expect(await desk.place(request)).toEqual({
      orderId: 'order/run/p1',
      state: 'rejected',
      reason: 'PRODUCT_UNKNOWN',
    });
  });

  it.each([
    [{ hang: true }, { code: 'UNAVAILABLE' }],
    [{ status: 503 }, { code: 'UNAVAILABLE' }],
    [
      { status: 429, headers: { 'retry-after': '3' } },
      { code: 'UNAVAILABLE', retryAfterMs: 3000 },
    ],
    [{ status: 401 }, { code: 'UNAVAILABLE' }],
    [{ status: 400, json: { code: 'BAD' } }, { code: 'UNAVAILABLE' }],
    [{ status: 422, json: { code: 'NEW_WORD' } }, { code: 'UNAVAILABLE' }],
  ])('throws on %j', async (answer, error) => {
    const desk = createOrderDesk(await options(() => answer, 'hang' in answer ? 300 : 5000));
    await expect(desk.place(request)).rejects.toMatchObject(error);
  });
});

describe('the lead pool', () => {
  const lead = {
    leadId: 'l1',
    contactId: 'c1',
    product: 'p1',
    outcome: 'busy',
    createdAt: '2026-03-02T09:00:00+08:00',
  };

  it('is fetched from a cursor on', async () => {
    const pool = createLeadPool(
      await options(() => ({ json: { leads: [{ ...lead, note: 'x' }], cursor: 'next' } })),
    );
    expect(await pool.fetch('here', 50)).toEqual({
      leads: [lead],
      malformed: [],
      cursor: 'next',
    });
    expect(stub.calls[0]?.query.toString()).toBe('cursor=here&limit=50');
  });

  it('sets a row aside that is no lead, and goes on behind it', async () => {
    const pool = createLeadPool(
      await options(() => ({ json: { leads: [lead, { ...lead, leadId: '' }], cursor: '' } })),
    );
    expect(await pool.fetch('', 50)).toEqual({
      leads: [lead],
      malformed: [{ ...lead, leadId: '' }],
      cursor: '',
    });
  });

  it('keeps an outcome that nobody has told us of in its own word, and goes on behind it', async () => {
    const strange = { ...lead, leadId: 'l2', outcome: 'voicemail' };
    const pool = createLeadPool(
      await options(() => ({ json: { leads: [strange, lead], cursor: 'next' } })),
    );
    expect(await pool.fetch('', 50)).toEqual({
      leads: [{ ...strange, outcome: 'other', outcomeSaid: 'voicemail' }, lead],
      malformed: [],
      cursor: 'next',
    });
  });

  it('is told what became of a lead', async () => {
    const pool = createLeadPool(await options(() => ({ status: 204 })));
    await pool.report('l/1', { outcome: 'accepted', attempts: 2, at: '2026-03-02T10:00:00Z' });
    expect(stub.calls[0]).toMatchObject({
      method: 'POST',
      path: '/base/leads/l%2F1/report',
      body: { outcome: 'accepted', attempts: 2, at: '2026-03-02T10:00:00Z' },
    });
  });

  it('says when it does not know a lead', async () => {
    const pool = createLeadPool(
      await options(() => ({ status: 404, json: { code: 'NOT_FOUND' } })),
    );
    await expect(
      pool.report('l1', { outcome: 'busy', attempts: 1, at: '2026-03-02T10:00:00Z' }),
    ).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('the book of call-backs', () => {
  it('counts a record that is none, and reads the others', async () => {
    const order = {
      ...{ id: 'cb-1', type: 'order', orderKey: 'order/c1/p1/t1', orderId: 'o-1' },
      ...{ contactId: 'c1', product: 'p1', state: 'completed', at: '2026-03-02T09:00:00Z' },
    };
    const book = createCallbackBook(
      'crm',
      await options(() => ({ json: { callbacks: [{ id: 7 }, order], cursor: 'next' } })),
      parseCrmCallback,
    );
    const span = { from: NOW - 3_600_000, to: NOW, cursor: null, limit: 10 };

    expect(await book(span)).toEqual({
      callbacks: [{ system: 'crm', ...order }],
      unreadable: 1,
      next: 'next',
    });
  });
});
