// One person under two ids: recognised, merged and split, through WeCom's call-backs, imports and the API.

import type { WecomCallback } from '../../ports/callbacks';
import { NOW } from '../../test/fakes/api';
import { AT, aWorld } from '../../test/fakes/world';
import { reserveOne } from '../../test/support/singles';
import { listDoubles } from './doubles';

const PHONE = '+8615700001234';
const STRANGER = 'wx-wm1';
const crm = (more: object = {}) => ({
  contactId: 'k-1',
  city: 'guangzhou',
  unionId: 'u-1',
  ...more,
});

const added = (more: object = {}): WecomCallback => ({
  kind: 'added',
  half: false,
  dedupeKey: 'k1',
  at: NOW - 1000,
  staffId: 's-1',
  externalUserId: 'wm1',
  ...more,
});

/** A deployment in which somebody whom no list names has added a member of staff. */
async function withStranger(
  customer: { unionId?: string; phones?: readonly string[] } = { unionId: 'u-1' },
) {
  const world = await aWorld();
  const { phones = [], ...names } = customer;
  const relations = [{ staffId: 's-1', addedAt: NOW, phones }];
  world.customers.set('wm1', { externalUserId: 'wm1', relations, ...names });
  await world.wecom(added());

  const policy = {
    timezone: 'Asia/Shanghai',
    caps: [{ id: 'day', limit: 1, window: { kind: 'rolling', hours: 24 } }],
    consent: [{ classes: ['marketing'], need: 'not-refused' }],
  };
  await world.call('post', '/api/v1/policies', { id: 'default', body: policy });
  await world.call('post', '/api/v1/policies/default/versions/1:publish', {});

  const put = async (rows: readonly object[]) =>
    (await world.call('put', '/api/v1/contacts:batch', rows)).body;
  const card = async (id: string) => (await world.call('get', `/api/v1/contacts/${id}`)).body;
  const ask = async (contactId: string, channel = 'wecom') => {
    const touch = { channel, class: 'marketing' };
    return (await world.call('post', '/api/v1/gate:decide', { contactId, touch })).body;
  };
  const acts = async (id: string) =>
    (await world.call('get', `/api/v1/contacts/${id}/acts`)).body.items;
  return { ...world, put, card, ask, acts };
}

/** A touch that has gone out to a contact. */
async function touched(world: Awaited<ReturnType<typeof withStranger>>, contactId: string) {
  const contact = await world.contact(contactId);
  await reserveOne(world.stores.touches, contact, {
    kind: 'decision',
    touchId: `welcome/${contactId}/hello`,
    attempt: 1,
    contactId,
    city: contact.city,
    channel: 'wecom',
    class: 'marketing',
    at: AT,
    verdict: 'pass',
    explain: [],
    policy: 'default@1',
    journey: 'welcome',
    step: 'hello',
    workflowId: `welcome/${contactId}/s-1`,
    runId: 'r',
    revision: contact.revision + 1,
  });
}

describe('a customer who came by WeCom first', () => {
  it.each([
    ['the union id', { unionId: 'u-1' }, crm()],
    [
      'a number that staff noted',
      { phones: [PHONE] },
      crm({ unionId: undefined, phone: '157 0000 1234' }),
    ],
    ['both', { unionId: 'u-1', phones: [PHONE] }, crm({ phone: '0086157-0000-1234' })],
  ])('is the contact that an import brings with %s', async (_, customer, row) => {
    const { put, card, ask, acts, call } = await withStranger(customer);
    await put([row]);

    const whole = await card('k-1');
    expect(whole.contact).toMatchObject({
      city: 'guangzhou',
      relations: [{ externalUserId: 'wm1' }],
    });
    expect(await card(STRANGER)).toEqual(whole);
    expect(await ask('k-1')).toMatchObject({ verdict: 'pass' });
    expect(await acts('k-1')).toMatchObject([{ kind: 'merged', other: STRANGER, by: 'sopflow' }]);

    await call('post', '/api/v1/contacts/k-1:opt-out', { channel: 'all' });
    for (const id of ['k-1', STRANGER])
      expect(await ask(id)).toMatchObject({ verdict: 'suppressed', reason: 'consent' });
  });

  it('brings what it refused, its touches and its running journeys along', async () => {
    const world = await withStranger();
    const { put, ask, call, stores, engine, card } = world;
    await touched(world, STRANGER);
    await call('post', `/api/v1/contacts/${STRANGER}:opt-out`, { channel: 'sms' });
    engine.signalled.length = 0;
    await put([crm({ phone: PHONE, consents: { sms: { marketing: 'granted' } } })]);

    expect(await ask('k-1', 'wecom')).toMatchObject({ verdict: 'deferred', rule: 'day' });
    expect((await card('k-1')).contact.consents).toEqual({ sms: { marketing: 'refused' } });
    expect((await card('k-1')).touches).toHaveLength(1);

    await world.event('customer-message', {}, { eventId: 'e-9' });
    await call('post', '/api/v1/contacts/k-1:opt-out', { channel: 'wecom' });
    expect(await stores.runs.ofContact('k-1')).toMatchObject([{ journey: 'welcome' }]);
    expect(engine.signalled.map(({ message }) => message.body)).toContainEqual(
      expect.objectContaining({ kind: 'opted-out', channel: 'wecom' }),
    );
  });

  it('is told what still comes under its old id', async () => {
    const world = await withStranger();
    await world.put([crm()]);
    const payload = {
      eventId: 'e-5',
      type: 'complaint',
      contactId: STRANGER,
      occurredAt: AT,
      data: {},
    };
    await world.handle({ key: 'e-5', kind: 'event', lane: 'x', receivedAt: NOW, payload });
    expect((await world.card('k-1')).contact.blocks).toEqual([
      { channel: '*', reason: 'complaint' },
    ]);

    await world.put([{ contactId: STRANGER, city: 'guangzhou', brand: 'm-zone' }]);
    expect((await world.card('k-1')).contact).toMatchObject({ contactId: 'k-1', brand: 'm-zone' });
    await world.wecom({
      kind: 'removed-by-customer',
      dedupeKey: 'k9',
      at: NOW,
      staffId: 's-1',
      externalUserId: 'wm1',
    });
    expect(await world.ask('k-1')).toMatchObject({ reason: 'unreachable' });
  });

  it('is recognised by a number that staff note later', async () => {
    const { put, customers, wecom, card } = await withStranger({});
    await put([crm({ phone: PHONE })]);
    const relations = [{ staffId: 's-1', addedAt: NOW, phones: [PHONE] }];
    customers.set('wm1', { externalUserId: 'wm1', relations });
    await wecom({
      kind: 'edited',
      dedupeKey: 'k3',
      at: NOW,
      staffId: 's-1',
      externalUserId: 'wm1',
    });
    expect((await card(STRANGER)).contact.contactId).toBe('k-1');
  });

  it('is nobody’s guess: with several who may be it, the doubles are listed for people', async () => {
    const { put, card, call, keyFor } = await withStranger({ phones: [PHONE] });
    await put([crm({ phone: PHONE }), crm({ contactId: 'k-2', unionId: 'u-2', phone: PHONE })]);
    expect((await card(STRANGER)).contact.contactId).toBe(STRANGER);

    const { body } = await call('get', '/api/v1/contacts:doubles');
    expect(listDoubles.answer?.safeParse(body).success).toBe(true);
    expect(body.items).toMatchObject([
      {
        name: { kind: 'phone', value: PHONE },
        contacts: [{ contactId: 'k-1' }, { contactId: 'k-2' }, { contactId: STRANGER }],
      },
    ]);
    const limited = await keyFor('city', ['guangzhou']);
    expect((await call('get', '/api/v1/contacts:doubles', undefined, limited)).body.items).toEqual(
      [],
    );
  });
});

