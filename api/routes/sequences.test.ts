import type { Sequence } from '../../rules/sequence/sequence';
import { createFakeApi } from '../../test/fakes/api';
import { ROUTES } from '../routes';

const AT = '2026-03-02T02:00:00.000Z';
const PLACE = '/api/v1/sequences/care';
const CARE: Sequence = {
  start: { kind: 'request' },
  reentry: 'never',
  steps: [
    {
      ...{ id: 'hello', day: 0, window: { from: '09:00', to: '20:00' } },
      do: { kind: 'send', channel: 'sms', class: 'service', template: 'hello' },
    },
  ],
};

const fits = (path: string, body: unknown): boolean =>
  ROUTES.find(({ path: each }) => each === path)?.endpoint.answer?.safeParse(body).success ?? false;

async function withSequence(fields: Partial<Sequence> = {}) {
  const api = await createFakeApi();
  await api.stores.contacts.upsertMany([
    { contactId: 'c-1', city: 'guangzhou', brand: 'gotone' },
    { contactId: 'c-2', city: 'guangzhou', brand: 'easyown' },
    { contactId: 'c-3', city: 'foshan', brand: 'gotone' },
  ]);
  const { version } = await api.stores.sequences.draft('care', { ...CARE, ...fields }, 'ann', AT);
  await api.stores.sequences.publish('care', version, 'ann', AT);
  return api;
}

test('contacts are let in by hand, and each is answered', async () => {
  const api = await withSequence({ audience: { brand: 'gotone' } });
  const ask = { contactIds: ['c-1', 'c-2', 'c-9'], staffId: 's-1' };
  const { status, body } = await api.call('post', `${PLACE}:start`, ask);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    items: [
      { contactId: 'c-1', status: 'started', workflowId: 'sequence/c-1/care' },
      { contactId: 'c-2', status: 'refused', reason: 'outside-audience' },
      { contactId: 'c-9', status: 'refused', words: { zh: '客户不存在' } },
    ],
    ...{ started: 1, repeated: 0, refused: 2 },
  });
  expect(fits('/api/v1/sequences/{id}:start', body)).toBe(true);
  expect(api.engine.starts).toMatchObject([
    { input: { sequence: 'care@1', occasion: 'asked-2026-03-02', at: AT, staffId: 's-1' } },
  ]);

  const again = await api.call('post', `${PLACE}:start`, ask);
  expect(again.body).toMatchObject({ started: 0, repeated: 1 });
  const other = { contactIds: ['c-1'], occasion: 'campaign-7' };
  expect((await api.call('post', `${PLACE}:start`, other)).body.items).toMatchObject([
    { status: 'refused', reason: 'was-in-before' },
  ]);
});

test('only contacts of the own cities are let in, and nothing that is not published begins', async () => {
  const api = await withSequence();
  const city = await api.keyFor('city', ['foshan']);
  const ask = { contactIds: ['c-1', 'c-3'] };
  expect((await api.call('post', `${PLACE}:start`, ask, city)).body).toMatchObject({
    items: [{ reason: 'unknown-contact' }, { status: 'started' }],
  });
  expect((await api.call('post', '/api/v1/sequences/none:start', ask)).status).toBe(404);

  const viewer = await api.keyFor('viewer');
  expect((await api.call('post', `${PLACE}:start`, ask, viewer)).status).toBe(403);
  const raw = await api.call('post', '/api/v1/journeys/sequence/runs', { contactId: 'c-1' });
  expect(raw.status).toBe(404);
});

test.each([
  ['contactIds', { contactIds: [] }],
  ['occasion', { contactIds: ['c-1'], occasion: 'a/b' }],
  ['at', { contactIds: ['c-1'], at: '2026-03-02T03:00:00Z' }],
])('a start with a wrong %s is refused with the place', async (path, body) => {
  const api = await withSequence();
  const answer = await api.call('post', `${PLACE}:start`, body);
  expect([answer.status, answer.body.issues[0].path]).toEqual([422, path]);
});

