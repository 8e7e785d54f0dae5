import fc from 'fast-check';
import { createMemoryStores } from '../models/memory/stores';
import type { NewStaffTask } from '../ports/staffTasks';
import type { StaffTaskAct } from '../rules/contact/staffTask';
import { DAY_MS } from '../rules/time/durations';
import { crashAt, type Moment } from '../test/fakes/crash';
import { createFakeEngine } from '../test/fakes/engine';
import { actOnTask, keepStaffTasks } from './staffTasks';

const AT = '2026-03-02T02:00:00.000Z';
const RUN = 'sequence/new-friend/c-1/e';
const TASK: NewStaffTask = {
  ...{ taskId: `${RUN}/day-3`, contactId: 'c-1', city: 'guangzhou', staffId: 's-1', kind: 'task' },
  origin: { sequence: 'new-friend@1', workflowId: RUN, step: 'day-3' },
  ...{ openedAt: AT, dueAt: AT, expiresAt: '2026-03-04T02:00:00.000Z' },
};
const silent = { debug() {}, info() {}, warn() {}, error() {} };

const anAct = (did: StaffTaskAct['did'] = 'done', by = 's-1'): StaffTaskAct => ({
  ...{ did, by, at: AT },
  ...(did === 'postponed' && { until: '2026-03-03T02:00:00.000Z' }),
});

async function withTask(...others: readonly NewStaffTask[]) {
  const stores = createMemoryStores();
  const engine = createFakeEngine();
  await stores.staffTasks.open([TASK, ...others]);
  for (const { origin } of [TASK, ...others])
    await engine.start('birthday', origin.workflowId, {} as never);

  const time = { now: Date.parse(AT) };
  const deps = { stores, engine, log: silent, clock: { now: () => time.now } };
  const now = async (taskId = TASK.taskId) => {
    const found = await stores.staffTasks.find(taskId);
    if (!found) throw new Error('the task is gone');
    return found;
  };
  const told = () => engine.signalled.map(({ message }) => message);
  return { deps, stores, engine, time, now, told };
}

it('keeps what was done and tells the run, without what was written', async () => {
  const { deps, now, told } = await withTask();
  const done = await actOnTask(deps, await now(), { ...anAct(), note: '王 wants more data' });
  expect(done).toMatchObject({ state: 'done', acts: [{ by: 's-1', note: '王 wants more data' }] });
  const body = { taskId: TASK.taskId, outcome: 'done', at: AT };
  expect(told()).toEqual([{ signal: 'taskSettled', body }]);
  expect(await deps.stores.staffTasks.untold(null, 10)).toEqual([]);
});

it('answers a repeat like the first time, and refuses another member', async () => {
  const { deps, now } = await withTask();
  const before = await now();
  await actOnTask(deps, before, anAct());
  expect(await actOnTask(deps, before, anAct())).toMatchObject({ acts: [anAct()] });
  expect(await actOnTask(deps, await now(), anAct())).toMatchObject({ acts: [anAct()] });

  const refused = { code: 'CONFLICT', issues: [{ path: 'state', value: 'done' }] };
  for (const seen of [before, await now()])
    await expect(actOnTask(deps, seen, anAct('not-reached', 's-2'))).rejects.toMatchObject(refused);
});

it('keeps what was done while Temporal is away, and tells it later', async () => {
  const { deps, engine, now, told } = await withTask();
  engine.away = true;
  expect(await actOnTask(deps, await now(), anAct())).toMatchObject({ state: 'done' });
  await expect(keepStaffTasks(deps)).rejects.toMatchObject({ code: 'UNAVAILABLE' });

  engine.away = false;
  await keepStaffTasks(deps);
  await keepStaffTasks(deps);
  expect(told()).toHaveLength(1);
});

it('misses what nobody did in time, and tells the run', async () => {
  const { deps, time, now, told } = await withTask();
  await keepStaffTasks(deps);
  expect((await now()).state).toBe('open');

  time.now += 2 * DAY_MS;
  await keepStaffTasks(deps);
  expect(await now()).toMatchObject({ state: 'missed', acts: [{ by: 'sopflow' }] });
  expect(told()).toMatchObject([{ body: { outcome: 'missed' } }]);
});

it('lets no run that cannot be told keep others from hearing', async () => {
  const origin = { ...TASK.origin, workflowId: 'other' };
  const { deps, engine, stores, told } = await withTask({ ...TASK, taskId: 'z', origin });
  for (const taskId of [TASK.taskId, 'z']) await stores.staffTasks.act(taskId, anAct());
  const signal: typeof engine.signal = async (workflowId, message) => {
    if (workflowId === RUN) throw new Error('too long');
    return engine.signal(workflowId, message);
  };

  await keepStaffTasks({ ...deps, engine: { signal } });
  expect(told()).toMatchObject([{ body: { taskId: 'z' } }]);
});

describe('a process that dies', () => {
  const cases = [1, 2, 3, 4].flatMap((step) =>
    (['before', 'after'] as const).map((moment): [number, Moment] => [step, moment]),
  );

  it.each(cases)('at step %d (%s) loses no act and no signal', async (step, moment) => {
    const { deps, stores, engine, now, told } = await withTask();
    const crash = crashAt(step, moment);
    const dying = {
      ...deps,
      stores: { staffTasks: crash.wrap(stores.staffTasks) },
      engine: crash.wrap(engine),
    };
    const before = await now();
    await actOnTask(dying, before, anAct()).catch(() => {});

    const isKept = (await now()).state === 'done';
    if (!isKept) await actOnTask(deps, await now(), anAct());
    await keepStaffTasks(deps);
    expect((await now()).acts).toEqual([anAct()]);
    expect(told().length).toBeGreaterThanOrEqual(1);
    expect(await stores.staffTasks.untold(null, 10)).toEqual([]);
  });
});

it('ends by one act, whoever acts and however often (property)', async () => {
  const act = fc.record({
    did: fc.constantFrom('done', 'not-reached', 'postponed', 'cancelled'),
    by: fc.constantFrom('s-1', 's-2', 's-3'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 8 }), async (acts) => {
      const { deps, stores, now } = await withTask();
      const seen = await now();
      await Promise.all(
        acts.map(({ did, by }) => actOnTask(deps, seen, anAct(did, by)).catch(() => {})),
      );

      const task = await now();
      const ends = task.acts.filter(({ did }) => did !== 'postponed');
      expect(ends.length).toBeLessThanOrEqual(1);
      expect(task.state).toBe(ends[0]?.did ?? 'open');
      await keepStaffTasks(deps);
      expect(await stores.staffTasks.untold(null, 10)).toEqual([]);
    }),
    { numRuns: 50 },
  );
});
