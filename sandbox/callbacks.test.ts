import { createHmac } from 'node:crypto';
import { decrypt, getSignature } from '@wecom/crypto';
import { XMLParser } from 'fast-xml-parser';
import { KEY, type Listener, listen, START, TOKEN, trial } from './trial';
import { seal, sign } from './wecom/crypto';

const xml = new XMLParser({ parseTagValue: false });
let sopflow: Listener;
beforeEach(async () => {
  sopflow = await listen();
});
afterEach(() => sopflow.close());

const connected = (options: Parameters<typeof trial>[0] = {}) =>
  trial({ sopflow: { url: sopflow.url, key: 'api-key' }, ...options });
/** What WeCom's own library reads in a callback. */
const opened = (index = 0) => {
  const post = sopflow.heard[index];
  const { Encrypt } = xml.parse(post?.body ?? '').xml;
  const { message, id } = decrypt(KEY, Encrypt);
  return { id, event: xml.parse(message).xml, post, Encrypt };
};
const types = () => sopflow.heard.map((_post, index) => opened(index).event.ChangeType);

describe('the cryptography', () => {
  it('makes the very bytes of the known vectors', () => {
    const random = Buffer.from('0123456789abcdef');
    const sealed = seal(KEY, '1234567890123456789', 'wwsandbox0000001', random);
    expect(sealed).toBe(
      'Q3stYC6hdFzMh9T8HCvyDKf5xMjJx7zzxVVf3LTgHJV0UNI0yj2bIJVxmUCL58Fr69Q00YHhc4NJh69ryGiySg==',
    );
    expect(sign(TOKEN, '1700000000', 'nonce-1', sealed)).toBe(
      '7c5bd70a23b71dab3806b0d714f152bee1d40bfc',
    );
    expect(seal(KEY, 'x'.repeat(28), 'wwsandbox0000001', random)).toBe(
      'Q3stYC6hdFzMh9T8HCvyDIFLiDMf3G7plWlaMiSm9lWOZkK+qljij1lCiraPyE7AcX7UMWU5oq3Vye89yCIiS4tPfJa4otj5++SOmhJjean25Tyij74lOWAaOwU3bBj4',
    );
  });
});

describe('WeCom callbacks', () => {
  it('are readable by the official library, signed, and carry the added customer', async () => {
    const { control, sandbox } = connected();
    const added = await control('customers/c-1:add-friend', { staffId: 's-1', state: 'store-01' });
    await sandbox.tick();
    const { id, event, post, Encrypt } = opened();
    expect(id).toBe('wwcorp1');
    expect(event).toEqual({
      ToUserName: 'wwcorp1',
      FromUserName: 'sys',
      MsgType: 'event',
      CreateTime: String(START / 1000),
      Event: 'change_external_contact',
      ChangeType: 'add_external_contact',
      UserID: 's-1',
      ExternalUserID: added.externalUserId,
      State: 'store-01',
      WelcomeCode: added.welcomeCode,
    });
    const { timestamp, nonce, msg_signature } = Object.fromEntries(post?.query ?? []);
    expect(msg_signature).toBe(getSignature(TOKEN, timestamp ?? '', nonce ?? '', Encrypt));
  });

  it('tell who deleted whom, and say nothing of what the API did', async () => {
    const { control, sandbox, wecom } = connected();
    const { externalUserId } = await control('customers/c-1:add-friend', { staffId: 's-1' });
    await wecom('externalcontact/remark', {
      userid: 's-1',
      external_userid: externalUserId,
      remark: 'x',
    });
    await control('customers/c-1:delete-friend');
    await control('customers/c-2:add-friend', { staffId: 's-1' });
    await control('customers/c-2:delete-friend', { by: 'staff' });
    await sandbox.tick();
    await sandbox.tick();
    expect(types().sort()).toEqual([
      'add_external_contact',
      'add_external_contact',
      'del_external_contact',
      'del_follow_user',
    ]);
  });

  it('come three times in all when nobody answers, and not again', async () => {
    const { control, pass } = connected();
    sopflow.answers.push(null, null, null, null);
    await control('customers/c-1:add-friend', { staffId: 's-1' });
    for (let n = 0; n < 6; n += 1) await pass(10_000);
    expect(sopflow.heard).toHaveLength(3);
  });

  it('are lost to an outage of fifteen seconds, however soon its refusals come', async () => {
    const { control, pass } = connected();
    sopflow.answers.push(null, null, null);
    await control('customers/c-1:add-friend', { staffId: 's-1' });
    await pass(0);
    for (let second = 0; second < 15; second += 1) await pass(1000);
    expect(sopflow.heard).toHaveLength(3);
    for (let n = 0; n < 6; n += 1) await pass(10_000);
    expect(sopflow.heard).toHaveLength(3);
  });

  it('come once when they are refused, and again when sopflow says not now', async () => {
    const { control, pass } = connected();
    sopflow.answers.push(403, 503, 200);
    await control('customers/c-1:add-friend', { staffId: 's-1' });
    for (let n = 0; n < 3; n += 1) await pass(10_000);
    expect(sopflow.heard).toHaveLength(1);
    await control('customers/c-2:add-friend', { staffId: 's-1' });
    for (let n = 0; n < 3; n += 1) await pass(10_000);
    expect(sopflow.heard).toHaveLength(3);
  });

  it.each([
    ['drop-callback', []],
    ['duplicate-callback', ['add_external_contact', 'add_external_contact']],
  ])('suffer %s', async (kind, expected) => {
    const { control, pass } = connected();
    await control('faults', { system: 'wecom', kind, path: 'add_external_contact', count: 1 });
    await control('customers/c-1:add-friend', { staffId: 's-1' });
    for (let n = 0; n < 3; n += 1) await pass(2000);
    expect(types()).toEqual(expected);
  });

  it('arrive out of order when a fault says so', async () => {
    const { control, pass } = connected();
    await control('faults', { system: 'wecom', kind: 'reorder-callback', count: 1 });
    await control('customers/c-1:add-friend', { staffId: 's-1' });
    await control('customers/c-1:delete-friend');
    await pass(0);
    await pass(2000);
    expect(types()).toEqual(['del_follow_user', 'add_external_contact']);
  });
});

