// Types of event that admins register: versions, what is taken by them, and who may.

import { createFakeApi, NOW } from '../../test/fakes/api';

const AT = new Date(NOW - 60_000).toISOString();
const PATH = '/api/v1/event-types/broadband-fault';
const SCHEMA = {
  type: 'object',
  properties: { ticket: { type: 'string' }, minutes: { type: 'integer', minimum: 0 } },
  required: ['ticket'],
};

async function aCity() {
  const api = await createFakeApi();
  await api.call('put', '/api/v1/contacts:batch', [{ contactId: 'c-1', city: 'guangzhou' }]);
  await api.process();
  const put = (body: object, authorization?: string, path = PATH) =>
    api.call('put', path, body, authorization);
  const tell = async (events: readonly object[]) => {
    const given = events.map((event) => ({ contactId: 'c-1', occurredAt: AT, ...event }));
    const { body } = await api.call('post', '/api/v1/events:batch', given);
    await api.process();
    return body.rows;
  };
  return { ...api, put, tell };
}

const fault = (eventId: string, data: object, type = 'broadband-fault') => ({
  ...{ eventId, type, data },
});

test('a registered type is listed beside the built-in ones, each with its schema', async () => {
  const api = await aCity();
  expect((await api.put({ name: '宽带报障', schema: SCHEMA })).status).toBe(201);
  const { items } = (await api.call('get', '/api/v1/event-types')).body;
  expect(items.at(-1)).toEqual({
    ...{ type: 'broadband-fault', builtIn: false, version: 1, name: '宽带报障', schema: SCHEMA },
    ...{ author: 'admin', at: new Date(NOW).toISOString() },
  });
  expect(items.find(({ type }: { type: string }) => type === 'location-city')).toMatchObject({
    builtIn: true,
    schema: { type: 'object', required: ['city'], additionalProperties: false },
  });
});

test('the same schema again is the same version, another one the next', async () => {
  const api = await aCity();
  await api.put({ schema: SCHEMA });
  expect(await api.put({ schema: SCHEMA })).toMatchObject({ status: 200, body: { version: 1 } });
  const next = { ...SCHEMA, properties: { ...SCHEMA.properties, area: { type: 'string' } } };
  expect(await api.put({ schema: next })).toMatchObject({ status: 200, body: { version: 2 } });
});

test('its events are kept with the version that took them, and tell no journey anything', async () => {
  const api = await aCity();
  await api.put({ schema: SCHEMA });
  const before = await api.stores.contacts.find('c-1');
  expect(await api.tell([fault('e-1', { ticket: 't-1' })])).toMatchObject([{ status: 'accepted' }]);
  expect(await api.stores.events.find('e-1')).toEqual({
    ...{ eventId: 'e-1', type: 'broadband-fault', contactId: 'c-1', city: 'guangzhou' },
    ...{ occurredAt: AT, receivedAt: new Date(NOW).toISOString() },
    ...{ data: { ticket: 't-1' }, typeVersion: 1 },
  });
  expect(await api.stores.contacts.find('c-1')).toEqual(before);
  expect([api.engine.starts, api.engine.signalled]).toEqual([[], []]);
});

test('told again after a change of the type it is a duplicate, with other data a conflict that is kept', async () => {
  const api = await aCity();
  await api.put({ schema: SCHEMA });
  await api.tell([fault('e-1', { ticket: 't-1' })]);
  await api.put({ schema: SCHEMA, name: '宽带' });
  const [again] = await api.tell([fault('e-1', { ticket: 't-1' })]);
  const [other] = await api.tell([fault('e-1', { ticket: 't-2' })]);
  expect([again.status, other.status, other.code]).toEqual(['duplicate', 'refused', 'CONFLICT']);
  const { items } = (await api.call('get', '/api/v1/inbox')).body;
  expect(items).toMatchObject([{ state: 'parked', payload: { data: { ticket: 't-2' } } }]);
});

test('an event that does not fit its type, or of a type that nobody knows, is refused row by row', async () => {
  const api = await aCity();
  await api.put({ schema: SCHEMA });
  const rows = await api.tell([
    fault('e-1', { minutes: 5 }),
    fault('e-2', { ticket: 't', more: 1 }),
    fault('e-3', { ticket: 't' }, 'broadband-fualt'),
    { ...fault('e-4', { ticket: 't' }), typeVersion: 1 },
    { ...fault('e-5', { ticket: 't' }), occurredAt: new Date(NOW + 6 * 60_000).toISOString() },
    fault('e-6', { ticket: 't' }),
  ]);
  const placeOf = ({ issues }: { issues?: { path: string }[] }) => issues?.[0]?.path;
  expect(rows.map(placeOf)).toEqual([
    ...['data.ticket', 'data.more', 'type', 'typeVersion', 'occurredAt', undefined],
  ]);
  expect(rows[2].issues[0].allowed).toMatch(/^usage, .*, broadband-fault$/);
});

test('a parked event is mended by the type as it is now', async () => {
  const api = await aCity();
  await api.put({ schema: SCHEMA });
  await api.tell([fault('e-1', { ticket: 't-1' })]);
  await api.tell([fault('e-1', { ticket: 't-2' })]);
  const [{ key, payload }] = (await api.call('get', '/api/v1/inbox')).body.items;
  const replay = (data: object) =>
    api.call('post', `/api/v1/inbox/${encodeURIComponent(key)}:replay`, {
      payload: { ...payload, eventId: 'e-2', data },
    });
  expect((await replay({ minutes: 1 })).body.issues[0].path).toBe('payload.data.ticket');
  expect((await replay({ ticket: 't-2' })).status).toBe(200);
  api.waits.pass(3000);
  await api.waits.until(3000);
  await api.processor.idle();
  expect((await api.stores.events.find('e-2'))?.data).toEqual({ ticket: 't-2' });
});

test.each([
  ['usage', { schema: SCHEMA }, 'type'],
  ['Broadband', { schema: SCHEMA }, 'type'],
  [
    'fault',
    { schema: { type: 'object', properties: { a: { type: 'string', pattern: 'a' } } } },
    'schema.properties.a.pattern',
  ],
  ['fault', {}, 'schema'],
  ['fault', { schema: SCHEMA, more: 1 }, 'more'],
])('%s with %j is refused', async (type, body, path) => {
  const api = await aCity();
  const answer = await api.put(body, undefined, `/api/v1/event-types/${type}`);
  expect([answer.status, answer.body.issues[0].path]).toEqual([422, path]);
  expect(await api.stores.eventTypes.inForce()).toEqual([]);
});

test('only an admin of every city registers types', async () => {
  const api = await aCity();
  for (const key of [await api.keyFor('ops'), await api.keyFor('admin', ['guangzhou'])])
    expect((await api.put({ schema: SCHEMA }, key)).status).toBe(403);
});
