import { demoCustomers, loadDemo, STAFF } from './demoCustomers';
import { until } from './reach';
import { type Stack, startStack } from './stack';

type Row = Record<string, unknown>;

const people = demoCustomers(2);
const [{ contactId } = { contactId: '' }] = people;

/** All day, so that the wall clock of the test does not matter. */
const window = { from: '00:00', to: '23:59' };
const CARE = {
  start: { kind: 'stage', stage: 'won' },
  reentry: 'never',
  steps: [
    { id: 'call', day: 0, window, lateWithinHours: 24, do: { kind: 'call', scene: 'wishes' } },
    { id: 'tag', day: 0, window, lateWithinHours: 24, do: { kind: 'stage', stage: 'cared-for' } },
  ],
};
const SCENE = {
  ...{ id: 'wishes', name: '关怀' },
  scripts: [{ id: 'ask', customerLikes: true, staffLikes: true, text: '近来可好' }],
};

describe('a sequence, as processes over HTTP', () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await startStack('sequence');
    await loadDemo(stack, people);
    await publish('catalogues', 'default', { products: [], migrations: [], scenes: [SCENE] });
    await publish('sequences', 'care', CARE);
  }, 180_000);
  afterAll(() => stack?.stop());

  async function publish(noun: string, id: string, body: object): Promise<void> {
    const { body: draft } = await stack.ask('POST', `/api/v1/${noun}`, { id, body });
    const { version } = draft as { version: number };
    const at = `/api/v1/${noun}/${id}/versions/${version}:publish`;
    expect((await stack.ask('POST', at, {})).status).toBe(200);
  }

  const items = async (path: string) =>
    ((await stack.ask('GET', `/api/v1/${path}`)).body as { items: Row[] }).items;
  const openTask = () =>
    until('the task', async () => (await items(`tasks?state=open&contactId=${contactId}`))[0]);

  it('begins by an event, asks staff, outlives a killed worker and server, and ends with what they did', async () => {
    const event = {
      ...{ eventId: 'won-1', type: 'stage', contactId, data: { stage: 'won' } },
      occurredAt: new Date().toISOString(),
    };
    for (const _ of [1, 2]) await stack.ask('POST', '/api/v1/events:batch', [event]);
    const task = await openTask();
    const place = `/api/v1/tasks/${encodeURIComponent(String(task.taskId))}`;
    expect((await stack.ask('GET', place)).body).toMatchObject({
      ...{ kind: 'call', state: 'open' },
      say: { scripts: [{ id: 'ask', text: '近来可好' }] },
    });

    await stack.kill('worker');
    const done = await stack.ask('POST', `${place}:done`, { staffId: STAFF[0] });
    expect(done.body).toMatchObject({ state: 'done', acts: [{ by: STAFF[0] }] });
    await stack.kill('server');
    await stack.start('server');
    await stack.start('worker');

    const [entry] = await until('the end', async () => {
      const found = await items('sequences/care/runs?state=ended');
      return found.length > 0 ? found : undefined;
    });
    expect(entry).toMatchObject({ contactId, outcome: 'completed', sequence: 'care@1' });
    expect((await stack.ask('GET', '/api/v1/sequences/care/numbers')).body).toMatchObject({
      versions: [
        {
          ...{ underWay: 0, ended: { completed: 1 }, refused: {} },
          steps: [
            { step: 'call', states: { done: 1 }, tasks: { done: 1 } },
            { step: 'tag', states: { done: 1 } },
          ],
        },
      ],
    });
  }, 90_000);

  it('lets nobody in twice, and says why', async () => {
    const ask = { contactIds: [contactId], occasion: 'again' };
    expect((await stack.ask('POST', '/api/v1/sequences/care:start', ask)).body).toMatchObject({
      items: [{ status: 'refused', reason: 'was-in-before' }],
    });
  });
});