describe('signed call-backs and events', () => {
  it('sign the receipt of a text over its instant and its raw body', async () => {
    const { call, pass } = connected();
    const { body } = await call('post', '/sms/messages').send({
      clientMessageId: 't/1',
      phone: '19900010001',
      text: '【广东移动】hi',
    });
    await pass(2000);
    const [post] = sopflow.heard;
    expect(post?.path).toBe('/sms/callback');
    expect(JSON.parse(post?.body ?? '')).toEqual({
      id: expect.any(String),
      type: 'receipt',
      clientMessageId: 't/1',
      messageId: body.messageId,
      status: 'delivered',
      at: '2026-03-03T02:00:02.000Z',
    });
    const stamp = String(post?.headers['x-timestamp']);
    expect(stamp).toBe(String(START / 1000 + 2));
    expect(post?.headers['x-signature']).toBe(
      createHmac('sha256', 'sms-secret')
        .update(`${stamp}./sms/callback.${post?.body}`)
        .digest('hex'),
    );
  });

  it('repeat what sopflow turns away, signed anew, until it is taken', async () => {
    const { call, pass } = connected();
    sopflow.answers.push(403, 403);
    await call('post', '/sms/messages').send({
      clientMessageId: 't/1',
      phone: '19900010001',
      text: '【广东移动】hi',
    });
    await pass(2_000);
    await pass(10_000);
    await pass(10_000);
    expect(sopflow.heard).toHaveLength(3);
    expect(new Set(sopflow.heard.map(({ body }) => body)).size).toBe(1);
    expect(new Set(sopflow.heard.map(({ headers }) => headers['x-signature'])).size).toBe(3);
  });

  it('post events in order, with ids of their own, and again with the same ids until they are taken', async () => {
    const { control, pass } = connected();
    sopflow.answers.push(503);
    await control('customers/c-1:use-data', { percent: 104 });
    await control('customers/c-1:bill', { balance: 3900 });
    await pass(0);
    await pass(10_000);
    const batches = sopflow.heard.map((post) => JSON.parse(post.body).events);
    expect(sopflow.heard[1]).toMatchObject({
      path: '/api/v1/events:batch',
      headers: { authorization: 'Bearer api-key' },
    });
    expect(batches[1]).toEqual(batches[0]);
    expect(batches[1]).toEqual([
      {
        eventId: expect.any(String),
        type: 'usage',
        contactId: 'c-1',
        occurredAt: '2026-03-03T02:00:00.000Z',
        data: { dataUsedPct: 104 },
      },
      expect.objectContaining({ type: 'bill', data: { billDueFen: 3900, balanceFen: 0 } }),
    ]);
    expect(new Set(batches[1].map((event: { eventId: string }) => event.eventId)).size).toBe(2);
  });

  it('never repeat an event id after a reset', async () => {
    const { control, pass } = connected();
    await control('customers/c-1:use-data', { percent: 1 });
    await pass(1);
    await control('reset');
    await control('customers/c-1:use-data', { percent: 1 });
    await pass(0);
    const ids = sopflow.heard
      .filter((post) => post.path.endsWith('events:batch'))
      .map((post) => JSON.parse(post.body).events[0].eventId);
    expect(new Set(ids).size).toBe(2);
  });
});

describe('a customer the sandbox was never told of', () => {
  it('is who sopflow says it is, and sopflow learns the union id WeCom will name', async () => {
    sopflow.cards.set('c-1', {
      contactId: 'c-1',
      name: '陈一',
      plan: { id: 'plan-18', fee: 18 },
      phone: '199****0001',
    });
    const { control, read, call } = connected();
    const { externalUserId } = await control('customers/c-1:add-friend', { staffId: 's-1' });
    const { external_contact } = await read('externalcontact/get', {
      external_userid: externalUserId,
    });
    expect(external_contact.name).toBe('陈一');
    expect(sopflow.cards.get('c-1')).toMatchObject({ unionId: external_contact.unionid });
    expect((await call('get', '/crm/customers/c-1')).body.plan).toEqual({ id: 'plan-18', fee: 18 });
    expect(await control('customers/c-1:reply-sms', { text: 'R' })).toMatchObject({ status: 409 });
  });

  it('keeps the WeCom id that sopflow knows it by', async () => {
    const relation = {
      staffId: 's-1',
      externalUserId: 'wmKnown',
      state: 'friend',
      addedAt: '2026-01-01T00:00:00.000Z',
    };
    sopflow.cards.set('c-1', { contactId: 'c-1', relations: [relation] });
    const { control, read } = connected();
    expect((await control('customers/c-1:add-friend', { staffId: 's-2' })).externalUserId).toBe(
      'wmKnown',
    );
    expect(
      (await read('externalcontact/get', { external_userid: 'wmKnown' })).follow_user,
    ).toHaveLength(2);
  });
});