test('who was let in or refused is listed, with the reason in words', async () => {
  const api = await withSequence();
  await api.call('post', `${PLACE}:start`, { contactIds: ['c-1', 'c-3'], occasion: 'a' });
  await api.call('post', `${PLACE}:start`, { contactIds: ['c-1'], occasion: 'b' });

  const { body } = await api.call('get', `${PLACE}/runs`);
  expect(body.items).toMatchObject([
    { contactId: 'c-1', sequence: 'care@1', occasion: 'a', state: 'running' },
    { contactId: 'c-1', occasion: 'b', state: 'refused', reason: 'was-in-before' },
    { contactId: 'c-3', state: 'running' },
  ]);
  expect(body.items[1]).toMatchObject({ words: { en: 'it was in before, and is let in once' } });
  expect(fits('/api/v1/sequences/{id}/runs', body)).toBe(true);

  const ids = async (query: string) =>
    (await api.call('get', `${PLACE}/runs?${query}`)).body.items.map(
      ({ contactId }: { contactId: string }) => contactId,
    );
  expect(await ids('state=refused')).toEqual(['c-1']);
  expect(await ids('city=foshan')).toEqual(['c-3']);
  expect(await ids('version=2')).toEqual([]);
  expect((await api.call('get', '/api/v1/sequences/none/runs')).status).toBe(404);
});

test('an entry is shown with its steps, and the sequence in numbers by version', async () => {
  const api = await withSequence();
  await api.call('post', `${PLACE}:start`, { contactIds: ['c-1', 'c-3'], occasion: 'a' });
  await api.call('post', `${PLACE}:start`, { contactIds: ['c-1'], occasion: 'b' });
  const workflowId = 'sequence/c-1/care';
  const about = { workflowId, contactId: 'c-1', city: 'guangzhou', sequenceId: 'care', version: 1 };
  const kept = { ...about, step: 'hello', dueAt: AT, at: AT, state: 'missed' } as const;
  await api.stores.sequenceSteps.keep({
    ...{ ...kept, stepId: 'sequence/c-1/care/a/hello', reason: 'held' },
  });
  await api.stores.sequenceSteps.keep({ ...kept, stepId: 'sequence/c-1/care/older/hello' });
  await api.stores.staffTasks.open([
    {
      ...{ taskId: 'k', contactId: 'c-1', city: 'guangzhou', kind: 'task' },
      origin: { sequence: 'care@1', workflowId, step: 'hello' },
      ...{ openedAt: AT, dueAt: AT, expiresAt: AT },
    },
  ]);

  const entry = `${PLACE}/runs/${encodeURIComponent('care/c-1/1')}`;
  const { body } = await api.call('get', entry);
  expect(body).toMatchObject({
    ...{ occasion: 'a', state: 'running' },
    steps: [{ step: 'hello', state: 'missed', reason: 'held' }],
  });
  expect(body.steps).toHaveLength(1);
  expect(fits('/api/v1/sequences/{id}/runs/{entry}', body)).toBe(true);
  const foshan = await api.keyFor('city', ['foshan']);
  expect((await api.call('get', entry, undefined, foshan)).status).toBe(404);

  const numbers = await api.call('get', `${PLACE}/numbers`);
  expect(numbers.body).toEqual({
    sequenceId: 'care',
    versions: [
      {
        ...{ version: 1, underWay: 2, ended: {}, refused: { 'was-in-before': 1 } },
        steps: [
          {
            step: 'hello',
            states: { missed: 2 },
            reasons: { 'missed:held': 1 },
            tasks: { open: 1 },
          },
        ],
      },
    ],
  });
  expect(fits('/api/v1/sequences/{id}/numbers', numbers.body)).toBe(true);
  const own = await api.call('get', `${PLACE}/numbers`, undefined, foshan);
  expect(own.body.versions).toMatchObject([{ underWay: 1, refused: {} }]);
});
