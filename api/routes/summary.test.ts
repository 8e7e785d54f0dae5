import request from 'supertest';
import { createFakeApi, withContact, withRun } from '../../test/fakes/api';
import { recordOne } from '../../test/support/singles';
import type { Endpoint } from '../exchange';
import { ROUTES } from '../routes';

const endpointOf = (method: string, path: string): Endpoint | undefined =>
  ROUTES.find((route) => route.method === method && route.path === path)?.endpoint;
const fits = (method: string, path: string, body: unknown): boolean =>
  endpointOf(method, path)?.answer?.safeParse(body).success ?? false;

describe('keys', () => {
  test('a secret is shown once, works at once, and not after it was revoked', async () => {
    const api = await createFakeApi();
    const made = await api.call('post', '/api/v1/keys', {
      name: '广州看板',
      role: 'viewer',
      cities: ['guangzhou'],
    });
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
    expect((await api.call('get', '/api/v1/orders?contactId=c-1')).body.items).toMatchObject([
      { orderKey: 'o' },
    ]);
  });

  test('the ledger is exported as one JSON object a line', async () => {
    const api = await withContact();
    await recordOne(api.stores.touches, {
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
