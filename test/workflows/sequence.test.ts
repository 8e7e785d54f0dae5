import type { EndTasksInput, KeepStepInput } from '../../activities/contract';
import type { TaskSettled } from '../../rules/journey/messages';
import type { PlanStep, SequencePlan } from '../../rules/sequence/plan';
import {
  heldUntil,
  journeyTests,
  MONDAY_TEN,
  type Script,
  suppressed,
  type TestRun,
  taskedFor,
} from '../../testing/journeyTests';

const journeys = journeyTests();

const hello: PlanStep = {
  id: 'hello',
  day: 0,
  window: { from: '09:00', to: '20:00' },
  do: { kind: 'send', channel: 'wecom', class: 'service', template: 't-hello@3' },
};
const call: PlanStep = {
  id: 'call',
  day: 1,
  window: { from: '10:00', to: '12:00' },
  do: { kind: 'call', scene: 's-58' },
};
const offer: PlanStep = {
  id: 'offer',
  day: 3,
  window: { from: '10:00', to: '18:00' },
  do: { kind: 'send', channel: 'sms', class: 'marketing', template: 't-58@1', product: 'p-58' },
};

const START = {
  sequence: 'new-friend@2',
  occasion: 'e-1',
  at: MONDAY_TEN,
  reentry: 'never',
  staffId: 's-1',
};

const planned = (
  steps: readonly PlanStep[],
  more: Partial<SequencePlan> = {},
  script: Script = {},
): Script => ({
  ...script,
  sequencePlan: async () => ({ steps, stopWhen: [], atEnd: [], ...more }),
});

const begin = (script: Script, at = MONDAY_TEN, start: object = {}) =>
  journeys.start('sequence', { ...START, ...start }, script, at);

/** The last that was kept of every step: `hello done`, `call missed not-done`. */
function kept(run: TestRun): string[] {
  const notes = new Map<string, string>();
  for (const { step, state, reason, detail } of run.inputs('keepStep') as KeepStepInput[])
    notes.set(step, [step, state, reason, detail].filter((word) => word !== undefined).join(' '));

  return [...notes.values()];
}

const settleTask = async (
  run: TestRun,
  step: string,
  settled: Omit<TaskSettled, 'taskId' | 'at'>,
) =>
  run.signal('taskSettled', {
    taskId: `${run.workflowId}/${step}`,
    at: await run.now(),
    ...settled,
  });

