import request from 'supertest';
import { createFakeApi } from '../../test/fakes/api';
import type { Endpoint } from '../exchange';
import { ROUTES } from '../routes';

const endpointOf = (method: string, path: string): Endpoint | undefined =>
  ROUTES.find((route) => route.method === method && route.path === path)?.endpoint;
const fits = (method: string, path: string, body: unknown): boolean =>
  endpointOf(method, path)?.answer?.safeParse(body).success ?? false;
const RUN = 'monthStart/c-1/2026-03-01';
const policy = {
  timezone: 'Asia/Shanghai',
  caps: [{ id: 'day', classes: ['marketing'], limit: 0, window: { kind: 'calendar', unit: 'day' } }],
};

async function withContact() {
  const api = await createFakeApi();
  await api.call('put', '/api/v1/contacts:batch', [
    { contactId: 'c-1', city: 'guangzhou', channels: { sms: { reachable: true } } },
  ]);
  return api;
}
async function withRun() {
  const api = await withContact();
  await api.call('post', '/api/v1/journeys/monthStart/runs', { contactId: 'c-1', billedAt: '2026-02-28T16:00:00Z' });
  return api;
}

describe('journeys', () => {
  test('starting the same entry again begins no second run', async () => {
    const api = await withContact();
    const start = () =>
      api.call('post', '/api/v1/journeys/monthStart/runs', { contactId: 'c-1', billedAt: '2026-02-28T16:00:00Z' });
    const first = await start();
    expect([first.status, first.body]).toEqual([
      201,
      { workflowId: RUN, started: true, link: expect.stringContaining('/workflows/monthStart%2F') },
    ]);
    const again = await start();
    expect([again.status, again.body.started]).toEqual([200, false]);
    expect(api.engine.starts).toEqual([
      {
        journey: 'monthStart',
        workflowId: RUN,
        city: 'guangzhou',
        input: { version: 1, contactId: 'c-1', entry: '2026-03-01', billedAt: '2026-02-28T16:00:00.000Z' },
      },
    ]);
  });

  test.each([
    ['welcome', { staffId: 's-1', externalUserId: 'wm1', addedAt: '2026-03-02T02:00:00Z' }, 'welcome/c-1/s-1'],
    ['followUp', { staffId: 's-1', addedAt: '2026-03-02T02:00:00Z' }, 'followUp/c-1/1772416800'],
    [
      'overage',
      { entry: 'e-1', product: 'p-1', expiresAt: '2026-03-02T04:00:00Z' },
      'opportunity/builtin-overage/c-1/e-1',
    ],
    ['leadRetry', { leadId: 'l-1', product: 'p-1', outcome: 'busy' }, 'leadRetry/c-1/l-1'],
  ])('%s starts under the id of its entry', async (kind, body, workflowId) => {
    const api = await withContact();
    const answer = await api.call('post', `/api/v1/journeys/${kind}/runs`, { contactId: 'c-1', ...body });
    expect([answer.status, answer.body.workflowId]).toEqual([201, workflowId]);
    expect(await api.stores.runs.find(workflowId)).toMatchObject({
      journey: kind,
      contactId: 'c-1',
      city: 'guangzhou',
      state: 'running',
    });
  });

  test('lists runs by contact and state, and refuses a journey that does not exist', async () => {
    const api = await withRun();
    const found = await api.call('get', '/api/v1/journeys/monthStart/runs?contactId=c-1&state=running');
    expect(fits('get', '/api/v1/journeys/{kind}/runs', found.body)).toBe(true);
    expect(found.body).toMatchObject({ items: [{ workflowId: RUN }], next: null });
    expect((await api.call('get', '/api/v1/journeys/monthStart/runs?state=closed')).body.items).toEqual([]);
    const wrong = await api.call('get', '/api/v1/journeys/newsletter/runs');
    expect([wrong.status, wrong.body.issues[0].path]).toEqual([422, 'kind']);
  });

  test('a run is found by its id, encoded in the path or as it is in the query', async () => {
    const api = await withRun();
    for (const path of [`/api/v1/runs/${encodeURIComponent(RUN)}`, `/api/v1/runs?id=${RUN}`]) {
      const { body } = await api.call('get', path);
      expect(fits('get', '/api/v1/runs/{id}', body)).toBe(true);
      expect(body).toMatchObject({ workflowId: RUN, status: 'running' });
    }
  });

  test.each(['stop', 'pause', 'resume'])('%s is told to the run in the name of the caller', async (verb) => {
    const api = await withRun();
    expect((await api.call('post', `/api/v1/runs/${encodeURIComponent(RUN)}:${verb}`, {})).body).toEqual({
      workflowId: RUN,
      told: true,
    });
    await api.call('post', `/api/v1/runs:${verb}?id=${RUN}`);
    expect(api.engine.told).toEqual(
      Array(2).fill({ workflowId: RUN, message: { signal: verb, body: { by: 'admin' } } }),
    );
  });

  test('a run that is over, unknown, or of another city cannot be told anything', async () => {
    const api = await withRun();
    const limited = await api.keyFor('ops', ['shenzhen']);
    expect((await api.call('post', `/api/v1/runs:stop?id=${RUN}`, {}, limited)).status).toBe(404);
    expect((await api.call('post', '/api/v1/runs:stop?id=welcome/x/y', {})).status).toBe(404);
    api.engine.close(RUN);
    expect((await api.call('post', `/api/v1/runs:stop?id=${RUN}`, {})).status).toBe(404);
    expect(api.engine.told).toEqual([]);
  });
});

