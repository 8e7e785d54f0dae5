// Triggers through HTTP: from a draft to what it fires, and why it does not.

import { HOUR_MS } from '../../rules/time/durations';
import { createFakeApi, NOW } from '../../test/fakes/api';

const AT = new Date(NOW).toISOString();
const ago = (hours: number): string => new Date(NOW - hours * HOUR_MS).toISOString();

const TEXT = '{{productName}}（{{productFee}}元）回复1办理。拒收请回复R';
const OVERAGE = {
  ...{ city: 'guangzhou', event: 'usage', journey: 'overage', name: '超套提醒' },
  when: { 'event.dataUsedPct': { $gte: 100 }, 'contact.brand': { $ne: null } },
  offer: { product: 'pack', template: 'offer', channel: 'sms' },
  ...{ expiresAfterMinutes: 120, cooldownHours: 72, dailyBudget: 2 },
};

async function aCity() {
  const api = await createFakeApi();
  const { stores } = api;
  await stores.contacts.upsertMany(
    ['c-1', 'c-2', 'c-3'].map((contactId) => ({
      ...{ contactId, city: 'guangzhou', brand: 'globe', phone: '+8613800001234' },
      channels: { sms: { reachable: true } },
      consents: { sms: { marketing: 'granted' as const } },
    })),
  );
  const product = {
    id: 'pack',
    name: '流量包',
    kind: 'data-pack' as const,
    fee: 10,
    onShelf: true,
  };
  const old = { ...product, id: 'old', onShelf: false };
  await stores.catalogues.draft('default', { products: [product, old], migrations: [] }, 'x', AT);
  await stores.catalogues.publish('default', 1, 'x', AT);
  await stores.templates.draft('offer', { class: 'marketing', texts: { sms: TEXT } }, 'x', AT);
  await stores.templates.publish('offer', 1, 'x', AT);
  const policy = { id: 'default', version: 1, timezone: 'Asia/Shanghai' };
  await stores.policies.draft('default', policy, 'x', AT);
  await stores.policies.publish('default', 1, 'x', AT);
  await api.process();

  const city = await api.keyFor('city', ['guangzhou']);
  const foreign = await api.keyFor('city', ['qingyuan']);
  const draft = (body: object, key = city, id = 'gz') =>
    api.call('post', '/api/v1/triggers', { id, body }, key);
  const of = (path: string, body: object = {}, key = city) =>
    api.call('post', `/api/v1/triggers/gz${path}`, body, key);

  let told = 0;
  const usage = async (contactId: string, dataUsedPct: number, occurredAt = AT) => {
    told += 1;
    const event = { eventId: `e-${told}`, type: 'usage', contactId, occurredAt };
    await api.call('post', '/api/v1/events:batch', [{ ...event, data: { dataUsedPct } }]);
    await api.processor.idle();
  };
  const backtested = async (version = 1, body: object = {}) => {
    const started = await of(`/versions/${version}:backtest`, body);
    await api.deps.triggerReplays.ended(started.body.id);
    return await api.call('get', `/api/v1/trigger-backtests/${started.body.id}`, undefined, city);
  };
  const starts = () => api.engine.starts.map(({ workflowId }) => workflowId);
  return { ...api, city, foreign, draft, of, usage, backtested, starts };
}

