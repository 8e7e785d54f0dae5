import type { NewStaffTask } from '../../ports/staffTasks';
import { createFakeApi } from '../../test/fakes/api';
import { ROUTES } from '../routes';

const AT = '2026-03-02T02:00:00.000Z';
const RUN = 'sequence/new-friend/c-1/e';
const ID = `${RUN}/day-3`;
const PLACE = `/api/v1/tasks/${encodeURIComponent(ID)}`;

const aTask = (fields: Partial<NewStaffTask> = {}): NewStaffTask => ({
  ...{ taskId: ID, contactId: 'c-1', city: 'guangzhou', staffId: 's-1', kind: 'task' },
  origin: { sequence: 'new-friend@1', workflowId: RUN, step: 'day-3' },
  words: { template: 'hello', scene: 'first-visit', product: 'p-58' },
  ...{ openedAt: AT, dueAt: AT, expiresAt: '2026-03-04T02:00:00.000Z' },
  ...fields,
});

const fits = (path: string, body: unknown): boolean =>
  ROUTES.find((route) => route.method === 'get' && route.path === path)?.endpoint.answer?.safeParse(
    body,
  ).success ?? false;

async function withTasks(...others: readonly NewStaffTask[]) {
  const api = await createFakeApi();
  await api.stores.contacts.upsertMany([{ contactId: 'c-1', city: 'guangzhou', name: '王' }]);
  await api.stores.staffTasks.open([aTask(), ...others]);
  await api.engine.start('birthday', RUN, {} as never);
  return api;
}

type Api = Awaited<ReturnType<typeof createFakeApi>>;

async function publish({ stores }: Api): Promise<void> {
  const about = { author: 'ann', at: AT };
  const text = { channel: 'wecom', class: 'service', text: '{{name}}您好' } as const;
  const texts = await stores.templates.draft('hello', text, about.author, about.at);
  await stores.templates.publish('hello', texts.version, 'ann', AT);

  const script = { id: 'ask', customerLikes: true, staffLikes: true, text: '{{planName}}够用吗' };
  const scene = { id: 'first-visit', name: '初访', scripts: [script] };
  const catalogue = { products: [], migrations: [], scenes: [scene] };
  const sold = await stores.catalogues.draft('default', catalogue, about.author, about.at);
  await stores.catalogues.publish('default', sold.version, 'ann', AT);
}

test('a task is shown with what to say to this contact, and what is not known of it', async () => {
  const api = await withTasks();
  await publish(api);
  const { body } = await api.call('get', PLACE);
  expect(body).toMatchObject({
    ...{ taskId: ID, state: 'open', acts: [] },
    words: { kind: { zh: '跟进任务' }, state: { en: 'open' } },
    say: {
      texts: [{ channel: 'wecom', text: '王您好' }],
      scripts: [{ id: 'ask', lacks: 'planName' }],
    },
  });
  expect(fits('/api/v1/tasks/{id}', body)).toBe(true);
});

test('a task whose texts are gone, or whose contact is, is shown all the same', async () => {
  const api = await withTasks(aTask({ taskId: 'k-2', contactId: 'gone' }));
  expect((await api.call('get', PLACE)).body.say).toEqual({ texts: [], scripts: [] });
  expect((await api.call('get', '/api/v1/tasks/k-2')).body.say).toEqual({ texts: [], scripts: [] });
});

test('tasks are listed by member, kind, state and time, page by page', async () => {
  const api = await withTasks(
    aTask({ taskId: 'k-2', staffId: 's-2', dueAt: '2026-03-02T05:00:00.000Z' }),
    aTask({ taskId: 'k-3', kind: 'call', dueAt: '2026-03-02T06:00:00.000Z' }),
  );
  const list = async (query: string) => (await api.call('get', `/api/v1/tasks?${query}`)).body;
  const ids = async (query: string) =>
    (await list(query)).items.map(({ taskId }: { taskId: string }) => taskId);

  expect(fits('/api/v1/tasks', await list(''))).toBe(true);
  expect(await ids('')).toEqual([ID, 'k-2', 'k-3']);
  expect(await ids('staffId=s-2')).toEqual(['k-2']);
  expect(await ids('kind=call&state=open')).toEqual(['k-3']);
  expect(await ids('dueBefore=2026-03-02T13:30:00%2B08:00')).toEqual([ID, 'k-2']);
  expect(await ids('city=foshan')).toEqual([]);

  const { next } = await list('limit=1');
  expect(await ids(`limit=2&after=${encodeURIComponent(next)}`)).toEqual(['k-2', 'k-3']);
  expect((await api.call('get', '/api/v1/tasks?after=nonsense')).body).toMatchObject({
    issues: [{ path: 'after' }],
  });
});

test('a task is done, and its run hears of it', async () => {
  const api = await withTasks();
  const { body } = await api.call('post', `${PLACE}:done`, { staffId: 's-1', note: ' sold ' });
  expect(body).toMatchObject({
    state: 'done',
    acts: [{ did: 'done', by: 's-1', note: 'sold', at: AT }],
  });
  expect(api.engine.signalled).toMatchObject([
    { workflowId: RUN, message: { signal: 'taskSettled', body: { taskId: ID, outcome: 'done' } } },
  ]);
  expect((await api.call('post', `${PLACE}:not-reached`, {})).status).toBe(409);
});

test('a task is postponed before it ends, by its id in the query, too', async () => {
  const api = await withTasks();
  const postpone = (until: string) =>
    api.call('post', `/api/v1/tasks:postpone?id=${encodeURIComponent(ID)}`, { until });
  expect((await postpone('2026-03-03T10:00:00+08:00')).body).toMatchObject({
    ...{ state: 'open', postponedUntil: '2026-03-03T02:00:00.000Z' },
  });
  for (const until of ['2026-03-02T02:00:00Z', '2026-03-05T02:00:00Z', 'tomorrow']) {
    const { status, body } = await postpone(until);
    expect({ until, status, place: body.issues[0].path }).toEqual({
      ...{ until, status: 422, place: 'until' },
    });
  }

  expect((await api.call('post', `${PLACE}:not-reached`, {})).body.state).toBe('not-reached');
});

test('tasks of other cities do not exist for a caller', async () => {
  const api = await withTasks();
  const elsewhere = await api.keyFor('city', ['foshan']);
  expect((await api.call('get', '/api/v1/tasks', undefined, elsewhere)).body.items).toEqual([]);
  expect((await api.call('get', PLACE, undefined, elsewhere)).status).toBe(404);
  expect((await api.call('post', `${PLACE}:done`, {}, elsewhere)).status).toBe(404);

  const viewer = await api.keyFor('viewer');
  expect((await api.call('post', `${PLACE}:done`, {}, viewer)).status).toBe(403);
});
