import { createMemoryStores } from '../models/memory/stores';
import { createFakeEngine } from '../test/fakes/engine';
import { launch } from './launch';

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
