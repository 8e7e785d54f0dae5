import request from 'supertest';
import { seal } from '../../integrations/wecom/callback';
import { createFakeApi, NOW, sealedEvent, signed, WECOM } from '../../test/fakes/api';

const added = {
  ToUserName: WECOM.corpId,
  FromUserName: 'sys',
  CreateTime: NOW / 1000,
  MsgType: 'event',
  Event: 'change_external_contact',
  ChangeType: 'add_external_contact',
  UserID: 's-1',
  ExternalUserID: 'wm1',
  WelcomeCode: 'code',
};
const receipt = {
  id: 'r1',
  type: 'receipt',
  clientMessageId: 't-1',
  messageId: 'm-1',
  status: 'delivered',
  at: '2026-03-02T02:00:00Z',
};

type Api = Awaited<ReturnType<typeof createFakeApi>>;
const post = (api: Api, system: string, { text, headers }: ReturnType<typeof signed>) =>
  request(api.app).post(`/${system}/callback`).set(headers).send(text);
const wecom = (api: Api, { query, body }: ReturnType<typeof sealedEvent>) =>
  request(api.app).post('/wecom/callback').query(query).set('Content-Type', 'text/xml').send(body);

describe('WeCom', () => {
  test('the address is verified by answering the echo as it is', async () => {
    const api = await createFakeApi();
    const { query, encrypted } = seal(WECOM, '1234567890123456789', String(NOW / 1000), 'n');
    const answer = await request(api.app)
      .get('/wecom/callback')
      .query({ ...query, echostr: encrypted });
    expect([answer.status, answer.text]).toEqual([200, '1234567890123456789']);
    expect(answer.headers['content-type']).toContain('text/plain');
  });

  test('an event is in the inbox before it is acknowledged, and repeats are acknowledged and dropped', async () => {
    const api = await createFakeApi();
    for (const _ of [1, 2]) {
      const answer = await wecom(api, sealedEvent(added));
      expect([answer.status, answer.text]).toEqual([200, 'success']);
    }
    expect(
      (await api.stores.inbox.list({ state: 'pending', limit: 10 })).map(({ kind, lane }) => [
        kind,
        lane,
      ]),
    ).toEqual([['wecom', 'contact/wx-wm1']]);
  });

  test('an event the inbox could not keep is not acknowledged', async () => {
    const api = await createFakeApi({
      intake: {
        put: async () => {
          throw new Error('disk full');
        },
      },
    });
    expect((await wecom(api, sealedEvent(added))).status).toBe(500);
  });

  test('an event that can never be taken is acknowledged, for WeCom would not send it again, and parked', async () => {
    const api = await createFakeApi();
    for (const _ of [1, 2]) {
      const answer = await wecom(api, sealedEvent({ ...added, ExternalUserID: 'w'.repeat(200) }));
      expect([answer.status, answer.text]).toEqual([200, 'success']);
    }
    await api.process();
    const [item, ...others] = await api.stores.inbox.list({ state: 'parked', limit: 10 });
    expect(others).toEqual([]);
    expect(item).toMatchObject({ kind: 'wecom', reason: { issues: [{ path: 'ExternalUserID' }] } });
    expect(JSON.stringify(item)).not.toContain('WelcomeCode');
    await api.processor.stop();
  });

  test.each([
    ['another token', sealedEvent(added, { token: 'other' }), 'BAD_SIGNATURE'],
    ['another company', sealedEvent(added, { corpId: 'ww2' }), 'FOREIGN_RECEIVER'],
  ])(
    'an event with %s answers 403 and leaves a count and nothing else',
    async (_name, event, reason) => {
      const api = await createFakeApi();
      const answer = await wecom(api, event);
      expect([answer.status, answer.body.code]).toEqual([403, reason]);
      expect(await api.stores.inbox.count('pending')).toBe(0);
      expect((await request(api.app).get('/metrics')).text).toContain(
        `sopflow_callback_rejections_total{system="wecom",reason="${reason}"} 1`,
      );
    },
  );

  test('what is turned away writes no line of the log either', async () => {
    const told: unknown[] = [];
    const tell = (...line: unknown[]) => void told.push(line);
    const api = await createFakeApi({
      log: { debug: () => {}, info: tell, warn: tell, error: tell },
    });
    await wecom(api, sealedEvent(added, { token: 'guessed' }));
    expect(told).toEqual([]);
    await wecom(api, sealedEvent(added));
    expect(told).toHaveLength(1);
  });

  test('a call without a signature is turned away and counted', async () => {
    const api = await createFakeApi();
    const answer = await request(api.app).post('/wecom/callback').send('<xml></xml>');
    expect([403, 422]).toContain(answer.status);
    expect((await request(api.app).get('/metrics')).text).toMatch(
      /sopflow_callback_rejections_total\{system="wecom",reason="\w+"\} 1/,
    );
  });
});

