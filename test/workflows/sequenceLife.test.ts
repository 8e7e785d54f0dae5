// A sequence from the daily look to its last step, over the real activities: time is skipped, staff act on their tasks.

import { actOnTask, keepStaffTasks } from '../../intake/staffTasks';
import type { StaffTask } from '../../ports/staffTasks';
import type { DueSums } from '../../rules/journey/messages';
import type { Sequence } from '../../rules/sequence/sequence';
import type { TimedRun } from '../../testing/timedRun';
import { type City, openCity } from '../support/city';

const cities: City[] = [];
afterAll(async () => {
  for (const city of cities) await city.close();
});
jest.setTimeout(60_000);

const DAY_BEFORE = '2090-03-05T06:00:00+08:00';
const BIRTHDAY = '2090-03-06T06:00:00+08:00';
const window = { from: '10:00', to: '12:00' };
const CARE: Sequence = {
  start: { kind: 'birthday' },
  reentry: 'after-exit',
  steps: [
    { id: 'call', day: 0, window, do: { kind: 'call', scene: 'wishes' } },
    { id: 'visit', day: 3, window, do: { kind: 'task', scene: 'wishes' } },
    { id: 'tag', day: 4, window, do: { kind: 'tag', tags: ['cared-for'] } },
  ],
  atEnd: [{ do: { kind: 'stage', stage: 'cared-for' } }],
};

async function withCustomer() {
  const city = await openCity();
  cities.push(city);
  const { stores, engine } = city;
  for (const [id, body] of Object.entries({
    care: CARE,
    after: { ...CARE, start: { kind: 'stage', stage: 'cared-for' } } as const,
  })) {
    const { version } = await stores.sequences.draft(id, body, 'ann', DAY_BEFORE);
    await stores.sequences.publish(id, version, 'ann', DAY_BEFORE);
  }
  await stores.contacts.upsertMany([
    { contactId: 'c-1', city: 'guangzhou', facts: { birthday: '1990-03-06' } },
    { contactId: 'c-2', city: 'guangzhou', facts: { birthday: '1990-09-09' } },
  ]);

  const look = async (at: string) => {
    const run = await city.startAs('sequenceStarts', { args: [{ version: 1 }], at });
    return await run.runToEnd<DueSums[]>();
  };
  /** Runs what the look has started, from its instant on. */
  const begin = async (at: string): Promise<TimedRun> => {
    const [start] = engine.starts;
    if (!start) throw new Error('nothing was started');
    const { workflowId, input } = start;
    return await city.startAs('sequence', { workflowId, args: [input], at });
  };
  return { ...city, look, begin };
}

type World = Awaited<ReturnType<typeof withCustomer>>;

const openTask = async ({ stores }: World): Promise<StaffTask> => {
  const [task] = await stores.staffTasks.list({ state: 'open', limit: 1 });
  if (!task) throw new Error('no task is open');
  return task;
};

/** Staff act at an instant of the run, which hears of it. */
async function act(world: World, run: TimedRun, did: 'done' | 'not-reached'): Promise<void> {
  const deps = {
    stores: world.stores,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    engine: {
      signal: async (_: string, { signal, body }: { signal: string; body: unknown }) => {
        await run.signal(signal, body);
        return true;
      },
    },
  };
  await actOnTask(deps, await openTask(world), { did, by: 's-1', at: await run.now() });
}

test('a birthday is found on its day and no sooner, once, and its run goes to its end with staff', async () => {
  const world = await withCustomer();
  const { stores, engine, look, begin } = world;
  expect(await look(DAY_BEFORE)).toMatchObject([{ sequence: 'care@1', started: 0 }]);
  expect(await look(BIRTHDAY)).toMatchObject([{ started: 1 }]);
  expect(await look('2090-03-07T06:00:00+08:00')).toMatchObject([{ started: 0, repeated: 1 }]);
  expect(engine.starts).toMatchObject([{ workflowId: 'sequence/c-1/care' }]);

  const run = await begin(BIRTHDAY);
  await run.advance({ hours: 5 });
  expect(await openTask(world)).toMatchObject({ kind: 'call', contactId: 'c-1' });
  await act(world, run, 'not-reached');
  await run.advance({ days: 3 });
  await act(world, run, 'done');
  await run.runToEnd();

  expect(await stores.sequenceEntries.numbers('care')).toEqual([
    { version: 1, state: 'ended', outcome: 'completed', count: 1 },
  ]);
  expect(await stores.sequenceSteps.ofRun(run.workflowId)).toMatchObject([
    { step: 'call', state: 'done', reason: 'not-reached' },
    { step: 'visit', state: 'done' },
    { step: 'tag', state: 'done' },
  ]);
  expect(await stores.staffTasks.numbers('care')).toHaveLength(2);
  expect((await stores.contacts.find('c-1'))?.facts).toMatchObject({ stage: 'cared-for' });
  expect(engine.starts).toMatchObject([{}, { input: { sequence: 'after@1', contactId: 'c-1' } }]);
});

test('tasks that nobody does are missed by the run itself, and nothing is told twice', async () => {
  const world = await withCustomer();
  await world.look(BIRTHDAY);
  const run = await world.begin(BIRTHDAY);
  await run.runToEnd();

  const tasks = await world.stores.staffTasks.list({ limit: 10 });
  expect(tasks).toMatchObject([
    { state: 'missed', acts: [{ did: 'missed', by: 'sopflow' }] },
    { state: 'missed' },
  ]);
  expect(await world.stores.staffTasks.untold(null, 10)).toEqual([]);
  expect(await world.stores.sequenceSteps.numbers('care')).toContainEqual({
    ...{ version: 1, step: 'call', state: 'missed', reason: 'not-done', count: 1 },
  });
  await keepStaffTasks({
    ...{ stores: world.stores, engine: world.engine, clock: { now: () => Date.now() } },
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
  expect(world.engine.signalled).toEqual([]);
});