describe('the steps of a sequence', () => {
  test.concurrent('are done each in its time, by the version with which the run began', async () => {
    const run = await begin(planned([hello, call, offer]));
    await run.later({ days: 1, hours: 1 });
    await settleTask(run, 'call', { outcome: 'done' });

    expect(await run.end()).toBe('completed');
    expect(run.touches()).toEqual([
      '2090-03-06 10:00 · hello · wecom t-hello@3 · sent',
      '2090-03-09 10:00 · offer · sms t-58@1 · sent',
    ]);
    expect(run.inputs('openTask')).toEqual([
      {
        ...{ taskId: `${run.workflowId}/call`, kind: 'call', contactId: 'c-1', staffId: 's-1' },
        ...{ sequence: 'new-friend@2', step: 'call' },
        dueAt: '2090-03-07T02:00:00.000Z',
        dueBy: '2090-03-07T04:00:00.000Z',
        expiresAt: '2090-03-07T04:00:00.000Z',
      },
    ]);
    expect(run.inputs('sequencePlan')).toEqual([{ sequence: 'new-friend@2' }]);
    expect(kept(run)).toEqual(['hello done', 'call done', 'offer done']);
  });

  test.concurrent('say of each message by which personal feature the customer was picked', async () => {
    const run = await begin(planned([hello, { ...offer, pickedBy: 'plan' }]));
    await run.end();
    expect(run.inputs('touch')).toMatchObject([{ step: 'hello' }, { pickedBy: 'plan' }]);
    expect(run.inputs('touch')[0]).not.toHaveProperty('pickedBy');
  });

  test.concurrent("come in the customer's own zone, and follow a customer who moves", async () => {
    const script = planned([offer], {}, { timezone: 'Asia/Urumqi' });
    const moved = { ...script, contactZone: async () => ({ timezone: 'Asia/Tokyo' }) };
    const run = await begin(moved);
    await run.signal('changed', { what: 'profile' });
    await run.end();

    expect(run.inputs('touch')).toHaveLength(1);
    const [, asked] = run.inputs('keepStep') as KeepStepInput[];
    expect(asked?.dueAt).toBe('2090-03-09T01:00:00.000Z');
  });

  test.concurrent('are asked for their condition, with what the run knows of itself', async () => {
    const asked: object[] = [];
    const script = planned(
      [hello, { ...offer, isConditional: true }],
      {},
      {
        stepApplies: async ({ run, step }) => {
          asked.push({ step, run });
          return false;
        },
      },
    );
    const run = await begin(script);
    await run.customer({ kind: 'spoke' });

    expect(await run.end()).toBe('completed');
    expect(asked).toEqual([
      { step: 'offer', run: { replied: true, bought: false, steps: { hello: 'done' } } },
    ]);
    expect(kept(run)).toEqual(['hello done', 'offer skipped condition']);
  });

  test.concurrent('move to a work day when they keep to those', async () => {
    const moves: Readonly<Record<string, string>> = { '2090-03-09': '2090-03-13' };
    const script = planned(
      [{ ...offer, onlyOn: 'work' }],
      {},
      {
        stepDate: async ({ date }) => ({ date: moves[date] ?? date }),
      },
    );
    const run = await begin(script);

    expect(await run.end()).toBe('completed');
    expect(run.touches()).toEqual(['2090-03-13 10:00 · offer · sms t-58@1 · sent']);
  });

  test.concurrent('wait for no other: one that staff have not confirmed keeps no step from its time', async () => {
    const late = { ...hello, lateWithinHours: 48 };
    const script = planned([late, call], {}, { touches: { hello: taskedFor(40) } });
    const run = await begin(script);
    await run.later({ hours: 25 });
    expect(run.inputs('openTask')).toHaveLength(1);
    expect((await run.progress()).steps).toEqual([
      { step: 'hello', state: 'due' },
      { step: 'call', state: 'due' },
    ]);

    await run.settled('hello', 'sent');
    await settleTask(run, 'call', { outcome: 'not-reached' });
    expect(await run.end()).toBe('completed');
    expect(kept(run)).toEqual(['hello late', 'call done not-reached']);
  });

  test.concurrent('tag the customer, set the stage, and tell a member without waiting', async () => {
    const at = { day: 0, window: { from: '09:00', to: '20:00' } };
    const run = await begin(
      planned([
        { ...at, id: 'tag', do: { kind: 'tag', tags: ['new'] } },
        { ...at, id: 'stage', do: { kind: 'stage', stage: 'warm' } },
        { ...at, id: 'tell', do: { kind: 'notice', template: 't-note@1' } },
      ]),
    );

    expect(await run.end()).toBe('completed');
    expect(run.inputs('tagCustomer')).toEqual([
      { contactId: 'c-1', staffId: 's-1', tags: ['new'] },
    ]);
    expect(run.inputs('addTags')).toEqual([{ contactId: 'c-1', tags: ['new'] }]);
    expect(run.inputs('setStage')).toEqual([{ contactId: 'c-1', stage: 'warm' }]);
    expect(kept(run)).toEqual(['tag done', 'stage done', 'tell done']);
  });
});

test.concurrent('a WeCom that is away keeps no step from its time, and is told of the tag when it is back', async () => {
  let isAway = true;
  const tagCustomer = async () => {
    if (isAway) throw new Error('WeCom is away');
  };
  const tag: PlanStep = { ...hello, id: 'tag', do: { kind: 'tag', tags: ['new'] } };
  const run = await begin(planned([tag, hello], {}, { tagCustomer }));
  await run.later({ minutes: 5 });
  expect(kept(run)).toEqual(['tag done', 'hello done']);

  isAway = false;
  expect(await run.end()).toBe('completed');
});

