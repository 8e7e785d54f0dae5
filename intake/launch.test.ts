import { createMemoryStores } from '../models/memory/stores';
import type { WaveContact } from '../ports/waves';
import { createFakeEngine } from '../test/fakes/engine';
import { launch, signalRuns, wakeRuns } from './launch';

const AT = '2026-03-02T02:00:00.000Z';
const CONTACT = { contactId: 'c-1', city: 'guangzhou' };
const ADDED = { staffId: 's-1', externalUserId: 'wm-1', addedAt: AT };

function aLaunch() {
  const stores = createMemoryStores();
  const engine = createFakeEngine();
  const deps = { stores, engine, clock: { now: () => Date.parse(AT) }, timezone: 'Asia/Shanghai' };
  const welcome = (addedAt = AT) => launch(deps, 'welcome', CONTACT, { ...ADDED, addedAt });
  const bill = () => launch(deps, 'monthStart', CONTACT, { billedAt: AT });
  /** As the run itself does when it ends, and as Temporal forgets it after its retention. */
  const end = async (workflowId: string) => {
    await stores.runs.close(workflowId, 'done', AT);
    engine.close(workflowId);
  };
  return { stores, engine, welcome, bill, end };
}

describe('a start that is repeated', () => {
  it('leaves a run that has ended closed, also when Temporal has forgotten it', async () => {
    const { stores, engine, bill, end } = aLaunch();
    const { workflowId } = await bill();
    await end(workflowId);
    engine.forget(workflowId);

    expect(await bill()).toEqual({ workflowId, started: false });
    expect(engine.starts).toHaveLength(1);
    expect(await stores.runs.find(workflowId)).toMatchObject({ state: 'closed' });
  });

  it('greets nobody twice for one adding, and again who comes back', async () => {
    const { stores, engine, welcome, end } = aLaunch();
    const { workflowId } = await welcome();
    await end(workflowId);

    expect(await welcome()).toEqual({ workflowId, started: false });
    expect(await stores.runs.find(workflowId)).toMatchObject({ state: 'closed' });

    expect(await welcome('2026-04-01T02:00:00.000Z')).toEqual({ workflowId, started: true });
    expect(engine.starts).toHaveLength(2);
  });

  it('does not open the row of a run that began and ended before its row was written', async () => {
    const { stores, engine, bill, end } = aLaunch();
    const start = engine.start.bind(engine);
    engine.start = async (journey, workflowId, input, about) => {
      const answer = await start(journey, workflowId, input, about);
      await stores.runs.open({
        workflowId,
        journey,
        ...CONTACT,
        entry: '2026-03-02',
        startedAt: AT,
      });
      await end(workflowId);
      return answer;
    };

    const { workflowId } = await bill();
    expect(await stores.runs.find(workflowId)).toMatchObject({ state: 'closed' });
  });
});

describe('touches of waves that wait for staff', () => {
  const task: WaveContact = {
    ...{ waveId: 'wave/month/bill/2026-03-02', contactId: 'c-1', city: 'yunfu', state: 'tasked' },
    ...{ plannedAt: AT, dueAt: '2026-03-09T00:00:00.000Z', channel: 'wecom', attempt: 1, at: AT },
    revision: 1,
  };

  async function withTask() {
    const stores = createMemoryStores();
    const engine = createFakeEngine();
    await stores.waves.enrol([task]);
    const due = async () => (await stores.waves.dueTasks(AT, 10)).length;
    return { stores, engine, due };
  }

  it('are judged again when something has changed for their customer', async () => {
    const { due, ...deps } = await withTask();
    await wakeRuns(deps, 'c-1', 'profile');
    expect(deps.engine.asked.waveReviews).toBe(1);
    expect(await due()).toBe(1);
  });

  it('are judged again when the customer refuses, and left alone by whatever concerns others', async () => {
    const { due, ...deps } = await withTask();
    await wakeRuns(deps, 'c-1', 'slots');
    await signalRuns(deps, 'c-2', { kind: 'opted-out', at: AT });
    expect(deps.engine.asked.waveReviews).toBe(0);
    expect(await due()).toBe(0);
    await signalRuns(deps, 'c-1', { kind: 'opted-out', at: AT });
    expect(deps.engine.asked.waveReviews).toBe(1);
    expect(await due()).toBe(1);
  });
});
