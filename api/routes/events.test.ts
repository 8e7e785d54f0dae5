// Events through HTTP: what is told late changes nothing of what is newer, and nothing starts from what is over.

import request from 'supertest';
import { createFakeApi, NOW, signed } from '../../test/fakes/api';
import { enableTrigger, OVERAGE } from '../../test/fakes/triggers';

const DAY_MS = 86_400_000;
const ago = (days: number): string => new Date(NOW - days * DAY_MS).toISOString();
const ahead = (minutes: number): string => ago(-minutes / 1440);

async function aCity() {
  const api = await createFakeApi();
  await api.call('put', '/api/v1/contacts:batch', [
    { contactId: 'c-1', city: 'guangzhou', phone: '13800001234' },
  ]);
  const catalogue = {
    products: [{ id: 'pack', name: '流量包', kind: 'data-pack' as const, fee: 10, onShelf: true }],
    migrations: [],
  };
  await api.stores.catalogues.draft('default', catalogue, 'test', ago(1));
  await api.stores.catalogues.publish('default', 1, 'test', ago(1));
  await enableTrigger(api.stores, 'builtin-overage', OVERAGE);
  await api.process();

  let eventId = 0;
  const tell = async (type: string, occurredAt: string, data: object = {}) => {
    eventId += 1;
    const event = { eventId: `e-${eventId}`, type, contactId: 'c-1', occurredAt, data };
    const { body } = await api.call('post', '/api/v1/events:batch', [event]);
    await api.processor.idle();
    return body.rows[0];
  };
  const card = async () => (await api.call('get', '/api/v1/contacts/c-1')).body;
  const starts = () => api.engine.starts.map(({ workflowId }) => workflowId);
  return { ...api, tell, card, starts };
}

describe('an event told late', () => {
  test('of an older bill or payment leaves the bill that is due, starts nothing and says why', async () => {
    const city = await aCity();
    await city.tell('bill', ago(1), { dueFen: 8900 });
    await city.tell('bill', ago(61), { billDueFen: 100 });
    await city.tell('bill-paid', ago(57));

    const { contact, runs } = await city.card();
    expect(contact.facts).toMatchObject({ billDueFen: 8900, billedAt: ago(1) });
    expect(contact.factTimes.billDueFen).toEqual({ asOf: ago(1), eventId: 'e-1' });
    expect(runs).toHaveLength(1);
    expect(city.engine.signalled).toEqual([]);

    const { body } = await city.call('get', '/api/v1/contacts/c-1/decisions');
    expect(body.notStarted).toEqual([
      expect.objectContaining({
        ...{ journey: 'monthStart', verdict: 'stale', reason: 'superseded', eventId: 'e-2' },
        words: {
          'zh-CN': expect.stringContaining('已有更新的情况'),
          en: expect.stringContaining('something newer'),
        },
      }),
    ]);
  });

  test('starts nothing when it is of an earlier cycle and nothing newer is known', async () => {
    const city = await aCity();
    await city.tell('bill', ago(61), { billDueFen: 100 });
    expect(city.starts()).toEqual([]);
    expect((await city.card()).contact).toMatchObject({
      facts: { billDueFen: 100, billedAt: ago(61) },
      staleStarts: [{ reason: 'cycle-over' }],
    });
  });

  test('of a payment heard before its bill leaves nothing due, and nothing starts', async () => {
    const city = await aCity();
    await city.tell('bill-paid', ago(0.5));
    await city.tell('bill', ago(1), { dueFen: 8900 });
    expect(city.starts()).toEqual([]);
    expect((await city.card()).contact).toMatchObject({
      facts: { billDueFen: 0 },
      staleStarts: [{ reason: 'not-due' }],
    });
  });

  test.each([
    ['usage', { percent: 20 }, { percent: 80 }, 'dataUsedPct', 20],
    ['usage', { dataUsedPct: 20 }, { dataUsedPct: 80 }, 'dataUsedPct', 20],
    ['balance', { balanceFen: 5 }, { balanceFen: 9 }, 'balanceFen', 5],
    ['recharge', { balanceFen: 5 }, { balanceFen: 9 }, 'balanceFen', 5],
    ['message', {}, {}, 'lastSpokeAt', ago(1)],
    ['opened', { campaign: 'k-58' }, { campaign: 'data' }, 'openedCampaign', 'k-58'],
    ['opened', { campaign: 'k-58' }, { campaign: 'data' }, 'openedAt', ago(1)],
    ['customer-message', {}, {}, 'lastSpokeAt', ago(1)],
  ])('%s %j stands against an older one', async (type, newer, older, name, value) => {
    const city = await aCity();
    await city.tell(type, ago(1), newer);
    await city.tell(type, ago(2), older);
    expect((await city.card()).contact.facts[name]).toBe(value);
  });

  test('of a plan that was left since changes no plan and ends no journey', async () => {
    const city = await aCity();
    await city.tell('bill', ago(1), { dueFen: 8900 });
    await city.tell('plan-changed', ago(1), { plan: { id: 'new', fee: 99 } });
    await city.tell('plan-changed', ago(9), { plan: { id: 'old', fee: 19 } });
    expect((await city.card()).contact.plan).toEqual({ id: 'new', fee: 99 });
    expect(city.engine.signalled.map(({ message }) => message.body)).toEqual([
      expect.objectContaining({ kind: 'converted', product: 'new' }),
    ]);
  });

  test('of usage is no occasion and leaves the cooldown to the real one', async () => {
    const city = await aCity();
    await city.tell('usage', ago(0.2), { percent: 95 });
    expect(city.starts()).toEqual([]);
    await city.tell('usage', ago(0), { percent: 130 });
    expect(city.starts()).toEqual(['opportunity/builtin-overage/c-1/e-2']);
  });

  test('changes nothing of what an import or a person has said since', async () => {
    const city = await aCity();
    await city.call('put', '/api/v1/contacts:batch', [
      { contactId: 'c-1', asOf: ago(2), plan: { id: 'file', fee: 9 }, facts: { balanceFen: 1 } },
    ]);
    await city.call('patch', '/api/v1/contacts/c-1', { facts: { billDueFen: 7 } });
    await city.tell('balance', ago(3), { balanceFen: 2 });
    await city.tell('plan-changed', ago(1), { plan: { id: 'event', fee: 9 } });
    await city.tell('bill-paid', ago(1));
    expect((await city.card()).contact).toMatchObject({
      plan: { id: 'event' },
      facts: { balanceFen: 1, billDueFen: 7 },
    });
  });
});