describe('a step past its time', () => {
  const LATE = '2090-03-08T09:00:00+08:00'; // nothing ran for two days

  test.concurrent('is missed and counted, never sent late', async () => {
    const run = await begin(planned([hello, call, offer]), LATE);

    expect(await run.end()).toBe('completed');
    expect(run.touches()).toEqual(['2090-03-09 10:00 · offer · sms t-58@1 · sent']);
    expect(kept(run)).toEqual([
      'hello missed window-over',
      'call missed window-over',
      'offer done',
    ]);
  });

  test.concurrent('is done all the same when it may be late, and counts as late', async () => {
    const run = await begin(planned([{ ...hello, lateWithinHours: 48 }]), LATE);

    expect(await run.end()).toBe('completed');
    expect(run.touches()).toEqual(['2090-03-08 09:00 · hello · wecom t-hello@3 · sent']);
    expect(kept(run)).toEqual(['hello late']);
  });

  test.concurrent('is missed when an operator paused the run over it, and the next one is done', async () => {
    const run = await begin(planned([call, offer]));
    await run.signal('pause', { by: 'ops' });
    await run.later({ days: 2 });
    await run.signal('resume', { by: 'ops' });

    expect(await run.end()).toBe('completed');
    expect(kept(run)).toEqual(['call missed window-over', 'offer done']);
  });

  test.concurrent('is skipped when its window was over before the event', async () => {
    const early = { ...hello, window: { from: '08:00', to: '09:00' } };
    const run = await begin(planned([early]));

    expect(await run.end()).toBe('completed');
    expect(kept(run)).toEqual(['hello skipped over-before']);
  });

  test.concurrent('is missed when the gate held it for too long, or nobody confirmed it', async () => {
    const touches = { hello: suppressed('expired'), offer: taskedFor(1) };
    const run = await begin(planned([hello, offer], {}, { touches }));

    expect(await run.end()).toBe('completed');
    expect(run.inputs('touch')).toMatchObject([
      { expiresAt: '2090-03-06T12:00:00.000Z' },
      { expiresAt: '2090-03-09T10:00:00.000Z' },
    ]);
    expect(kept(run)).toEqual(['hello missed held', 'offer missed unconfirmed']);
  });

  test.concurrent('is skipped when the gate says no', async () => {
    const run = await begin(planned([hello], {}, { touches: { hello: suppressed('consent') } }));

    expect(await run.end()).toBe('completed');
    expect(kept(run)).toEqual(['hello skipped gate consent']);
  });

  test.concurrent('is asked again when the gate holds it within its window', async () => {
    const touches = { hello: [heldUntil('2090-03-06T06:00:00.000Z'), taskedFor(2)] };
    const run = await begin(planned([hello], {}, { touches }));
    await run.later({ hours: 5 });
    await run.settled('hello', 'sent');

    expect(await run.end()).toBe('completed');
    expect(run.asked()).toEqual(['hello#1', 'hello#2']);
    expect(kept(run)).toEqual(['hello done']);
  });
});

describe('a task of a member', () => {
  test.concurrent('that nobody does is missed, and ended as that', async () => {
    const run = await begin(planned([call]));

    expect(await run.end()).toBe('completed');
    expect(run.inputs('endTasks')).toEqual([
      { contactId: 'c-1', taskIds: [`${run.workflowId}/call`], as: 'missed' },
    ]);
    expect(kept(run)).toEqual(['call missed not-done']);
  });

  test.concurrent('that was postponed is still to be done, and late after its window', async () => {
    const run = await begin(planned([{ ...call, lateWithinHours: 24 }]));
    await run.later({ days: 1, hours: 1 });
    await settleTask(run, 'call', { outcome: 'postponed', until: '2090-03-07T07:00:00.000Z' });
    await run.later({ hours: 4 });
    await settleTask(run, 'call', { outcome: 'done' });

    expect(await run.end()).toBe('completed');
    expect(kept(run)).toEqual(['call late']);
  });

  test.concurrent('that was done as its time ended counts as done', async () => {
    const endTasks = async ({ taskIds: [taskId = ''] }: EndTasksInput) => [
      { taskId, outcome: 'done' as const, at: '2090-03-07T03:59:59.000Z' },
    ];
    const run = await begin(planned([call], {}, { endTasks }));

    expect(await run.end()).toBe('completed');
    expect(kept(run)).toEqual(['call done']);
  });
});

