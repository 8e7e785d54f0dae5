// What customers answer by SMS and in WeCom, from the call-back to the gate: refusals by number, and answers that a member has to read.

import request from 'supertest';
import { answerReaderOf } from '../../config';
import { createFakeApi, NOW, signed } from '../../test/fakes/api';
import { listReplies, resolveReply } from './replies';

const NUMBER = '13900000001';
const AT = '2026-03-02T01:59:00.000Z';
const granted = { consents: { sms: { marketing: 'granted' }, wecom: { marketing: 'granted' } } };
const policy = {
  timezone: 'Asia/Shanghai',
  consent: [{ classes: ['marketing'], channels: ['sms'], need: 'granted' }],
};

async function aCity(note = '拒收请回复R', words: readonly string[] = []) {
  const readAnswer = answerReaderOf({ SMS_REFUSAL_NOTE: note, SMS_REFUSAL_WORDS: [...words] });
  const api = await createFakeApi({}, readAnswer);
  await api.call('post', '/api/v1/policies', { id: 'default', body: policy });
  await api.call('post', '/api/v1/policies/default/versions/1:publish');

  const put = (contactId: string, fields: object = {}) =>
    api.call('put', '/api/v1/contacts:batch', [
      { contactId, city: 'guangzhou', phone: NUMBER, ...granted, ...fields },
    ]);
  let n = 0;
  const answer = async (text: string, phone = NUMBER) => {
    const id = `u${n++}`;
    const { text: sent, headers } = signed({ id, type: 'upstream', phone, text, at: AT });
    const { status } = await request(api.app).post('/sms/callback').set(headers).send(sent);
    expect(status).toBe(200);
    await api.process();
    return `sms:${id}`;
  };
  const chat = async (contactId: string, data: object) => {
    const eventId = `m${n++}`;
    await api.call('post', '/api/v1/events:batch', [
      { eventId, type: 'customer-message', contactId, occurredAt: AT, data },
    ]);
    await api.process();
    return `event:${eventId}`;
  };
  const verdict = async (contactId: string, touchClass = 'marketing', channel = 'sms') => {
    const touch = { channel, class: touchClass, at: new Date(NOW).toISOString() };
    const { body } = await api.call('post', '/api/v1/gate:decide', { contactId, touch });
    return [body.verdict, body.reason].filter(Boolean).join(' ');
  };
  const consent = async (contactId: string) =>
    (await api.stores.contacts.find(contactId))?.consents?.sms?.marketing;
  const replies = async (query = '', as?: string) =>
    (await api.call('get', `/api/v1/replies${query}`, undefined, as)).body.items;
  const resolve = (id: string, body: object, as?: string) =>
    api.call('post', `/api/v1/replies/${id}:resolve`, body, as);
  const running = (contactId: string) =>
    api.call('post', '/api/v1/journeys/monthStart/runs', {
      contactId,
      billedAt: '2026-03-01T00:00:00+08:00',
    });
  const heard = () => api.engine.signalled.map(({ message }) => message.body);

  return { ...api, put, answer, chat, verdict, consent, replies, resolve, running, heard };
}