describe.each([
  ['application/json', (rows: readonly object[]) => JSON.stringify(rows)],
  [
    'application/x-ndjson',
    (rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).join('\n'),
  ],
])('a batch as %s', (type, textOf) => {
  const row = (eventId: string, occurredAt = ago(0), balanceFen = 1) => ({
    ...{ eventId, type: 'balance', contactId: 'c-1', occurredAt, data: { balanceFen } },
  });
  const send = async (city: Awaited<ReturnType<typeof aCity>>, rows: readonly object[]) =>
    await request(city.app)
      .post('/api/v1/events:batch')
      .set('Authorization', await city.keyFor('admin'))
      .set('content-type', type)
      .send(textOf(rows));

  test('takes what is late, refuses what is ahead, and tells repeats from conflicts', async () => {
    const city = await aCity();
    const rows = [
      ...[row('ahead', ahead(6)), row('late', ago(61)), row('twice'), row('twice')],
      ...[row('other', ago(1), 5), row('other', ago(1), 6), { ...row('odd'), more: 1 }],
    ];
    const { body } = await send(city, rows);
    const statuses = body.rows.map((each: { status: string }) => each.status);
    expect(statuses).toEqual([
      ...['refused', 'accepted', 'accepted', 'duplicate'],
      ...['accepted', 'refused', 'refused'],
    ]);
    const codes = [0, 5, 6].map((i) => [body.rows[i].code, body.rows[i].issues[0].path]);
    expect(codes).toEqual([
      ['INVALID_INPUT', 'occurredAt'],
      ['CONFLICT', 'id'],
      ['INVALID_INPUT', 'more'],
    ]);
    expect(await city.stores.inbox.list({ state: 'parked', limit: 9 })).toMatchObject([
      { payload: { eventId: 'other', data: { balanceFen: 6 } }, reason: { code: 'CONFLICT' } },
    ]);
  });

  test('has at most 5,000 events', async () => {
    const city = await aCity();
    const many = Array.from({ length: 5001 }, (_, i) => row(`e-${i}`));
    expect((await send(city, many)).status).toBe(413);
    expect((await send(city, many.slice(1))).body).toMatchObject({ accepted: 5000 });
  });
});

