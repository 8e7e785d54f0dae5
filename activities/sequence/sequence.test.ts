import { createSequenceDoor } from '../../intake/sequences/sequenceDoor';
import type { Sequence } from '../../rules/sequence/sequence';
import { aScenario, NOON, type Scenario } from '../../test/fakes/touchScenario';
import { addTags, hasTag, setStage } from './contact';
import { enterSequence } from './enter';
import { sequencePlan, stepApplies, stepDate } from './plan';
import { keepStep } from './steps';

const AT = new Date(NOON).toISOString();
const CALLER = { workflowId: 'sequence/c-1/new-friend', runId: 'r-1' };
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const window = { from: '10:00', to: '12:00' };

const NEW_FRIEND: Sequence = {
  start: { kind: 'added' },
  reentry: 'after-exit',
  audience: { city: 'yunfu' },
  stopWhen: [{ kind: 'replied' }],
  steps: [
    {
      ...{ id: 'offer', day: 3, window },
      when: { 'run.replied': false, city: 'yunfu' },
      do: { kind: 'send', channel: 'sms', class: 'marketing', template: 't' },
    },
    { id: 'call', day: 5, window, do: { kind: 'call', scene: 's-58', template: 't-service@1' } },
  ],
};

async function aTown(change: Partial<Sequence> = {}) {
  const scenario = await aScenario();
  const { deps, published } = scenario.ask([]);
  const { stores } = scenario;
  await stores.templates.publish('t', 1, 'ann', AT);
  await publish(scenario, { ...NEW_FRIEND, ...change });

  const sequenceDoor = createSequenceDoor({
    ...{ stores, engine: scenario.engine, clock: deps.clock },
    ...{ log: silent, timezone: 'Asia/Shanghai' },
  });
  return { ...scenario, deps: { ...deps, sequenceDoor }, published };
}

async function publish({ stores }: Pick<Scenario, 'stores'>, body: Sequence): Promise<void> {
  const { version } = await stores.sequences.draft('new-friend', body, 'ann', AT);
  await stores.sequences.publish('new-friend', version, 'ann', AT);
}

const run = { replied: false, bought: false, steps: {} };
const step = { contactId: 'c-1', sequence: 'new-friend@1', step: 'offer' };