describe('SMS, CRM and IOP', () => {
  const call = {
    id: 'g1',
    type: 'call',
    clientCallId: 't',
    callId: 'k',
    contactId: 'c-1',
    outcome: 'busy',
    dialled: true,
    at: '2026-03-02T02:00:00Z',
  };

  test('a wrong secret degrades readiness until a call-back is signed by the right one', async () => {
    const api = await createFakeApi();
    const ready = async () => (await request(api.app).get('/readyz')).body;
    await post(api, 'sms', signed(receipt, NOW, 'other-secret'));
    expect(await ready()).toMatchObject({
      status: 'degraded',
      systems: [{ system: 'sms-callback', code: 'BAD_SIGNATURE', fault: 'ours' }],
    });
    api.time.now += 1;
    await post(api, 'sms', signed(receipt));
    expect(await ready()).toMatchObject({ status: 'ready', systems: [] });
  });

  test('a call-back without any signature is a knock at the door and degrades nothing', async () => {
    const api = await createFakeApi();
    await request(api.app).post('/sms/callback').send(receipt);
    expect((await request(api.app).get('/readyz')).body).toMatchObject({ status: 'ready' });
  });

  test('a signed call-back is kept before it is acknowledged, and once', async () => {
    const api = await createFakeApi();
    expect((await post(api, 'sms', signed(receipt))).body).toEqual({
      accepted: true,
      duplicate: false,
      conflict: false,
    });
    expect((await post(api, 'sms', signed(receipt))).body).toEqual({
      accepted: true,
      duplicate: true,
      conflict: false,
    });
    expect(await api.stores.inbox.list({ state: 'pending', limit: 10 })).toMatchObject([
      { key: 'sms/r1', kind: 'sms', lane: 'touch/t-1' },
    ]);
  });

  test.each([
    ['a wrong secret', signed(receipt, NOW, 'other-secret'), 'BAD_SIGNATURE'],
    ['a time five minutes ago', signed(receipt, NOW - 301_000), 'STALE_TIMESTAMP'],
    ['a time in the future', signed(receipt, NOW + 301_000), 'STALE_TIMESTAMP'],
    [
      'a body changed on the way',
      { ...signed(receipt), text: JSON.stringify({ ...receipt, status: 'failed' }) },
      'BAD_SIGNATURE',
    ],
  ])('%s answers 403 and leaves a count and nothing else', async (_name, message, reason) => {
    const api = await createFakeApi();
    const answer = await post(api, 'sms', message);
    expect([answer.status, answer.body.code]).toEqual([403, reason]);
    expect(await api.stores.inbox.count('pending')).toBe(0);
    expect((await request(api.app).get('/metrics')).text).toContain(
      `sopflow_callback_rejections_total{system="sms",reason="${reason}"} 1`,
    );
  });

  test.each([
    [
      'sms',
      {
        id: 'u1',
        type: 'upstream',
        phone: '+8613800001234',
        text: 'TD',
        at: '2026-03-02T02:00:00Z',
      },
      'phone/+8613800001234',
    ],
    [
      'crm',
      {
        id: 'f1',
        type: 'order',
        orderKey: 'o1',
        orderId: '7',
        contactId: 'c-1',
        product: 'p',
        state: 'completed',
        at: '2026-03-02T02:00:00Z',
      },
      'contact/c-1',
    ],
    [
      'iop',
      {
        id: 'g1',
        type: 'call',
        clientCallId: 't',
        callId: 'k',
        contactId: 'c-1',
        outcome: 'busy',
        dialled: true,
        at: '2026-03-02T02:00:00Z',
      },
      'contact/c-1',
    ],
  ])('%s facts wait in the lane of their customer', async (system, body, lane) => {
    const api = await createFakeApi();
    expect((await post(api, system, signed(body))).status).toBe(200);
    expect(await api.stores.inbox.list({ state: 'pending', limit: 10 })).toMatchObject([
      { kind: system, lane },
    ]);
  });

  test('a signed call-back with a mistake names its place', async () => {
    const api = await createFakeApi();
    const answer = await post(api, 'iop', signed({ id: 'g1', type: 'call', outcome: 'maybe' }));
    expect([answer.status, answer.body.code]).toEqual([422, 'INVALID_INPUT']);
  });

  test.each([
    ['contactId', { contactId: 'c/1' }, '"c/1"'],
    ['callId', { callId: '中'.repeat(90) }, expect.stringMatching(/…$/)],
    ['clientCallId', { clientCallId: 'x'.repeat(513) }, expect.any(String)],
  ])(
    'an id that is no good is refused at the door with its place, and kept: %s',
    async (path, wrong, value) => {
      const api = await createFakeApi();
      const body = { ...call, ...wrong };
      for (const _ of [1, 2]) {
        const answer = await post(api, 'iop', signed(body));
        expect([answer.status, answer.body.issues]).toEqual([
          422,
          [expect.objectContaining({ path, value, allowed: expect.stringMatching(/^1 to \d+/) })],
        ]);
      }
      await api.process();
      expect(await api.stores.inbox.list({ state: 'parked', limit: 10 })).toMatchObject([
        { kind: 'iop', payload: body, reason: { code: 'INVALID_INPUT' } },
      ]);
      await api.processor.stop();
    },
  );

  test('a stranger leaves nothing in the inbox, whatever was sent', async () => {
    const api = await createFakeApi();
    await post(api, 'iop', signed({ id: 'g1' }, NOW, 'other-secret'));
    expect(await api.stores.inbox.count('pending')).toBe(0);
  });

  test('a known id with other content is no duplicate: it is kept, parked', async () => {
    const api = await createFakeApi();
    await post(api, 'sms', signed(receipt));
    const failed = { ...receipt, status: 'failed', code: 'UNDELIV' };
    const answer = await post(api, 'sms', signed(failed));
    expect([answer.status, answer.body]).toEqual([
      200,
      { accepted: false, duplicate: false, conflict: true },
    ]);
    expect(await api.stores.inbox.list({ state: 'parked', limit: 10 })).toMatchObject([
      { payload: { status: 'failed' }, reason: { code: 'CONFLICT', conflictsWith: 'sms/r1' } },
    ]);
  });
});