describe('an answer that refuses', () => {
  test.each([
    'TD退订',
    'T退订',
    '退订T',
    '退 订',
    '拒收短信',
    '回复TD',
    '退訂',
    '別再發了',
    'ｔｄ。',
  ])('%s closes the number to offers, and to nothing else', async (text) => {
    const city = await aCity();
    await city.put('c-1');
    expect(await city.verdict('c-1')).toBe('pass');
    await city.answer(text);
    expect(await city.consent('c-1')).toBe('refused');
    expect(await city.verdict('c-1')).toBe('suppressed blocked');
    expect(await city.verdict('c-1', 'service')).toBe('pass');
  });

  test.each([
    ['86139', '8613900000001'],
    ['0086', '008613900000001'],
    ['+86', '+8613900000001'],
    ['blanks', '+86 139-0000-0001'],
  ])('reaches every contact of the number, written with %s', async (_form, phone) => {
    const city = await aCity();
    for (const id of ['c-1', 'c-2']) await city.put(id, { phone: '+86 139 0000 0001' });
    await city.running('c-1');
    await city.answer('R', phone);
    for (const id of ['c-1', 'c-2']) expect(await city.consent(id)).toBe('refused');
    expect(city.heard()).toContainEqual({ kind: 'opted-out', at: AT, channel: 'sms' });
  });

  test('from a number that nobody has waits for whoever gets it', async () => {
    const city = await aCity();
    await city.answer('退订');
    expect(await city.stores.inbox.count('parked')).toBe(0);

    await city.put('c-1');
    expect(await city.consent('c-1')).toBe('refused');
    expect(await city.verdict('c-1')).toBe('suppressed blocked');

    await city.put('c-2', { phone: '13900000002' });
    await city.call('patch', '/api/v1/contacts/c-2', { phone: NUMBER });
    expect(await city.consent('c-2')).toBe('refused');
  });

  test('is lifted by a later act of the customer, and by no list', async () => {
    const city = await aCity();
    await city.put('c-1');
    await city.answer('R');
    city.time.now += 60_000;
    await city.put('c-1');
    const said = { channel: 'sms', class: 'marketing', state: 'granted', source: 'shop' };
    const tell = (more: object) =>
      city.call('put', '/api/v1/contacts/c-1/consents', { changes: [{ ...said, ...more }] });
    await tell({});
    expect(await city.verdict('c-1')).toBe('suppressed blocked');
    await tell({ own: true });
    expect(await city.verdict('c-1')).toBe('pass');
  });

  test('may be the word that our own note asks for, or one of the deployment', async () => {
    const city = await aCity('退订回QX', ['唔要']);
    for (const [i, word] of ['QX', 'qx', 'ＱＸ退订', '唔要'].entries()) {
      const phone = `1390000001${i}`;
      await city.put(`c-${i}`, { phone });
      await city.answer(word, phone);
      expect(await city.consent(`c-${i}`)).toBe('refused');
    }
  });

  test.each(['10000', 'Thanks', 'RT', '怎么办理'])('is not %j', async (text) => {
    const city = await aCity();
    await city.put('c-1');
    await city.running('c-1');
    await city.answer(text);
    expect(await city.consent('c-1')).toBe('granted');
    expect(await city.verdict('c-1')).toBe('pass');
    expect(city.heard()).toEqual([{ kind: 'spoke', at: AT, channel: 'sms' }]);
  });

  test('shows nobody the number it came from', async () => {
    const city = await aCity();
    await city.put('c-1');
    await city.answer('R');
    const as = await city.keyFor('viewer');
    const { text } = await city.call('get', '/api/v1/contacts/c-1/consents', undefined, as);
    expect(text).not.toContain(NUMBER);
  });
});