describe('a published sequence', () => {
  test('says of each step by which personal feature its contact was picked', async () => {
    const featuresOf = async (change: Partial<Sequence>) => {
      const { deps } = await aTown(change);
      const { steps } = await sequencePlan(deps, { sequence: 'new-friend@1' });
      return steps.map(({ pickedBy = null }) => pickedBy);
    };
    const [offer, call] = NEW_FRIEND.steps;
    if (!offer || !call) throw new Error('two steps');
    const byPlan = { ...offer, when: { 'plan.fee': { $lt: 58 } } };

    expect(await featuresOf({})).toEqual([null, null]);
    expect(await featuresOf({ steps: [byPlan, call] })).toEqual(['plan', null]);
    expect(await featuresOf({ audience: { brand: 'globe' } })).toEqual(['brand', 'brand']);
    expect(await featuresOf({ start: { kind: 'birthday' } })).toEqual(['birthday', 'birthday']);
  });

  test('is carried without its conditions, and with its texts pinned', async () => {
    const { deps } = await aTown();
    expect(await sequencePlan(deps, { sequence: 'new-friend@1' })).toEqual({
      stopWhen: [{ kind: 'replied' }],
      atEnd: [],
      steps: [
        {
          ...{ id: 'offer', day: 3, window, isConditional: true },
          do: { kind: 'send', channel: 'sms', class: 'marketing', template: 't@1' },
        },
        { ...NEW_FRIEND.steps[1] },
      ],
    });
  });

  test('is the version that was asked for, whatever is published since', async () => {
    const town = await aTown();
    await publish(town, { ...NEW_FRIEND, steps: [] });
    expect((await sequencePlan(town.deps, { sequence: 'new-friend@1' })).steps).toHaveLength(2);
    expect((await sequencePlan(town.deps, { sequence: 'new-friend@2' })).steps).toHaveLength(0);
  });

  test('that nobody published begins nothing', async () => {
    const { deps, stores } = await aTown();
    await stores.sequences.draft('new-friend', NEW_FRIEND, 'ann', AT);
    await expect(sequencePlan(deps, { sequence: 'new-friend@2' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  test.each([
    [run, true],
    [{ ...run, replied: true }, false],
  ])('asks its condition of the contact and of the run: %j', async (given, applies) => {
    const { deps } = await aTown();
    expect(await stepApplies(deps, { ...step, run: given })).toBe(applies);
    expect(await stepApplies(deps, { ...step, contactId: 'c-9', run: given })).toBe(false);
  });

  test('knows the days of rest by the holiday table in force', async () => {
    const { deps, stores } = await aTown();
    const asked = { date: '2026-03-06', kind: 'work' } as const;
    expect(await stepDate(deps, asked)).toEqual({ date: '2026-03-06' });

    await stores.holidays.draft('cn', { days: { '2026-03-06': 'rest' }, names: {} }, 'ann', AT);
    await stores.holidays.publish('cn', 1, 'ann', AT);
    expect(await stepDate(deps, asked)).toEqual({ date: '2026-03-09' });
  });
});

describe('what a step does of the contact', () => {
  test('tags add up, once each, and other runs hear of them', async () => {
    const { deps, stores, engine } = await aTown();
    const about = { journey: 'sequence', contactId: 'c-1', city: 'yunfu', startedAt: AT } as const;
    for (const workflowId of [CALLER.workflowId, 'sequence/c-1/other']) {
      await engine.start('sequence', workflowId, {} as never);
      await stores.runs.open({ ...about, workflowId });
    }

    for (const tags of [['new'], ['new', 'vip']])
      await addTags(deps, CALLER, { contactId: 'c-1', tags });

    expect((await stores.contacts.find('c-1'))?.facts?.tags).toEqual(['new', 'vip']);
    expect(await hasTag(deps, { contactId: 'c-1', tags: ['gone', 'vip'] })).toBe(true);
    expect(await hasTag(deps, { contactId: 'c-1', tags: ['gone'] })).toBe(false);
    expect(engine.signalled.map(({ workflowId }) => workflowId)).toEqual([
      'sequence/c-1/other',
      'sequence/c-1/other',
    ]);
  });

  test('a stage is a fact of its instant', async () => {
    const { deps, stores } = await aTown();
    await setStage(deps, CALLER, { contactId: 'c-1', stage: 'warm' });
    expect(await stores.contacts.find('c-1')).toMatchObject({
      facts: { stage: 'warm' },
      factTimes: { stage: { asOf: AT } },
    });
  });

  test('a step is kept under its version and city, and nothing of who is forgotten', async () => {
    const { deps, stores } = await aTown();
    const kept = { ...step, stepId: 'x/offer', dueAt: AT, at: AT, state: 'done' } as const;
    await keepStep(deps, CALLER, kept);
    await keepStep(deps, CALLER, { ...kept, stepId: 'y', contactId: 'c-9' });

    expect(await stores.sequenceSteps.ofRun(CALLER.workflowId)).toMatchObject([
      { stepId: 'x/offer', sequenceId: 'new-friend', version: 1, city: 'yunfu', state: 'done' },
    ]);
  });
});

describe('the next sequence', () => {
  const next = { contactId: 'c-1', sequence: 'new-friend', occasion: 'after-r', at: AT };

  test('begins in the version in force, once', async () => {
    const { deps, engine, stores } = await aTown();
    expect(await enterSequence(deps, next)).toEqual({ entered: true });
    expect(engine.starts).toMatchObject([
      {
        workflowId: 'sequence/c-1/new-friend',
        input: { sequence: 'new-friend@1', entry: 'new-friend/after-r', reentry: 'after-exit' },
      },
    ]);
    expect(await enterSequence(deps, next)).toEqual({ entered: true });
    expect(engine.starts).toHaveLength(1);
    expect(await stores.runs.ofContact('c-1')).toMatchObject([{ entry: 'new-friend/after-r' }]);
  });

  test('lets nobody in whom its audience, its re-entry rule or its absence keeps out', async () => {
    const { deps } = await aTown({ audience: { city: 'guangzhou' } });
    expect(await enterSequence(deps, next)).toMatchObject({ why: 'outside-audience' });
    const gone = { ...next, sequence: 'gone' };
    expect(await enterSequence(deps, gone)).toMatchObject({ why: 'not-published' });

    const town = await aTown();
    await enterSequence(town.deps, next);
    const again = { ...next, occasion: 'after-q' };
    expect(await enterSequence(town.deps, again)).toEqual({
      ...{ entered: false, why: 'is-in-now' },
    });
  });
});