describe('events', () => {
  const event = (eventId: string, more: object = {}) => ({
    eventId,
    type: 'usage',
    contactId: 'c-1',
    occurredAt: '2026-03-02T09:59:00+08:00',
    data: { dataUsedPct: 50 },
    ...more,
  });

  test('each is answered: accepted, duplicate, or refused with its place', async () => {
    const api = await createFakeApi();
    await api.call('put', '/api/v1/contacts:batch', [
      { contactId: 'c-1', city: 'guangzhou' },
      { contactId: 'c-2', city: 'shenzhen' },
    ]);
    const machine = await api.keyFor('machine', ['guangzhou']);
    const answer = await api.call(
      'post',
      '/api/v1/events:batch',
      {
        events: [
          event('1'),
          event('1'),
          event('2', { type: 'rain' }),
          event('3', { data: { dataUsedPct: '50' } }),
          event('4', { contactId: 'c-9' }),
          event('5', { contactId: 'c-2' }),
        ],
      },
      machine,
    );
    expect(answer.body).toMatchObject({ accepted: 1, duplicate: 1, refused: 4 });
    expect(
      answer.body.rows.map(({ status, code }: { status: string; code?: string }) => code ?? status),
    ).toEqual([
      'accepted',
      'duplicate',
      'INVALID_INPUT',
      'INVALID_INPUT',
      'NOT_FOUND',
      'NOT_FOUND',
    ]);
    expect(answer.body.rows[3].issues[0].path).toBe('data.dataUsedPct');
    expect(
      (await api.stores.inbox.list({ state: 'pending', limit: 10 })).map(({ key }) => key),
    ).toEqual(['event/1']);
  });

  test('from acceptance to the journey, through the inbox, while Temporal comes and goes', async () => {
    const api = await createFakeApi();
    await api.call('put', '/api/v1/contacts:batch', [{ contactId: 'c-1', city: 'guangzhou' }]);
    await api.process();
    api.engine.away = true;
    const answer = await api.call('post', '/api/v1/events:batch', [
      event('1', { type: 'bill', data: { billDueFen: 100 } }),
    ]);
    expect([answer.status, answer.body.accepted]).toEqual([200, 1]);
    await api.waits.until(200);
    expect(api.engine.starts).toEqual([]);
    api.engine.away = false;
    api.waits.pass(200);
    await api.processor.idle();
    expect(api.engine.starts).toMatchObject([{ workflowId: 'monthStart/c-1/2026-03-02' }]);
    expect(await api.stores.inbox.count('pending')).toBe(0);
    await api.processor.stop();
  });
});