describe('versioned data', () => {
  test('a draft is not in force until it is published, and carries the number it was given', async () => {
    const api = await createFakeApi();
    const draft = await api.call('post', '/api/v1/policies', { id: 'default', body: policy });
    expect(draft.status).toBe(201);
    expect(fits('post', '/api/v1/policies', draft.body)).toBe(true);
    expect(draft.body).toMatchObject({
      id: 'default',
      version: 1,
      state: 'draft',
      author: 'admin',
      body: { id: 'default', version: 1 },
    });
    expect((await api.call('get', '/api/v1/policies/default')).status).toBe(404);
    await api.call('post', '/api/v1/policies/default/versions/1:publish');
    expect((await api.call('get', '/api/v1/policies/default')).body).toMatchObject({ version: 1, state: 'published' });
    await api.call('post', '/api/v1/policies', { id: 'default', body: policy });
    expect((await api.call('get', '/api/v1/policies/default')).body.version).toBe(1);
    expect(
      (await api.call('get', '/api/v1/policies/default/versions')).body.items.map(
        ({ version }: { version: number }) => version,
      ),
    ).toEqual([2, 1]);
    expect((await api.call('get', '/api/v1/policies/default/versions/2')).body.body.version).toBe(2);
    expect((await api.call('get', '/api/v1/policies')).body.items).toHaveLength(1);
    expect((await api.call('post', '/api/v1/policies/default/versions/9:publish')).status).toBe(404);
  });

  test.each([
    [
      'policies',
      { timezone: 'Asia/Shanghai', caps: [{ id: 'a', limit: -1, window: { kind: 'rolling', hours: 1 } }] },
      'body.caps[0].limit',
    ],
    ['templates', { channel: 'sms', class: 'marketing', text: '{{#if a}}' }, 'text'],
    [
      'catalogues',
      { products: [], migrations: [{ id: 'm', from: 'a', when: {}, to: 'b', priority: 1 }] },
      'body.migrations[0].to',
    ],
    ['holidays', { days: { '2026-02-30': 'rest' }, names: {} }, 'body.days.2026-02-30'],
  ])('%s with a mistake are refused before they are kept', async (noun, body, path) => {
    const api = await createFakeApi();
    const answer = await api.call('post', `/api/v1/${noun}`, { id: 'default', body });
    expect(answer.status).toBe(422);
    expect(answer.body.issues[0].path).toBe(path);
    expect((await api.call('get', `/api/v1/${noun}`)).body.items).toEqual([]);
  });

  test.each([
    ['templates', { channel: 'sms', class: 'marketing', text: '您好 {{yuan billDueFen}}' }],
    ['catalogues', { products: [{ id: 'p', name: 'P', kind: 'plan', fee: 9, onShelf: true }], migrations: [] }],
    ['holidays', { days: { '2026-10-01': 'rest' }, names: { 国庆: ['2026-10-01'] } }],
  ])('%s without one are kept as given', async (noun, body) => {
    const api = await createFakeApi();
    const answer = await api.call('post', `/api/v1/${noun}`, { id: 'x', body });
    expect([answer.status, answer.body.body]).toEqual([201, body]);
  });
});