describe('an answer that may refuse', () => {
  const UNCLEAR = '怎么取消，烦死了';

  async function held() {
    const city = await aCity();
    await city.put('c-1');
    await city.running('c-1');
    const id = await city.answer(UNCLEAR);
    return { ...city, id };
  }

  test('holds offers to the number, tells open tasks to look again, and asks nothing more', async () => {
    const city = await held();
    expect(await city.consent('c-1')).toBe('granted');
    expect(await city.verdict('c-1')).toBe('suppressed blocked');
    expect(await city.verdict('c-1', 'service')).toBe('pass');
    expect(city.heard()).toEqual([{ what: 'profile' }]);

    await city.put('c-2');
    expect(await city.verdict('c-2')).toBe('suppressed blocked');
  });

  test('is read by a member, without its number', async () => {
    const city = await held();
    const items = await city.replies();
    expect(items).toEqual([
      {
        ...{ id: city.id, channel: 'sms', source: 'sms-reply', state: 'open', text: UNCLEAR },
        ...{ contactIds: ['c-1'], cities: ['guangzhou'] },
        ...{ at: AT, receivedAt: new Date(NOW).toISOString() },
      },
    ]);
    expect(JSON.stringify(items)).not.toContain(NUMBER);
    expect(listReplies.answer?.safeParse({ items, next: null }).success).toBe(true);
    expect(await city.replies('', await city.keyFor('city', ['guangzhou']))).toHaveLength(1);
    expect(await city.replies('', await city.keyFor('city', ['foshan']))).toEqual([]);
    const viewer = await city.keyFor('viewer');
    expect((await city.call('get', '/api/v1/replies', undefined, viewer)).status).toBe(403);
  });

  test('that was a refusal refuses from when it was heard, and its text is shown no more', async () => {
    const city = await held();
    city.time.now += 3_600_000;
    const answer = await city.resolve(city.id, { refusal: true, note: '客户要求停发' });
    expect(resolveReply.answer?.safeParse(answer.body).success).toBe(true);
    expect(answer.body).toMatchObject({
      state: 'resolved',
      resolution: { refusal: true, note: '客户要求停发', by: 'admin' },
    });
    expect(answer.body).not.toHaveProperty('text');
    expect(await city.consent('c-1')).toBe('refused');
    expect(city.heard()).toContainEqual({ kind: 'opted-out', at: AT, channel: 'sms' });
    const log = await city.stores.contacts.consentLog('c-1');
    expect(log.at(-1)).toMatchObject({ receivedAt: new Date(NOW).toISOString(), own: true });
    expect(await city.replies()).toEqual([]);
    expect(await city.replies('?state=resolved')).toHaveLength(1);
  });

  test('that was none opens the number again, also for who got it meanwhile', async () => {
    const city = await held();
    await city.put('c-2');
    expect((await city.resolve(city.id, { refusal: false })).status).toBe(200);
    for (const id of ['c-1', 'c-2']) expect(await city.verdict(id)).toBe('pass');
    expect((await city.resolve(city.id, { refusal: false })).status).toBe(200);
    const other = await city.resolve(city.id, { refusal: true });
    expect([other.status, other.body.code]).toEqual([409, 'CONFLICT']);
  });

  test('stays on the list when a crash comes before what was said of it is in force', async () => {
    const city = await held();
    const { addresses } = city.stores;
    const { release } = addresses;
    addresses.release = () => Promise.reject(new Error('crashed'));
    expect((await city.resolve(city.id, { refusal: true })).status).toBe(500);
    addresses.release = release;
    expect(await city.replies()).toMatchObject([{ id: city.id, resolution: { refusal: true } }]);
    expect((await city.resolve(city.id, { refusal: false })).status).toBe(409);
    expect((await city.resolve(city.id, { refusal: true })).status).toBe(200);
    expect(await city.replies()).toEqual([]);
    expect((await city.stores.contacts.find('c-1'))?.holds).toEqual([
      { channel: 'sms', reason: 'opt-out' },
    ]);
  });

  test('is kept when nobody has the number, for who may see all cities', async () => {
    const city = await aCity();
    const id = await city.answer('QX');
    expect(await city.replies('', await city.keyFor('city', ['guangzhou']))).toEqual([]);
    expect(await city.replies()).toMatchObject([{ id, contactIds: [], text: 'QX' }]);
    await city.put('c-1');
    expect(await city.verdict('c-1')).toBe('suppressed blocked');
    await city.resolve(id, { refusal: true });
    expect(await city.consent('c-1')).toBe('refused');
  });

  test.each(['nobody', 'sms:u9'])('is unknown under %s', async (id) => {
    const city = await held();
    expect((await city.resolve(id, { refusal: true })).status).toBe(404);
    const elsewhere = await city.keyFor('city', ['foshan']);
    expect((await city.resolve(city.id, { refusal: true }, elsewhere)).status).toBe(404);
  });
});

describe('what a customer writes in WeCom', () => {
  async function withFriend() {
    const city = await aCity();
    const friend = { staffId: 's-1', externalUserId: 'wm-1', state: 'friend', addedAt: AT };
    await city.put('c-1', { relations: [friend] });
    await city.running('c-1');
    return city;
  }
  const inWecom = (city: Awaited<ReturnType<typeof aCity>>) =>
    city.verdict('c-1', 'marketing', 'wecom');

  test('refuses with the same words, on that channel', async () => {
    const city = await withFriend();
    await city.chat('c-1', { staffId: 's-1', text: '别再给我发了' });
    expect(await inWecom(city)).toBe('suppressed blocked');
    expect(await city.verdict('c-1')).toBe('pass');
    expect(city.heard()).toEqual([{ kind: 'opted-out', at: AT, channel: 'wecom' }]);
    const address = { kind: 'externalUserId', value: 'wm-1' } as const;
    expect((await city.stores.addresses.find(address))?.statements).toHaveLength(1);
  });

  test('waits for a member when it is not clear, also from a customer known by his id alone', async () => {
    const city = await aCity();
    await city.put('c-1', { channels: { wecom: { reachable: true } } });
    const id = await city.chat('c-1', { text: '我要投诉' });
    expect(await inWecom(city)).toBe('suppressed blocked');
    expect(await city.replies()).toMatchObject([{ id, channel: 'wecom', text: '我要投诉' }]);
    await city.resolve(id, { refusal: false });
    expect(await inWecom(city)).toBe('pass');
  });

  test('goes no further than the inbox', async () => {
    const city = await withFriend();
    await city.chat('c-1', { staffId: 's-1', text: '这个套餐多少钱？' });
    expect(city.heard()).toEqual([{ kind: 'spoke', at: AT, channel: 'wecom', staffId: 's-1' }]);
    expect(JSON.stringify(await city.stores.contacts.find('c-1'))).not.toContain('多少钱');
  });
});
