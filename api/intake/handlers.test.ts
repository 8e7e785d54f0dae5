import type { SystemCallback, WecomCallback } from '../../ports/callbacks';
import type { Inbound } from '../../ports/inbox';
import { journeyId } from '../../rules/ids';
import { createFakeApi, NOW } from '../../test/fakes/api';
import { inboundSystem, inboundWecom } from './inbound';

const AT = '2026-03-02T01:59:00.000Z';
const catalogue = {
  products: [
    { id: 'pack', name: '流量包', kind: 'data-pack' as const, fee: 10, onShelf: true },
    { id: 'plan-b', name: '套餐B', kind: 'plan' as const, fee: 99, onShelf: true },
  ],
  migrations: [],
};

async function aWorld() {
  const api = await createFakeApi();
  await api.stores.contacts.upsertMany([
    { contactId: 'c-1', city: 'guangzhou', phone: '13800001234', channels: { sms: { reachable: true } } },
  ]);
  await api.stores.catalogues.draft('default', catalogue, 'test', AT);
  await api.stores.catalogues.publish('default', 1, 'test', AT);
  const contact = async (contactId = 'c-1') => {
    const found = await api.stores.contacts.find(contactId);
    if (!found) throw new Error(`${contactId} is missing`);
    return found;
  };
  /** A running journey that hears what is told. */
  const running = (entry = '2026-03-01') =>
    api
      .call('post', '/api/v1/journeys/monthStart/runs', { contactId: 'c-1', billedAt: `${entry}T00:00:00+08:00` })
      .then(() => journeyId('monthStart', 'c-1', entry));
  const event = (
    type: string,
    data: object = {},
    more: Partial<Inbound> & { occurredAt?: string; eventId?: string } = {},
  ) => {
    const { occurredAt = AT, eventId = 'e-1', ...item } = more;
    return api.handle({
      key: eventId,
      kind: 'event',
      lane: 'contact/c-1',
      receivedAt: NOW,
      payload: { eventId, type, contactId: 'c-1', occurredAt, data },
      ...item,
    });
  };
  const wecom = (callback: WecomCallback) => api.handle(inboundWecom(callback, NOW));
  const system = (callback: SystemCallback) => api.handle(inboundSystem(callback, NOW));
  const heard = () => api.engine.told.map(({ message }) => message.body);
  return { ...api, contact, running, event, wecom, system, heard };
}