describe('the gate', () => {
  const touch = { touchId: 't', at: '2026-03-02T02:00:00Z', channel: 'sms', class: 'marketing' };

  test('decides a whole case as in the vectors', async () => {
    const api = await createFakeApi();
    const contact = { contactId: 'c', channels: { sms: { reachable: true } } };
    const answer = await api.call('post', '/api/v1/gate:decide', {
      policy: { id: 'p', version: 1, ...policy },
      contact,
      touch,
      holidays: {},
    });
    expect(answer.body).toMatchObject({ verdict: 'suppressed', reason: 'cap', rule: 'day' });
    expect(fits('post', '/api/v1/gate:decide', answer.body)).toBe(true);
  });

  test('decides for a stored contact by the policy in force and writes nothing', async () => {
    const api = await withContact();
    const ask = () =>
      api.call('post', '/api/v1/gate:decide', { contactId: 'c-1', touch: { channel: 'sms', class: 'marketing' } });
    expect((await ask()).status).toBe(404);
    await api.call('post', '/api/v1/policies', { id: 'default', body: policy });
    await api.call('post', '/api/v1/policies/default/versions/1:publish');
    expect((await ask()).body).toMatchObject({ verdict: 'suppressed', reason: 'cap', policy: 'default@1' });
    expect((await api.stores.contacts.find('c-1'))?.touches).toEqual([]);
    expect(await api.stores.touches.story('c-1')).toEqual([]);
  });

  test('names the place of a mistake', async () => {
    const api = await createFakeApi();
    const answer = await api.call('post', '/api/v1/gate:decide', {
      policy: { id: 'p', version: 1, ...policy },
      contact: { contactId: 'c' },
      touch: { ...touch, class: 'spam' },
    });
    expect([answer.status, answer.body.issues[0].path]).toEqual([422, 'touch.class']);
  });
});

describe('leads', () => {
  const lead = { leadId: 'l-1', contactId: 'c-1', product: 'p-1', outcome: 'busy', createdAt: '2026-03-02T00:00:00Z' };
  async function withLead() {
    const api = await withContact();
    await api.process();
    await api.call('post', '/api/v1/leads:batch', [lead]);
    await api.processor.idle();
    return api;
  }

  test('are taken in once each, and only for contacts that exist', async () => {
    const api = await withContact();
    const answer = await api.call('post', '/api/v1/leads:batch', {
      leads: [lead, lead, { ...lead, leadId: 'l-2', contactId: 'c-9' }, { ...lead, outcome: 'maybe' }],
    });
    expect(answer.body.rows.map(({ status }: { status: string }) => status)).toEqual([
      'accepted',
      'duplicate',
      'refused',
      'refused',
    ]);
  });

  test('a claimed lead holds its journey, and a completed one ends it', async () => {
    const api = await withLead();
    const city = await api.keyFor('city', ['guangzhou']);
    expect((await api.call('get', '/api/v1/leads?state=open', undefined, city)).body.items).toMatchObject([
      { leadId: 'l-1', state: 'open' },
    ]);
    expect((await api.call('post', '/api/v1/leads/l-1:claim', {}, city)).body).toMatchObject({
      state: 'claimed',
      claimedBy: 'city',
    });
    expect((await api.call('post', '/api/v1/leads/l-1:claim', { staffId: 's-2' }, city)).status).toBe(409);
    const done = await api.call('post', '/api/v1/leads/l-1:complete', { outcome: 'accepted' }, city);
    expect(done.body).toMatchObject({ state: 'closed', result: 'accepted' });
    expect((await api.call('post', '/api/v1/leads/l-1:complete', { outcome: 'refused' }, city)).status).toBe(409);
    expect(api.engine.told.map(({ message }) => message.signal)).toEqual(['pause', 'contact']);
    expect(api.engine.told[1]?.message.body).toMatchObject({ kind: 'converted', product: 'p-1' });
  });

  test('a refusal is told to the journey, which is let go to hear it', async () => {
    const api = await withLead();
    await api.call('post', '/api/v1/leads/l-1:complete', { outcome: 'refused' });
    expect(api.engine.told.map(({ message }) => message.signal)).toEqual(['contact', 'resume']);
  });

  test('a rejected lead stops its journey, and asking again says so again', async () => {
    const api = await withLead();
    for (const _ of [1, 2])
      expect((await api.call('post', '/api/v1/leads/l-1:reject', { why: '重复' })).body.result).toBe('rejected');
    expect(api.engine.told.map(({ message }) => message)).toEqual(
      Array(2).fill({ signal: 'stop', body: { by: 'admin', why: '重复' } }),
    );
  });

  test('a lead of another city does not exist', async () => {
    const api = await withLead();
    const limited = await api.keyFor('city', ['shenzhen']);
    expect((await api.call('get', '/api/v1/leads', undefined, limited)).body.items).toEqual([]);
    expect((await api.call('post', '/api/v1/leads/l-1:claim', {}, limited)).status).toBe(404);
  });
});