describe('a sequence ends early', () => {
  test.concurrent.each([
    [{ kind: 'replied' }, { kind: 'spoke' }, 'replied'],
    [
      { kind: 'converted', products: ['p-58'] },
      { kind: 'converted', product: 'p-58' },
      'converted',
    ],
    [{ kind: 'opted-out' }, { kind: 'opted-out', channel: 'sms' }, 'opted-out'],
    [{ kind: 'deleted' }, { kind: 'friend-removed', staffId: 's-1' }, 'deleted'],
  ] as const)('by %j', async (rule, event, ending) => {
    const run = await begin(planned([hello, call, offer], { stopWhen: [rule] }));
    await run.later({ days: 1, hours: 1 });
    await run.customer(event);

    expect(await run.end()).toBe(ending);
    expect(run.inputs('endTasks')).toMatchObject([{ as: 'cancelled' }]);
    expect(kept(run)).toEqual(['hello done', `call skipped stopped ${ending}`]);
  });

  test.concurrent('and not by what is no stop condition of it', async () => {
    const stopWhen = [{ kind: 'converted', products: ['p-58'] }] as const;
    const run = await begin(planned([offer], { stopWhen }));
    await run.customer({ kind: 'spoke' });
    await run.customer({ kind: 'converted', product: 'p-99' });
    await run.customer({ kind: 'opted-out', channel: 'wecom' });

    expect(await run.end()).toBe('completed');
  });

  test.concurrent('when every channel is closed, whatever its stop conditions are', async () => {
    const run = await begin(planned([offer]));
    await run.customer({ kind: 'opted-out' });

    expect(await run.end()).toBe('opted-out');
    expect(run.touches()).toEqual([]);
  });

  test.concurrent('by a tag that the customer gets meanwhile', async () => {
    const tags = ['vip'];
    let isTagged = false;
    const script = { hasTag: async () => isTagged };
    const run = await begin(
      planned([call, offer], { stopWhen: [{ kind: 'tagged', tags }] }, script),
    );
    await run.later({ days: 2 });
    isTagged = true;
    await run.signal('changed', { what: 'profile' });

    expect(await run.end()).toBe('tagged');
    expect(run.touches()).toEqual([]);
  });

  test.concurrent('and takes back a message that staff have not confirmed', async () => {
    const touches = { hello: taskedFor(8) };
    const run = await begin(planned([hello], { stopWhen: [{ kind: 'replied' }] }, { touches }));
    await run.customer({ kind: 'spoke' });

    expect(await run.end()).toBe('replied');
    expect(run.inputs('withdrawTouch')).toMatchObject([{ why: 'replied' }]);
    expect(kept(run)).toEqual(['hello skipped stopped replied']);
  });

  test.concurrent('by an operator, and then nothing follows', async () => {
    const atEnd = [{ do: { kind: 'next', sequence: 'silent' } }] as const;
    const run = await begin(planned([offer], { atEnd }));
    await run.signal('stop', { by: 'ops' });

    expect(await run.end()).toBe('stopped');
    expect(run.inputs('enterSequence')).toEqual([]);
  });
});

describe('at the end of a sequence', () => {
  const atEnd = [
    { do: { kind: 'next', sequence: 'silent-customer' } },
    { on: ['replied', 'converted'], do: { kind: 'tag', tags: ['warm'] } },
  ] as const;

  test.concurrent('who went through all of it is tagged or handed on, once', async () => {
    const run = await begin(planned([hello], { atEnd }));

    expect(await run.end()).toBe('completed');
    expect(run.inputs('enterSequence')).toMatchObject([
      {
        ...{ contactId: 'c-1', sequence: 'silent-customer', staffId: 's-1' },
        occasion: expect.stringMatching(/^after-/),
      },
    ]);
    expect(run.inputs('addTags')).toEqual([]);
  });

  test.concurrent('who left it early gets what belongs to that ending', async () => {
    const stopWhen = [{ kind: 'replied' }] as const;
    const run = await begin(planned([offer], { atEnd, stopWhen }));
    await run.customer({ kind: 'spoke' });

    expect(await run.end()).toBe('replied');
    expect(run.inputs('addTags')).toEqual([{ contactId: 'c-1', tags: ['warm'] }]);
    expect(run.inputs('enterSequence')).toEqual([]);
  });
});

test.concurrent('an accepted offer is ordered at once, and the sequence goes on', async () => {
  const first = { ...offer, day: 0, window: { from: '09:00', to: '20:00' } };
  const run = await begin(planned([first, { ...call, day: 5 }]));
  const touchId = `${run.workflowId}/offer`;
  await run.customer({
    ...{ kind: 'accepted', product: 'p-58', touchId, acceptance: touchId, eventId: 'e-9' },
  });

  expect(run.inputs('placeOrder')).toEqual([
    {
      orderKey: `order/c-1/p-58/${touchId}`,
      ...{ contactId: 'c-1', product: 'p-58', staffId: 's-1' },
    },
  ]);
  expect(await run.end()).toBe('completed');
  expect(run.inputs('returnAcceptances')).toEqual([]);
});