describe('a trigger of a city', () => {
  test('is drafted, back-tested and enabled, and then fires', async () => {
    const city = await aCity();
    expect((await city.draft(OVERAGE)).body).toMatchObject({
      words: { en: expect.stringContaining('On a usage event of a customer of guangzhou') },
      version: 1,
      state: 'draft',
      body: OVERAGE,
    });
    await city.usage('c-1', 120);
    expect(city.starts()).toEqual([]);

    const early = await city.of('/versions/1:enable');
    expect(early.status).toBe(409);
    expect(early.body.detail).toContain('was not back-tested');

    await city.backtested();
    const enabled = await city.of('/versions/1:enable', { reason: 'summer' });
    expect(enabled.body).toMatchObject({ version: 1, state: 'enabled' });
    await city.usage('c-1', 120);
    expect(city.starts()).toEqual(['opportunity/gz/c-1/e-2']);

    const { body } = await city.call('get', '/api/v1/triggers/gz', undefined, city.city);
    expect(body).toMatchObject({
      ...{ enabled: 1, city: 'guangzhou', name: '超套提醒' },
      days: [{ date: '2026-03-02', outcomes: { fired: 1 } }],
      acts: [{ kind: 'enabled', version: 1, reason: 'summer' }],
    });
  });

  test('is disabled for a reason that is kept, and fires no more', async () => {
    const city = await aCity();
    await city.draft(OVERAGE);
    await city.backtested();
    await city.of('/versions/1:enable');
    expect((await city.of(':disable')).status).toBe(422);
    expect((await city.of(':disable', { reason: 'complaints' })).body).toMatchObject({
      enabled: null,
      acts: [{ kind: 'enabled' }, { kind: 'disabled', reason: 'complaints' }],
    });
    await city.usage('c-1', 120);
    expect(city.starts()).toEqual([]);
    expect((await city.of(':disable', { reason: 'again' })).status).toBe(409);
  });

  test('is not enabled on a back-test of another version, or of the day before yesterday', async () => {
    const city = await aCity();
    await city.draft(OVERAGE);
    await city.draft({ ...OVERAGE, dailyBudget: 9 });
    await city.backtested(1);
    expect((await city.of('/versions/2:enable')).status).toBe(409);
    city.time.now += 24 * HOUR_MS + 1;
    const late = await city.of('/versions/1:enable');
    expect(late.body.detail).toContain(`is of ${AT}`);
    city.time.now -= 1;
    expect((await city.of('/versions/1:enable')).status).toBe(200);
  });

  test('is neither seen nor touched by another city, and a rule for all is the province’s', async () => {
    const city = await aCity();
    await city.draft(OVERAGE);
    expect((await city.draft(OVERAGE, city.foreign)).status).toBe(403);
    expect((await city.of(':disable', { reason: 'x' }, city.foreign)).status).toBe(404);
    expect((await city.of('/versions/1:backtest', {}, city.foreign)).status).toBe(404);
    const { body } = await city.call('get', '/api/v1/triggers', undefined, city.foreign);
    expect(body.items).toEqual([]);

    expect((await city.draft({ ...OVERAGE, city: '*' }, city.city, 'all')).status).toBe(403);
    const admin = await city.keyFor('admin');
    expect((await city.draft({ ...OVERAGE, city: '*' }, admin, 'all')).status).toBe(201);
    const seen = await city.call('get', '/api/v1/triggers', undefined, city.foreign);
    expect(seen.body.items).toMatchObject([{ id: 'all', city: '*', enabled: null }]);
  });

  test('that fires for one city is not shown to the one that it is drafted for next', async () => {
    const city = await aCity();
    await city.draft(OVERAGE);
    await city.backtested();
    await city.of('/versions/1:enable');
    const admin = await city.keyFor('admin');
    expect((await city.draft({ ...OVERAGE, city: 'qingyuan' }, admin)).status).toBe(201);

    const shown = (key: string) => city.call('get', '/api/v1/triggers/gz', undefined, key);
    expect((await shown(city.foreign)).status).toBe(404);
    expect((await shown(city.city)).body).toMatchObject({ city: 'guangzhou', enabled: 1 });
    const { body } = await city.call('get', '/api/v1/triggers', undefined, city.foreign);
    expect(body.items).toEqual([]);
    const own = await city.call('get', '/api/v1/triggers/gz/versions/2', undefined, city.foreign);
    expect(own.status).toBe(200);

    const started = await city.of('/versions/2:backtest', {}, city.foreign);
    await city.deps.triggerReplays.ended(started.body.id);
    expect((await city.of('/versions/2:enable', {}, city.foreign)).status).toBe(403);
    expect((await shown(city.city)).body).toMatchObject({ enabled: 1 });
  });

  test.each([
    [{ when: { 'event.x': { $regex: 'a' } } }, 'body.when.event.x.$regex'],
    [{ offer: { ...OVERAGE.offer, fallback: ['sms'] } }, 'body.offer.fallback[0]'],
    [{ offer: { template: 'offer', channel: 'sms' } }, 'body.offer.product'],
    [{ offer: { ...OVERAGE.offer, sizeToNeed: true } }, 'body.offer.sizeToNeed'],
    [{ cooldown: 3 }, 'body.cooldown'],
    [{ expiresAfterMinutes: 0 }, 'body.expiresAfterMinutes'],
    [{ city: 'guang zhou' }, 'body.city'],
  ])('with %j is refused by its place', async (change, path) => {
    const city = await aCity();
    const { status, body } = await city.draft(
      { ...OVERAGE, ...change },
      await city.keyFor('admin'),
    );
    expect({ status, path: body.issues?.[0]?.path }).toEqual({ status: 422, path });
  });

  test.each([
    [{ journey: 'overrage' }, 'journey', 'did you mean "overage"'],
    [{ event: 'usag' }, 'event', 'did you mean "usage"'],
    [{ offer: { ...OVERAGE.offer, product: 'old' } }, 'offer.product', 'off the shelf'],
    [{ offer: { ...OVERAGE.offer, product: 'pak' } }, 'offer.product', 'did you mean "pack"'],
    [{ offer: { ...OVERAGE.offer, template: 'ofer' } }, 'offer.template', 'did you mean "offer"'],
    [{ offer: { ...OVERAGE.offer, fallback: ['wecom'] } }, 'offer.template', 'no text for WeCom'],
    [{ dailyBudget: 501 }, 'dailyBudget', 'maxDailyBudget allows at most 500'],
  ])('with %j is drafted, and not enabled: %s', async (change, path, words) => {
    const city = await aCity();
    const rails = { maxDailyBudget: 500, minCooldownHours: 24 };
    await city.stores.guardrails.draft('default', rails, 'x', AT);
    await city.stores.guardrails.publish('default', 1, 'x', AT);
    const body = { ...OVERAGE, ...change };
    expect((await city.draft(body)).status).toBe(201);
    await city.backtested();
    const refused = await city.of('/versions/1:enable');
    expect(refused.body).toMatchObject({
      status: 422,
      issues: [{ path, message: expect.stringContaining(words) }],
    });

    const checked = await city.call(
      'post',
      '/api/v1/triggers:validate',
      { id: 'gz', body },
      city.city,
    );
    expect(checked.body).toMatchObject({ valid: false, issues: [{ path }] });
  });
});

