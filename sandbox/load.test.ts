import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import request from 'supertest';
import { HOUR_MS } from '../rules/time/durations';
import { loadDemo } from './load';
import { START, trial } from './trial';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

/** The few routes of the API that a deployment's data come in by. */
async function anApi() {
  const published = new Map<string, object>();
  const contacts = new Map<string, object>();
  const writes: string[] = [];
  const app = express().use(express.json({ limit: '16mb' }));
  app.use((asked, _answer, next) => {
    if (asked.method !== 'GET') writes.push(`${asked.method} ${asked.path}`);
    next();
  });
  app.put('/api/v1/contacts\\:batch', (asked, answer) => {
    for (const row of asked.body.contacts) contacts.set(row.contactId, row);
    answer.json({ accepted: asked.body.contacts.length, duplicate: 0, refused: 0, rows: [] });
  });
  app.get(
    '/api/v1/contacts/:id',
    (asked, answer) => void answer.status(contacts.has(asked.params.id) ? 200 : 404).json({}),
  );
  app.get(
    '/api/v1/:noun/:id',
    (asked, answer) =>
      void answer
        .status(published.has(`${asked.params.noun}/${asked.params.id}`) ? 200 : 404)
        .json(published.get(`${asked.params.noun}/${asked.params.id}`) ?? {}),
  );
  const drafts = new Map<string, object>();
  app.post(
    '/api/v1/keys',
    (_asked, answer) => void answer.status(201).json({ key: { keyId: 'k-2' }, secret: 'designer' }),
  );
  app.post('/api/v1/keys/k-2\\:revoke', (_asked, answer) => void answer.json({}));
  app.post('/api/v1/calendars', (asked, answer) => {
    drafts.set('author', { key: asked.headers.authorization });
    published.set(`calendars/${asked.body.id}`, { state: 'draft' });
    answer.status(201).json({ id: asked.body.id, version: 1 });
  });
  app.post('/api/v1/calendars/:id/versions/1\\:approve', (asked, answer) => {
    if (drafts.has('refuse')) return void answer.status(422).json({ code: 'INVALID_INPUT' });
    drafts.set('approver', { key: asked.headers.authorization });
    published.set(`calendars/${asked.params.id}`, { state: 'active' });
    answer.json({});
  });
  app.post('/api/v1/:noun', (asked, answer) => {
    drafts.set(`${asked.params.noun}/${asked.body.id}`, { body: asked.body.body });
    answer.status(201).json({ id: asked.body.id, version: 1 });
  });
  app.post('/api/v1/:noun/:id/versions/1\\:publish', (asked, answer) => {
    const key = `${asked.params.noun}/${asked.params.id}`;
    published.set(key, drafts.get(key) ?? {});
    answer.json({});
  });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    published,
    contacts,
    drafts,
    writes,
  };
}

it('loads the demo once, however often it is started, and keeps its quiet window away from the present', async () => {
  const api = await anApi();
  const { sandbox, app } = trial();
  open.push(sandbox);
  const target = {
    apiUrl: api.url,
    key: 'admin-key',
    sandboxUrl: await sandbox.listen(0),
    holidays: { days: {}, names: {} },
    log: () => undefined,
    calendar: { id: 'month-start', body: { slots: [] } },
    sequences: [{ id: 'new-friend', body: { steps: [] } }],
    now: () => START,
  };
  await loadDemo(target);
  expect(api.contacts.size).toBe(5000);
  expect([...api.published.keys()]).toEqual(
    expect.arrayContaining([
      'policies/default',
      'catalogues/default',
      'holidays/cn',
      'templates/welcome',
      'templates/lead-call',
      'sequences/new-friend',
    ]),
  );
  const { body } = await request(app).get('/sandbox/state');
  expect(body).toMatchObject({ customers: 5000, staff: { active: 60 }, running: true });
  expect(body.ties.friend).toBeGreaterThan(2800);

  expect(api.published.get('calendars/month-start')).toEqual({ state: 'active' });
  expect([api.drafts.get('author'), api.drafts.get('approver')]).toEqual([
    { key: 'Bearer designer' },
    { key: 'Bearer admin-key' },
  ]);
  expect(api.writes).toContain('POST /api/v1/keys/k-2:revoke');

  const writes = api.writes.length;
  await loadDemo(target);
  expect(api.writes).toHaveLength(writes);

  await loadDemo({ ...target, now: () => START + 11 * HOUR_MS });
  expect(api.writes.slice(writes)).toEqual([
    'POST /api/v1/policies',
    'POST /api/v1/policies/default/versions/1:publish',
  ]);
});

it('says what the API refused', async () => {
  const { sandbox } = trial();
  const url = await sandbox.listen(0);
  open.push(sandbox);
  const target = {
    apiUrl: `${url}/crm`,
    key: 'k',
    sandboxUrl: url,
    holidays: { days: {}, names: {} },
    log: () => undefined,
  };
  await expect(loadDemo(target)).rejects.toThrow(
    /GET \/api\/v1\/catalogues\/default was answered 401/,
  );
});

it('loads the rest when the calendar is not approved, and approves it at another start', async () => {
  const api = await anApi();
  const { sandbox, app } = trial();
  open.push(sandbox);
  const lines: string[] = [];
  const target = {
    ...{ apiUrl: api.url, key: 'admin-key', sandboxUrl: await sandbox.listen(0) },
    ...{ holidays: { days: {}, names: {} }, calendar: { id: 'month-start', body: {} } },
    log: (line: string) => void lines.push(line),
  };
  api.drafts.set('refuse', {});
  await loadDemo(target);
  expect(lines.join()).toContain('not approved');
  expect((await request(app).get('/sandbox/state')).body.running).toBe(true);

  api.drafts.delete('refuse');
  await loadDemo(target);
  expect(api.published.get('calendars/month-start')).toEqual({ state: 'active' });
  expect(api.writes.filter((write) => write === 'POST /api/v1/calendars')).toHaveLength(1);
});