describe('what has not happened yet', () => {
  test('is refused with its place, and starts nothing; the overage of today still does', async () => {
    const city = await aCity();
    const row = await city.tell('usage', ago(-365), { dataUsedPct: 95 });
    expect(row).toMatchObject({
      status: 'refused',
      code: 'INVALID_INPUT',
      issues: [{ path: 'occurredAt' }],
    });
    await city.tell('usage', ago(0), { dataUsedPct: 130 });
    expect(city.starts()).toEqual(['opportunity/builtin-overage/c-1/e-2']);
  });

  test('is of now within the difference of clocks, and told again it is a duplicate', async () => {
    const city = await aCity();
    const event = {
      ...{ eventId: 'e', type: 'message', contactId: 'c-1' },
      occurredAt: ahead(5),
    };
    const tell = async () => (await city.call('post', '/api/v1/events:batch', [event])).body;
    expect(await tell()).toMatchObject({ accepted: 1 });
    await city.processor.idle();
    expect((await city.card()).contact.facts.lastSpokeAt).toBe(ago(0));

    city.time.now += 60_000;
    expect(await tell()).toMatchObject({ duplicate: 1 });
    const far = { ...event, eventId: 'f', occurredAt: ahead(7) };
    expect((await city.call('post', '/api/v1/events:batch', [far])).body.rows[0]).toMatchObject({
      status: 'refused',
    });
  });

  test('parks the call-back of a system with its reason, and nothing is lost', async () => {
    const city = await aCity();
    const order = {
      ...{ id: 'o-1', type: 'order', orderKey: 'k', orderId: 'o', contactId: 'c-1' },
      ...{ product: 'pack', state: 'completed', at: ahead(6) },
    };
    const { text, headers } = signed(order);
    const answer = await request(city.app).post('/crm/callback').set(headers).send(text);
    expect(answer.body).toMatchObject({ accepted: true });
    await city.processor.idle();
    expect(await city.stores.inbox.list({ state: 'parked', limit: 9 })).toMatchObject([
      { key: 'crm/o-1', reason: { code: 'INVALID_INPUT', issues: [{ path: 'at' }] } },
    ]);
    expect((await city.card()).contact.facts).toBeUndefined();
  });

  test('loses no "no": a refusal dated ahead counts from when it was heard', async () => {
    const city = await aCity();
    const { text, headers } = signed({
      ...{ id: 'u-1', type: 'upstream', phone: '13800001234', text: 'TD', at: ahead(600) },
    });
    await request(city.app).post('/sms/callback').set(headers).send(text);
    const row = await city.tell('complaint', ahead(600), { channel: 'call' });
    await city.processor.idle();

    expect(row.status).toBe('accepted');
    const { contact } = await city.card();
    expect(contact.consents).toMatchObject({ sms: { marketing: 'refused' } });
    expect(contact.blocks).toContainEqual({ channel: 'call', reason: 'complaint' });
  });

  test.each([
    [{ facts: { lastSpokeAt: ahead(6) } }, 'facts.lastSpokeAt'],
    [{ activatedAt: ahead(6) }, 'activatedAt'],
    [{ asOf: ahead(6) }, 'asOf'],
  ])('is refused in a row of an import: %j', async (fields, path) => {
    const city = await aCity();
    const { body } = await city.call('put', '/api/v1/contacts:batch', [
      { contactId: 'c-1', ...fields },
    ]);
    expect(body.rows[0]).toMatchObject({ status: 'refused', issues: [{ path }] });
  });

  test('begins no journey by hand', async () => {
    const city = await aCity();
    const start = { contactId: 'c-1', billedAt: ahead(6) };
    const answer = await city.call('post', '/api/v1/journeys/monthStart/runs', start);
    expect(answer.status).toBe(422);
    expect(answer.body.issues[0].path).toBe('billedAt');
  });
});
