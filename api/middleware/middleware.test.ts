import request from 'supertest';
import { CodedError } from '../../rules/base/errors';
import { createFakeApi } from '../../test/fakes/api';

const template = (text = '您好') => ({
  id: 'hello',
  body: { channel: 'sms', class: 'marketing', text },
});

test('malformed JSON answers 400, a wrong value 422 with path, value and what is allowed', async () => {
  const api = await createFakeApi();
  const authorization = await api.keyFor('admin');
  const malformed = await request(api.app)
    .post('/api/v1/templates')
    .set('Authorization', authorization)
    .send('{"id":');
  expect(malformed.status).toBe(400);
  expect(malformed.body.code).toBe('INVALID_INPUT');
  const wrong = await api.call('post', '/api/v1/templates', {
    id: 'hello',
    body: { channel: 'fax', class: 'marketing', text: 'x' },
  });
  expect(wrong.status).toBe(422);
  expect(wrong.body.issues).toEqual([
    expect.objectContaining({ path: 'body.channel', value: '"fax"', allowed: 'wecom, sms, call' }),
  ]);
});

test('unknown fields are refused with their path, in bodies and in queries', async () => {
  const api = await createFakeApi();
  const body = await api.call('post', '/api/v1/keys', { name: 'x', role: 'viewer', admin: true });
  expect([body.status, body.body.issues[0].path]).toEqual([422, 'admin']);
  const query = await api.call('get', '/api/v1/leads?stat=open');
  expect([query.status, query.body.issues[0].path]).toEqual([422, 'stat']);
});

test('a body over the limit answers 413', async () => {
  const api = await createFakeApi();
  const answer = await api.call('post', '/api/v1/templates', template('x'.repeat(1024 * 1024)));
  expect(answer.status).toBe(413);
  expect(answer.body.code).toBe('TOO_LARGE');
});

test('the same write under the same Idempotency-Key is done once and answered alike', async () => {
  const api = await createFakeApi();
  const authorization = await api.keyFor('admin');
  const post = (body: object, key = 'k1') =>
    request(api.app)
      .post('/api/v1/templates')
      .set('Authorization', authorization)
      .set('Idempotency-Key', key)
      .send(body);
  const [first, second] = await Promise.all([post(template()), post(template())]);
  const third = await post(template());
  expect([first.status, second.status, third.status]).toEqual([201, 201, 201]);
  expect(third.body).toEqual(first.body);
  expect(third.headers['idempotency-replayed']).toBe('true');
  expect(await api.stores.templates.versions('hello')).toHaveLength(1);
  const other = await post(template('别的'));
  expect([other.status, other.body.code]).toEqual([409, 'CONFLICT']);
  expect((await post(template('别的'), 'k2')).body.version).toBe(2);
});

test('a failed write may be tried again under its key', async () => {
  const api = await createFakeApi();
  await api.call('put', '/api/v1/contacts:batch', [{ contactId: 'c-1', city: 'guangzhou' }]);
  const authorization = await api.keyFor('admin');
  const start = () =>
    request(api.app)
      .post('/api/v1/journeys/monthStart/runs')
      .set('Authorization', authorization)
      .set('Idempotency-Key', 'k')
      .send({ contactId: 'c-1', billedAt: '2026-03-01T00:00:00Z' });
  api.engine.away = true;
  const away = await start();
  expect([away.status, away.headers['retry-after']]).toEqual([503, '5']);
  expect(await api.stores.runs.ofContact('c-1')).toEqual([]);
  api.engine.away = false;
  expect((await start()).status).toBe(201);
});

test('an answer that holds a secret is never kept for an Idempotency-Key', async () => {
  const api = await createFakeApi();
  const authorization = await api.keyFor('admin');
  const answer = await request(api.app)
    .post('/api/v1/keys')
    .set('Authorization', authorization)
    .set('Idempotency-Key', 'k')
    .send({ name: 'x', role: 'viewer' });
  expect(answer.status).toBe(422);
});

test('an unexpected failure tells nothing of the inside', async () => {
  const api = await createFakeApi({
    runLink: () => {
      throw new Error('phone 13800001234');
    },
  });
  await api.call('put', '/api/v1/contacts:batch', [{ contactId: 'c-1', city: 'guangzhou' }]);
  const answer = await api.call('post', '/api/v1/journeys/monthStart/runs', {
    contactId: 'c-1',
    billedAt: '2026-03-01T00:00:00Z',
  });
  expect(answer.status).toBe(500);
  expect(JSON.stringify(answer.body)).not.toContain('1380000');
});

test('readiness names the dependency that is away, and health does not ask', async () => {
  const api = await createFakeApi({
    probes: {
      mongo: async () => {},
      temporal: async () => {
        throw new CodedError('UNAVAILABLE', 'away');
      },
    },
  });
  const ready = await request(api.app).get('/readyz');
  expect(ready.status).toBe(503);
  expect(ready.headers['retry-after']).toBe('5');
  expect(ready.body).toEqual({
    status: 'away',
    dependencies: { mongo: 'up', temporal: 'away' },
    systems: [],
  });
  expect((await request(api.app).get('/healthz')).body).toEqual({ status: 'ok' });
});

test('a system that refuses us degrades readiness by its code, and takes nothing out of service', async () => {
  const api = await createFakeApi();
  expect((await request(api.app).get('/readyz')).body).toMatchObject({ status: 'ready' });

  const met = { system: 'wecom', code: '60020', fault: 'ours', isWide: true } as const;
  const since = '2026-03-02T01:58:00.000Z';
  await api.stores.conditions.meet({ ...met, at: since, times: 12 });

  const ready = await request(api.app).get('/readyz');
  expect([ready.status, ready.body]).toEqual([
    200,
    {
      status: 'degraded',
      dependencies: { mongo: 'up', temporal: 'up' },
      systems: [{ system: 'wecom', code: '60020', fault: 'ours', since, times: 12 }],
    },
  ]);
  const labels = '{system="wecom",code="60020",fault="ours"}';
  const { text } = await request(api.app).get('/metrics');
  expect(text).toContain(`sopflow_system_refusing_seconds${labels} 120`);
  expect(text).toContain(`sopflow_system_refusals${labels} 12`);

  const [at, quietSince] = ['2026-03-02T01:59:00.000Z', since];
  await api.stores.conditions.worked('wecom', { at, quietSince });
  expect((await request(api.app).get('/readyz')).body).toMatchObject({ status: 'ready' });
  expect((await request(api.app).get('/metrics')).text).not.toContain('60020');
});

test('metrics are closed by a key of their own where one is set', async () => {
  const { app, keyFor } = await createFakeApi({ metricsKey: 'the-metrics-key' });
  const asked = async (authorization: string) =>
    (await request(app).get('/metrics').set('Authorization', authorization)).status;
  expect(await asked('')).toBe(401);
  expect(await asked('Bearer another-key')).toBe(401);
  expect(await asked(await keyFor('admin'))).toBe(401);
  expect(await asked('Bearer the-metrics-key')).toBe(200);
});

test('metrics count requests by route, never by address', async () => {
  const api = await createFakeApi();
  await api.call('get', '/api/v1/contacts/c-77');
  const { text } = await request(api.app).get('/metrics');
  expect(text).toContain('route="/api/v1/contacts/{contactId}",method="GET",status="404"');
  expect(text).not.toContain('c-77');
  expect(text).toMatch(/sopflow_inbox_depth 0/);
});