describe('an event asked about', () => {
  test('says why it would fire, and why not, and leaves everything as it was', async () => {
    const city = await aCity();
    await city.draft(OVERAGE);
    const asked = async (body: object) => (await city.of(':explain', body)).body;
    const event = { contactId: 'c-1', occurredAt: AT, data: { dataUsedPct: 120 } };
    expect(await asked({ event })).toMatchObject({
      outcome: 'fired',
      words: { 'zh-CN': expect.stringContaining('触发'), en: expect.stringContaining('fires') },
    });
    expect(await asked({ event: { ...event, data: {} } })).toMatchObject({ outcome: 'no-match' });

    await city.backtested();
    await city.of('/versions/1:enable');
    await city.usage('c-1', 120, ago(1));
    expect(await asked({ event })).toMatchObject({
      ...{ outcome: 'cooldown', firedAt: ago(1), hours: 72 },
      words: { en: expect.stringContaining('within 72 hours') },
    });
    expect(await asked({ eventId: 'e-1' })).toMatchObject({ outcome: 'fired' });
    expect(city.starts()).toHaveLength(1);
    expect((await city.stores.firings.of('c-1')).firings).toHaveLength(1);
  });

  test('counts what fired for a record that went into the customer, as a live one does, and so does a back-test', async () => {
    const city = await aCity();
    await city.draft(OVERAGE);
    await city.backtested();
    await city.of('/versions/1:enable');
    await city.usage('c-2', 120, ago(1));
    await city.stores.contacts.absorb('c-1', 'c-2');
    const { profileRevision = 0 } = (await city.stores.contacts.find('c-2')) ?? {};
    expect(await city.stores.contacts.retire('c-2', 'c-1', profileRevision)).toBe(true);

    const event = { contactId: 'c-1', occurredAt: AT, data: { dataUsedPct: 120 } };
    const { body } = await city.of(':explain', { event });
    expect(body).toMatchObject({ outcome: 'cooldown', firedAt: ago(1) });

    city.time.now += 8 * 24 * HOUR_MS;
    const soon = new Date(city.time.now - 5 * 24 * HOUR_MS).toISOString();
    await city.stores.events.add([
      {
        ...{ eventId: 'e-9', type: 'usage', contactId: 'c-1', city: 'guangzhou' },
        ...{ occurredAt: ago(0.5), receivedAt: soon, data: { dataUsedPct: 120 } },
      },
    ]);
    const told = await city.stores.events.find('e-9');
    if (told) await city.stores.events.add([{ ...told, eventId: 'e-10', contactId: 'c-2' }]);
    await city.draft({ ...OVERAGE, expiresAfterMinutes: 10_000 });
    const played = await city.backtested(2);
    expect(played.body.report.tested.days).toMatchObject([{ outcomes: { cooldown: 2 } }]);
  });

  test('of nobody, or of another city, does not exist', async () => {
    const city = await aCity();
    await city.draft(OVERAGE);
    const event = { contactId: 'nobody', data: {} };
    expect((await city.of(':explain', { event })).status).toBe(404);
    expect((await city.of(':explain', { eventId: 'e-9' })).status).toBe(404);
    expect((await city.of(':explain', {})).status).toBe(422);
  });
});