describe('two contacts that people say are one', () => {
  const reason = '客户到店核实，同一人';

  it('are merged with a reason, and split again; the refusals of the person hold for both', async () => {
    const world = await withStranger({});
    const { put, call, ask, acts, card } = world;
    await put([crm({ phone: PHONE })]);
    await touched(world, STRANGER);

    const path = '/api/v1/contacts/k-1';
    expect((await call('post', `${path}:merge`, { other: STRANGER })).status).toBe(422);
    expect((await call('post', `${path}:merge`, { other: STRANGER, reason })).status).toBe(200);
    expect((await call('post', `${path}:merge`, { other: STRANGER, reason })).status).toBe(200);
    expect(await ask('k-1')).toMatchObject({ verdict: 'deferred', rule: 'day' });
    await call('post', `${path}:opt-out`, { channel: 'all' });

    world.time.now += 60_000;
    expect((await call('post', `${path}:split`, { other: STRANGER, reason })).status).toBe(200);
    expect((await card(STRANGER)).contact).toMatchObject({
      contactId: STRANGER,
      relations: [{ externalUserId: 'wm1' }],
    });
    expect((await card('k-1')).contact).not.toMatchObject({ relations: [{}] });
    for (const [id, channel] of [
      ['k-1', 'sms'],
      [STRANGER, 'wecom'],
    ] as const)
      expect(await ask(id, channel)).toMatchObject({ verdict: 'suppressed', reason: 'consent' });

    expect(await acts('k-1')).toMatchObject([
      { kind: 'merged', other: STRANGER, by: 'admin', reason, at: new Date(NOW).toISOString() },
      { kind: 'split', other: STRANGER, by: 'admin', reason },
    ]);
    expect(JSON.stringify(await acts('k-1'))).not.toContain('1570000');

    await put([crm({ phone: PHONE, unionId: 'u-1' })]);
    expect((await card(STRANGER)).contact.contactId).toBe(STRANGER);
    expect((await call('post', `${path}:split`, { other: STRANGER, reason })).status).toBe(409);
  });

  it('are merged by nobody without rights over both', async () => {
    const { put, call, keyFor } = await withStranger({});
    await put([crm(), crm({ contactId: 'z-1', city: 'shenzhen', unionId: 'u-9' })]);
    const merge = { other: 'z-1', reason };
    const ops = await keyFor('ops', ['guangzhou']);
    expect((await call('post', '/api/v1/contacts/k-1:merge', merge, ops)).status).toBe(404);
    expect(
      (await call('post', '/api/v1/contacts/k-1:merge', merge, await keyFor('viewer'))).status,
    ).toBe(403);
    expect(
      (await call('post', '/api/v1/contacts/k-1:merge', { other: 'k-1', reason })).status,
    ).toBe(422);
    expect(
      (await call('post', '/api/v1/contacts/k-1:merge', { other: 'none', reason })).status,
    ).toBe(404);

    expect((await call('post', '/api/v1/contacts/k-1:merge', merge)).status).toBe(200);
    const again = await call('post', `/api/v1/contacts/${STRANGER}:merge`, merge);
    expect(again.status).toBe(409);
  });
});
