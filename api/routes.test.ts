import request from 'supertest';
import type { Role } from '../ports/auth';
import { createFakeApi } from '../test/fakes/api';
import { ROUTES } from './routes';

const ROLES: readonly Role[] = ['designer', 'city', 'ops', 'viewer', 'admin', 'machine'];
const addressOf = (path: string): string => path.replaceAll(/\{\w+\}/g, 'x');
const guarded = ROUTES.filter(({ permit }) => permit !== 'public').map(
  (route) => [`${route.method} ${route.path}`, route] as const,
);

describe.each(guarded)('%s', (_name, route) => {
  test('answers 401 without a key, with an unknown key and with a revoked one', async () => {
    const api = await createFakeApi();
    const revoked = await api.keyFor('admin');
    const [key] = await api.stores.keys.list();
    await api.stores.keys.revoke(key?.keyId ?? '', '2026-01-02T00:00:00.000Z');
    for (const authorization of [undefined, 'Bearer unknown', 'Basic abc', revoked]) {
      const asked = request(api.app)[route.method](addressOf(route.path));
      const answer = await (authorization === undefined
        ? asked
        : asked.set('Authorization', authorization));
      expect(answer.status).toBe(401);
      expect(answer.body).toMatchObject({ code: 'UNAUTHENTICATED', status: 401 });
      expect(answer.headers['content-type']).toContain('application/problem+json');
    }
  });

  test('answers 403 to every role it does not permit, and to no other', async () => {
    const api = await createFakeApi();
    for (const role of ROLES) {
      const authorization = await api.keyFor(role);
      const answer = await request(api.app)
        [route.method](addressOf(route.path))
        .set('Authorization', authorization);
      expect([role, answer.status === 403]).toEqual([role, !route.permit.includes(role)]);
    }
  });
});

test('nothing is changed by a role that only looks', () => {
  const writes = ROUTES.filter(
    ({ method, path }) =>
      method !== 'get' && path.startsWith('/api/') && path !== '/api/v1/gate:decide',
  );
  expect(writes.filter(({ permit }) => permit === 'public' || permit.includes('viewer'))).toEqual(
    [],
  );
});

test('every row stands in the table once', () => {
  const rows = ROUTES.map(({ method, path }) => `${method} ${path}`);
  expect(new Set(rows).size).toBe(rows.length);
});

test('data of all cities is refused to a key that is limited to some', async () => {
  const api = await createFakeApi();
  const limited = await api.keyFor('admin', ['guangzhou']);
  for (const path of ['/api/v1/summary', '/api/v1/ledger:export', '/api/v1/keys'])
    expect((await api.call('get', path, undefined, limited)).status).toBe(403);
  expect((await api.call('post', '/api/v1/policies', {}, limited)).status).toBe(403);
});

test('what is not in the table is a problem, too', async () => {
  const api = await createFakeApi();
  const answer = await request(api.app).get('/api/v1/nothing');
  expect(answer.status).toBe(404);
  expect(answer.body.code).toBe('NOT_FOUND');
});

test('the OpenAPI document names every route with its roles, and its pages need no other host', async () => {
  const api = await createFakeApi();
  const { body } = await request(api.app).get('/openapi.json');
  expect(body.openapi).toBe('3.1.0');
  for (const { method, path, permit } of ROUTES) {
    const operation = body.paths[path]?.[method];
    expect(operation).toBeDefined();
    if (permit !== 'public') expect(operation['x-roles']).toEqual(permit);
  }
  expect(body.paths['/api/v1/contacts:batch'].put.requestBody.content).toHaveProperty([
    'application/x-ndjson',
  ]);
  const ids = Object.values(
    body.paths as Record<string, Record<string, { operationId: string }>>,
  ).flatMap((item) => Object.values(item).map(({ operationId }) => operationId));
  expect(new Set(ids).size).toBe(ids.length);
  for (const path of ['/', '/docs']) {
    const page = await request(api.app).get(path);
    expect(page.status).toBe(200);
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.text).not.toMatch(/(src|href)="https?:|<script/);
  }
  expect((await request(api.app).get('/docs')).text).toContain(
    '/api/v1/contacts/{contactId}/decisions',
  );
});