describe('keys', () => {
  test('a secret is shown once, works at once, and not after it was revoked', async () => {
    const api = await createFakeApi();
    const made = await api.call('post', '/api/v1/keys', { name: '广州看板', role: 'viewer', cities: ['guangzhou'] });
    expect(made.status).toBe(201);
    const header = `Bearer ${made.body.secret}`;
    expect((await api.call('get', '/api/v1/contacts', undefined, header)).status).toBe(200);
    const listed = await api.call('get', '/api/v1/keys');
    expect(JSON.stringify(listed.body)).not.toContain(made.body.secret);
    await api.call('post', `/api/v1/keys/${made.body.key.keyId}:revoke`);
    expect((await api.call('get', '/api/v1/contacts', undefined, header)).status).toBe(401);
    expect((await api.call('post', '/api/v1/keys/nobody:revoke')).status).toBe(404);
  });
});

describe('figures', () => {
  test('the summary counts runs, orders, contacts and what waits in the inbox', async () => {
    const api = await withRun();
    await api.stores.orders.save({
      orderKey: 'o',
      orderId: '1',
      contactId: 'c-1',
      product: 'p',
      state: 'accepted',
      at: '2026-03-02T00:00:00.000Z',
    });
    await api.call('post', '/api/v1/events:batch', [
      { eventId: 'e', type: 'bill-paid', contactId: 'c-1', occurredAt: '2026-03-02T00:00:00Z' },
    ]);
    const { body } = await api.call('get', '/api/v1/summary');
    expect(fits('get', '/api/v1/summary', body)).toBe(true);
    expect(body).toMatchObject({
      contacts: 1,
      inbox: 1,
      runs: [{ journey: 'monthStart', state: 'running', count: 1 }],
      orders: { accepted: 1 },
    });
    expect((await api.call('get', '/api/v1/orders?contactId=c-1')).body.items).toMatchObject([{ orderKey: 'o' }]);
  });

  test('the ledger is exported as one JSON object a line', async () => {
    const api = await withContact();
    await api.stores.touches.record({
      kind: 'decision',
      touchId: 't-1',
      attempt: 1,
      contactId: 'c-1',
      city: 'guangzhou',
      channel: 'sms',
      class: 'marketing',
      at: '2026-03-02T01:00:00.000Z',
      verdict: 'suppressed',
      reason: 'consent',
      explain: [],
      policy: 'default@1',
      journey: 'overage',
      step: 'offer',
      workflowId: 'w',
      runId: 'r',
      revision: 0,
    });
    const answer = await request(api.app)
      .get('/api/v1/ledger:export')
      .set('Authorization', await api.keyFor('ops'))
      .buffer(true)
      .parse((response, done) => {
        let text = '';
        response.on('data', (chunk: Buffer) => {
          text += chunk.toString();
        });
        response.on('end', () => done(null, text));
      });
    expect(answer.headers['content-type']).toContain('application/x-ndjson');
    expect(
      String(answer.body)
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).touchId),
    ).toEqual(['t-1']);
  });
});