describe('events', () => {
  test('usage over the bundle is learnt and starts one journey with an offer for two hours', async () => {
    const world = await aWorld();
    await world.event('usage', { dataUsedPct: 104 });
    expect((await world.contact()).facts).toMatchObject({ dataUsedPct: 104 });
    expect(world.engine.starts).toEqual([
      {
        journey: 'overage',
        workflowId: 'opportunity/builtin-overage/c-1/e-1',
        city: 'guangzhou',
        input: {
          version: 1,
          contactId: 'c-1',
          entry: 'e-1',
          triggerId: 'builtin-overage',
          product: 'pack',
          template: 'overage-offer',
          channel: 'wecom',
          fallback: ['sms'],
          expiresAt: '2026-03-02T03:59:00.000Z',
        },
      },
    ]);
  });

  test('a second offer is never made inside the cooldown, and the same event never starts a second journey', async () => {
    const world = await aWorld();
    await world.event('usage', { dataUsedPct: 91 });
    await world.event('usage', { dataUsedPct: 91 });
    await world.event('usage', { dataUsedPct: 100 }, { eventId: 'e-2' });
    expect(world.engine.starts).toHaveLength(1);
    const later = new Date(Date.parse(AT) + 72 * 3_600_000).toISOString();
    await world.event(
      'usage',
      { dataUsedPct: 100 },
      { eventId: 'e-3', occurredAt: later, receivedAt: Date.parse(later) },
    );
    expect(world.engine.starts).toHaveLength(2);
  });

  test('usage heard of too late is learnt but is no occasion any more', async () => {
    const world = await aWorld();
    await world.event('usage', { dataUsedPct: 104 }, { receivedAt: Date.parse(AT) + 120 * 60_000 });
    expect((await world.contact()).facts?.dataUsedPct).toBe(104);
    expect(world.engine.starts).toEqual([]);
  });

  test('a journey that Temporal did not take is started when the event is tried again', async () => {
    const world = await aWorld();
    world.engine.away = true;
    await expect(world.event('usage', { dataUsedPct: 104 })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await world.stores.runs.ofContact('c-1')).toEqual([]);
    world.engine.away = false;
    await world.event('usage', { dataUsedPct: 104 });
    expect(world.engine.starts).toHaveLength(1);
    expect(await world.stores.runs.ofContact('c-1')).toMatchObject([{ journey: 'overage', state: 'running' }]);
  });

  test('a bill starts one month per bill, named by its date where the customer lives', async () => {
    const world = await aWorld();
    await world.event('bill', { billDueFen: 5900, balanceFen: 100 }, { occurredAt: '2026-02-28T16:30:00Z' });
    await world.event('bill', { billDueFen: 5900 }, { eventId: 'e-2', occurredAt: '2026-03-01T01:00:00Z' });
    expect(world.engine.starts).toMatchObject([
      { workflowId: 'monthStart/c-1/2026-03-01', input: { billedAt: '2026-02-28T16:30:00.000Z' } },
    ]);
    expect((await world.contact()).facts).toMatchObject({
      billDueFen: 5900,
      balanceFen: 100,
      billedAt: '2026-03-01T01:00:00.000Z',
    });
  });

  test('a paid bill is told to the running journeys', async () => {
    const world = await aWorld();
    await world.running();
    await world.event('bill-paid');
    expect((await world.contact()).facts?.billDueFen).toBe(0);
    expect(world.heard()).toEqual([{ kind: 'bill-paid', at: AT }]);
  });

  test.each([
    [
      'offer-accepted',
      { product: 'pack', touchId: 'w/step' },
      { kind: 'accepted', product: 'pack', touchId: 'w/step' },
    ],
    ['offer-refused', { product: 'pack' }, { kind: 'refused', product: 'pack' }],
    ['offer-refused', {}, { kind: 'refused' }],
    ['customer-message', { staffId: 's-1' }, { kind: 'spoke', staffId: 's-1' }],
    ['purchase', { product: 'pack' }, { kind: 'converted', product: 'pack' }],
    ['plan-changed', { plan: { id: 'plan-b', fee: 99 } }, { kind: 'converted', product: 'plan-b' }],
  ])('%s %j is told to every running journey and to none that is over', async (type, data, told) => {
    const world = await aWorld();
    const [first, second] = [await world.running('2026-03-01'), await world.running('2026-02-01')];
    await world.stores.runs.close(second, 'done', AT);
    await world.event(type, data);
    expect(world.engine.told).toEqual([
      { workflowId: first, message: { signal: 'contact', body: expect.objectContaining({ ...told, at: AT }) } },
    ]);
  });

  test('what a customer said, bought and changed to is known afterwards', async () => {
    const world = await aWorld();
    await world.event('customer-message');
    await world.event('customer-message', {}, { occurredAt: '2026-03-01T00:00:00Z' });
    await world.event('purchase', { product: 'pack' });
    await world.event('purchase', { product: 'pack' });
    await world.event('purchase', { product: 'plan-b' });
    expect(await world.contact()).toMatchObject({
      facts: { lastSpokeAt: AT, products: ['pack'] },
      plan: { id: 'plan-b', fee: 99 },
    });
  });

  test('an event of nobody we know can never be taken', async () => {
    const world = await aWorld();
    const payload = { eventId: 'e', type: 'bill-paid', contactId: 'c-9', occurredAt: AT, data: {} };
    await expect(world.handle({ key: 'e', kind: 'event', lane: 'l', receivedAt: NOW, payload })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('WeCom', () => {
  const added = (more: object = {}): WecomCallback => ({
    kind: 'added',
    half: false,
    dedupeKey: 'k1',
    at: NOW - 1000,
    staffId: 's-1',
    externalUserId: 'wm1',
    welcomeCode: 'code',
    scene: 'store-7',
    ...more,
  });
  const removed = (at = NOW): WecomCallback => ({
    kind: 'removed-by-customer',
    dedupeKey: 'k2',
    at,
    staffId: 's-1',
    externalUserId: 'wm1',
  });

  test('a customer is recognised by a phone that staff noted, and welcomed', async () => {
    const world = await aWorld();
    world.customers.set('wm1', {
      externalUserId: 'wm1',
      relations: [{ staffId: 's-1', addedAt: NOW, phones: ['13800001234'] }],
    });
    await world.wecom(added());
    expect((await world.contact()).relations).toEqual([
      { staffId: 's-1', externalUserId: 'wm1', state: 'friend', addedAt: '2026-03-02T01:59:59.000Z', scene: 'store-7' },
    ]);
    expect(world.engine.starts).toMatchObject([
      {
        journey: 'welcome',
        workflowId: 'welcome/c-1/s-1',
        input: {
          contactId: 'c-1',
          staffId: 's-1',
          externalUserId: 'wm1',
          entry: '1772416799',
          welcomeCode: 'code',
          scene: 'store-7',
          addedAt: '2026-03-02T01:59:59.000Z',
        },
      },
    ]);
  });

  test('a customer is recognised by the union id before any phone', async () => {
    const world = await aWorld();
    await world.stores.contacts.upsertMany([{ contactId: 'c-2', city: 'shenzhen', unionId: 'u2' }]);
    world.customers.set('wm1', {
      externalUserId: 'wm1',
      unionId: 'u2',
      relations: [{ staffId: 's-1', addedAt: NOW, phones: ['13800001234'] }],
    });
    await world.wecom(added());
    expect(world.engine.starts).toMatchObject([{ workflowId: 'welcome/c-2/s-1', city: 'shenzhen' }]);
  });

  test('a stranger becomes a contact of no city yet, once', async () => {
    const world = await aWorld();
    await world.wecom(added());
    await world.wecom(added());
    expect(await world.contact('wx-wm1')).toMatchObject({ city: 'unassigned', relations: [{ staffId: 's-1' }] });
    expect(world.engine.starts).toHaveLength(1);
  });

  test("the member's confirmation after a half add greets nobody twice", async () => {
    const world = await aWorld();
    await world.wecom(added({ half: true }));
    world.engine.close('welcome/wx-wm1/s-1');
    const { welcomeCode: _none, ...confirmed } = added({ dedupeKey: 'k3', at: NOW }) as WecomCallback & {
      welcomeCode?: string;
    };
    await world.wecom(confirmed);
    expect(world.engine.starts).toHaveLength(1);
  });

  test('a customer who comes back is welcomed again', async () => {
    const world = await aWorld();
    await world.wecom(added());
    world.engine.close('welcome/wx-wm1/s-1');
    await world.wecom(removed());
    await world.wecom(added({ dedupeKey: 'k4', at: NOW + 60_000, welcomeCode: 'code2' }));
    expect(world.engine.starts.map(({ input }) => (input as { entry: string }).entry)).toEqual([
      '1772416799',
      '1772416860',
    ]);
  });

  test('an ended friendship is kept and told to running journeys', async () => {
    const world = await aWorld();
    await world.wecom(added());
    await world.wecom(removed());
    expect((await world.contact('wx-wm1')).relations).toMatchObject([
      { state: 'removed-by-customer', addedAt: '2026-03-02T01:59:59.000Z' },
    ]);
    expect(world.heard()).toEqual([{ kind: 'friend-removed', at: '2026-03-02T02:00:00.000Z', staffId: 's-1' }]);
  });

  test('a call-back about an ending that comes after the customer is back changes nothing', async () => {
    const world = await aWorld();
    await world.wecom(added());
    await world.wecom(removed(NOW - 60_000));
    expect((await world.contact('wx-wm1')).relations).toMatchObject([{ state: 'friend' }]);
    expect(world.heard()).toEqual([]);
  });

  test('the end of a relation nobody knew, and events of no concern, are acknowledged', async () => {
    const world = await aWorld();
    await world.wecom(removed());
    await world.wecom({ kind: 'other', dedupeKey: 'x', at: NOW, event: 'change_external_tag' });
    expect(await world.stores.contacts.count()).toBe(1);
  });
});

describe('SMS, CRM and IOP', () => {
  const WORKFLOW = 'monthStart/c-1/2026-03-01';
  const TOUCH = `${WORKFLOW}/bill`;

  /** A touch reserved and handed over by a running journey. */
  async function withTouch(channel: 'sms' | 'call') {
    const world = await aWorld();
    await world.running();
    const contact = await world.contact();
    const reserved = await world.stores.touches.reserve(contact, {
      kind: 'decision',
      touchId: TOUCH,
      attempt: 1,
      contactId: 'c-1',
      city: 'guangzhou',
      channel,
      class: 'service',
      at: AT,
      verdict: 'pass',
      explain: [],
      policy: 'default@1',
      journey: 'monthStart',
      step: 'bill',
      workflowId: WORKFLOW,
      runId: 'r',
      revision: contact.revision + 1,
    });
    expect(reserved).toBe(true);
    await world.stores.deliveries.open({
      touchId: TOUCH,
      attempt: 1,
      contactId: 'c-1',
      channel,
      workflowId: WORKFLOW,
      text: '您好',
      askedAt: NOW,
    });
    const touch = async () => (await world.contact()).touches[0];
    return { ...world, touch };
  }
  const receipt = (status: 'delivered' | 'failed', code?: string): SystemCallback => ({
    system: 'sms',
    type: 'receipt',
    id: 'r1',
    clientMessageId: TOUCH,
    messageId: 'm1',
    status,
    at: '2026-03-02T10:00:00+08:00',
    ...(code !== undefined && { code }),
  });

  test('a delivered message is settled as sent, at its own time', async () => {
    const world = await withTouch('sms');
    await world.system(receipt('delivered'));
    expect(await world.touch()).toMatchObject({ state: 'sent', at: '2026-03-02T02:00:00.000Z' });
    expect(world.engine.told).toEqual([]);
  });

  test('a failed message gives its slot back and the journey hears why', async () => {
    const world = await withTouch('sms');
    await world.system(receipt('failed', 'UNDELIV'));
    await world.system(receipt('failed', 'UNDELIV'));
    expect(await world.touch()).toMatchObject({ state: 'released' });
    expect(world.engine.told[0]).toEqual({
      workflowId: WORKFLOW,
      message: { signal: 'settled', body: { touchId: TOUCH, settled: 'released', why: 'sms:UNDELIV' } },
    });
    expect((await world.contact()).blocks ?? []).toEqual([]);
    const settlements = (await world.stores.touches.story('c-1')).filter(({ kind }) => kind === 'settlement');
    expect(settlements).toHaveLength(1);
  });

  test('a blacklisted number is blocked for good', async () => {
    const world = await withTouch('sms');
    await world.system(receipt('failed', 'MBBLACK'));
    expect((await world.contact()).blocks).toEqual([{ channel: 'sms', reason: 'MBBLACK' }]);
  });

  test('a receipt of a message nobody sent can never be taken', async () => {
    const world = await aWorld();
    await expect(world.system(receipt('delivered'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  const upstream = (text: string, phone = '13800001234'): SystemCallback => ({
    system: 'sms',
    type: 'upstream',
    id: 'u1',
    phone,
    text,
    at: AT,
  });

  test('a refusal by SMS works at once, and an import cannot undo it', async () => {
    const world = await aWorld();
    await world.running();
    await world.system(upstream('TD'));
    await world.stores.contacts.upsertMany([
      { contactId: 'c-1', city: 'guangzhou', phone: '13800001234', consents: { sms: { marketing: 'granted' } } },
    ]);
    expect(await world.contact()).toMatchObject({
      consents: { sms: { marketing: 'refused' } },
      blocks: [{ channel: 'sms', reason: 'opt-out' }],
    });
    expect(world.heard()).toEqual([{ kind: 'opted-out', at: AT, channel: 'sms' }]);
  });

  test('any other answer counts as having spoken', async () => {
    const world = await aWorld();
    await world.running();
    await world.system(upstream('怎么办理？'));
    expect(await world.contact()).toMatchObject({ facts: { lastSpokeAt: AT } });
    expect(world.heard()).toEqual([{ kind: 'spoke', at: AT, channel: 'sms' }]);
  });

  test('an answer from an unknown phone is given up without naming the phone', async () => {
    const world = await aWorld();
    const failure = await world.system(upstream('TD', '13900000000')).catch((error: Error) => error);
    expect(failure).toMatchObject({ code: 'NOT_FOUND', message: expect.not.stringContaining('13900000000') });
  });

  test('a completed order is kept, changes the plan and ends what offered it', async () => {
    const world = await aWorld();
    await world.running();
    await world.stores.orders.save({
      orderKey: 'o1',
      orderId: '77',
      contactId: 'c-1',
      product: 'plan-b',
      state: 'accepted',
      at: AT,
      workflowId: 'w',
      staffId: 's-1',
    });
    await world.system({
      system: 'crm',
      type: 'order',
      id: 'f1',
      orderKey: 'o1',
      orderId: '77',
      contactId: 'c-1',
      product: 'plan-b',
      state: 'completed',
      at: AT,
    });
    expect(await world.stores.orders.find('o1')).toMatchObject({ state: 'completed', workflowId: 'w', staffId: 's-1' });
    expect((await world.contact()).plan).toEqual({ id: 'plan-b', fee: 99 });
    expect(world.heard()).toEqual([{ kind: 'converted', at: AT, product: 'plan-b' }]);
  });

  test('a rejected order is kept with its reason and converts nobody', async () => {
    const world = await aWorld();
    await world.running();
    await world.system({
      system: 'crm',
      type: 'order',
      id: 'f1',
      orderKey: 'o1',
      orderId: '77',
      contactId: 'c-1',
      product: 'pack',
      state: 'rejected',
      reason: '欠费',
      at: AT,
    });
    expect(await world.stores.orders.find('o1')).toMatchObject({ state: 'rejected', reason: '欠费' });
    expect(world.heard()).toEqual([]);
  });

  const call = (outcome: 'busy' | 'not-reached', dialled: boolean): SystemCallback => ({
    system: 'iop',
    type: 'call',
    id: 'c1',
    clientCallId: TOUCH,
    callId: 'call-9',
    contactId: 'c-1',
    outcome,
    dialled,
    at: AT,
  });

  test('a dialled call contacted the customer; the journey learns that and then the outcome', async () => {
    const world = await withTouch('call');
    await world.system(call('busy', true));
    expect(await world.touch()).toMatchObject({ state: 'sent', channelRef: 'call-9', at: AT });
    expect(world.engine.told.map(({ message }) => message)).toEqual([
      { signal: 'settled', body: { touchId: TOUCH, settled: 'sent', why: 'call:busy' } },
      { signal: 'contact', body: { kind: 'call-result', at: AT, channel: 'call', touchId: TOUCH, outcome: 'busy' } },
    ]);
  });

  test('a call nobody dialled gives its slot back', async () => {
    const world = await withTouch('call');
    await world.system(call('not-reached', false));
    expect(await world.touch()).toMatchObject({ state: 'released' });
  });
});

describe('leads', () => {
  const payload = { leadId: 'l-1', contactId: 'c-1', product: 'pack', outcome: 'not-reached', createdAt: AT };
  const item = (more: object = {}): Inbound => ({
    key: 'lead/l-1',
    kind: 'lead',
    lane: 'contact/c-1',
    receivedAt: NOW,
    payload: { ...payload, ...more },
  });

  test('an unreached lead is kept and tried again by its journey', async () => {
    const world = await aWorld();
    await world.handle(item({ expiresAt: '2026-03-05T00:00:00Z' }));
    await world.handle(item());
    expect(await world.stores.leads.find('l-1')).toMatchObject({
      state: 'open',
      attempts: 0,
      city: 'guangzhou',
      workflowId: 'leadRetry/c-1/l-1',
    });
    expect(world.engine.starts).toMatchObject([
      {
        journey: 'leadRetry',
        input: {
          entry: 'l-1',
          leadId: 'l-1',
          product: 'pack',
          outcome: 'not-reached',
          maxAttempts: 6,
          expiresAt: '2026-03-05T00:00:00.000Z',
        },
      },
    ]);
  });

  test('a lead with a final outcome is kept closed and never tried', async () => {
    const world = await aWorld();
    await world.handle(item({ outcome: 'refused' }));
    expect(await world.stores.leads.find('l-1')).toMatchObject({ state: 'closed', result: 'refused' });
    expect(world.engine.starts).toEqual([]);
  });
});