describe('what became of events', () => {
  test('is listed with its reason, and only to those of the city', async () => {
    const city = await aCity();
    await city.draft({ ...OVERAGE, dailyBudget: 1 });
    await city.backtested();
    await city.of('/versions/1:enable');
    await city.usage('c-1', 120);
    await city.usage('c-2', 120);
    const listed = async (query: string, key = city.city) =>
      (await city.call('get', `/api/v1/opportunities${query}`, undefined, key)).body.items;

    expect(await listed('')).toMatchObject([
      { eventId: 'e-2', outcome: 'budget', words: { en: expect.stringContaining('are spent') } },
      { eventId: 'e-1', outcome: 'fired', contactId: 'c-1' },
    ]);
    expect(await listed('?outcome=budget')).toHaveLength(1);
    expect(await listed('?trigger=gz&contact=c-1')).toHaveLength(1);
    expect(await listed('?event=e-2')).toMatchObject([{ eventId: 'e-2', outcome: 'budget' }]);
    expect(await listed('', city.foreign)).toEqual([]);
  });
});

describe('a back-test', () => {
  test('says by day what would have fired, what the gate would have said, and what it was about', async () => {
    const city = await aCity();
    for (const [contact, hours] of [
      ['c-1', 80],
      ['c-2', 30],
      ['c-3', 29],
      ['c-1', 28],
    ] as const)
      await city.usage(contact, 120, ago(hours));
    await city.usage('c-2', 20, ago(1));
    await city.stores.contacts.block('c-3', { channel: '*', reason: 'complaint' });
    await city.draft({ ...OVERAGE, expiresAfterMinutes: 10_000 });

    const { body } = await city.backtested();
    expect(body).toMatchObject({ state: 'done', progress: { events: 5 } });
    expect(body.report.tested).toMatchObject({
      events: 5,
      days: [
        { date: '2026-02-27', outcomes: { fired: 1 }, gate: { pass: 1 } },
        {
          date: '2026-03-01',
          outcomes: { fired: 2, cooldown: 1 },
          gate: { pass: 1, suppressed: 1 },
        },
        { date: '2026-03-02', outcomes: { 'no-match': 1 }, gate: {} },
      ],
      reasons: [{ verdict: 'suppressed', reason: 'blocked', count: 1 }],
    });
    expect(body.report.inForce).toBeUndefined();
    expect(city.starts()).toEqual([]);
  });

  test('stands beside the version in force, and can be cancelled', async () => {
    const city = await aCity();
    await city.draft(OVERAGE);
    await city.backtested();
    await city.of('/versions/1:enable');
    await city.usage('c-1', 120);
    await city.draft({ ...OVERAGE, when: { 'event.dataUsedPct': { $gte: 200 } } });
    const { body } = await city.backtested(2);
    expect(body.report.tested.days[0].outcomes).toEqual({ 'no-match': 1 });
    expect(body.report.inForce.days[0].outcomes).toEqual({ fired: 1 });

    const cancelled = await city.call(
      'post',
      `/api/v1/trigger-backtests/${body.id}:cancel`,
      {},
      city.city,
    );
    expect(cancelled.body.state).toBe('done');
    const unseen = await city.call(
      'get',
      `/api/v1/trigger-backtests/${body.id}`,
      undefined,
      city.foreign,
    );
    expect(unseen.status).toBe(404);
  });
});
