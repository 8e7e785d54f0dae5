// Sequences over the real activities, the gate and stores, with skipped time.

import type { Sequence, SequenceStep } from '../../rules/sequence/sequence';
import { type CityRun, openCity, type Setup } from '../support/city';

const city = openCity();
afterAll(async () => (await city).close());
jest.setTimeout(60_000);

const BEFORE = '2020-01-01T00:00:00.000Z';
const MONDAY_TEN = '2090-03-06T10:00:00+08:00';
const window = { from: '10:00', to: '18:00' };

const hello: SequenceStep = {
  ...{ id: 'hello', day: 0, window },
  do: { kind: 'send', channel: 'wecom', class: 'service', template: 'bill-balance' },
};
const offer: SequenceStep = {
  ...{ id: 'offer', day: 1, window },
  do: { kind: 'send', channel: 'sms', class: 'marketing', template: 'plan-upsell' },
};

async function published(id: string, body: Partial<Sequence>): Promise<string> {
  const { sequences } = (await city).stores;
  const whole = { start: { kind: 'added' }, reentry: 'never', steps: [], ...body } as const;
  const { version } = await sequences.draft(id, whole, 'ann', BEFORE);
  await sequences.publish(id, version, 'ann', BEFORE);
  return `${id}@${version}`;
}

const begin = async (sequence: string, at = MONDAY_TEN, setup?: Setup): Promise<CityRun> =>
  (await city).start(
    'sequence',
    { sequence, occasion: 'e-1', at: MONDAY_TEN, reentry: 'never', staffId: 's-1' },
    at,
    setup,
  );

const kept = async ({ workflowId }: CityRun): Promise<string[]> =>
  (await (await city).stores.sequenceSteps.ofRun(workflowId)).map((step) =>
    [step.step, step.state, step.reason, step.detail].filter((word) => word).join(' '),
  );

test.concurrent('a customer goes through it: told, tagged, asked after by a member, handed on', async () => {
  await published('after-care', { steps: [hello] });
  const ref = await published('care', {
    steps: [
      { ...hello, id: 'stage', do: { kind: 'stage', stage: 'new' } },
      { ...hello, id: 'tag', do: { kind: 'tag', tags: ['friend'] } },
      hello,
      // The second day of a rest of two, then a work day.
      {
        ...hello,
        id: 'call',
        day: 3,
        onlyOn: 'work',
        do: { kind: 'call', template: 'plan-upsell' },
      },
      { ...hello, id: 'only-new', day: 5, when: { 'facts.stage': 'old' } },
    ],
    atEnd: [{ do: { kind: 'next', sequence: 'after-care' } }],
  });
  const run = await begin(ref);
  await run.advance({ days: 4, minutes: 1 });
  const { stores, engine } = await city;

  const [task] = await stores.staffTasks.list({ contactId: run.contactId, limit: 9 });
  expect(task).toMatchObject({ kind: 'call', staffId: 's-1', dueAt: '2090-03-10T02:00:00.000Z' });
  await run.signal('taskSettled', { taskId: task?.taskId, outcome: 'done', at: task?.dueAt });

  expect(await run.end()).toBe('completed');
  expect(await kept(run)).toEqual([
    'hello done',
    'stage done',
    'tag done',
    'call done',
    'only-new skipped condition',
  ]);
  expect((await stores.contacts.find(run.contactId))?.facts).toMatchObject({
    ...{ stage: 'new', tags: ['friend'] },
  });
  expect(engine.starts.map(({ workflowId }) => workflowId)).toContain(
    `sequence/${run.contactId}/after-care`,
  );
});

test.concurrent('what the gate holds beyond its window is missed; what is sent has asked it', async () => {
  const ref = await published('gated', {
    steps: [
      offer,
      { ...offer, id: 'same-day' },
      { ...offer, id: 'on-holiday', day: 2 },
      { ...offer, id: 'after-holiday', day: 2, lateWithinHours: 60 },
    ],
  });
  const run = await begin(ref);

  expect(await run.end()).toBe('completed');
  expect(await kept(run)).toEqual([
    'offer done',
    'same-day missed held',
    'after-holiday late',
    'on-holiday missed held',
  ]);
  expect((await run.decisions()).sort()).toEqual([
    'after-holiday deferred rest-day 03-08T10:00',
    'after-holiday pass 03-10T09:00',
    'offer pass 03-07T10:00',
    'on-holiday suppressed expired 03-08T10:00',
    'same-day suppressed expired 03-07T10:00',
  ]);
});

test.concurrent('after a downtime its steps are counted as missed, and the numbers say so', async () => {
  const ref = await published('downtime', {
    steps: [
      hello,
      offer,
      { ...hello, id: 'late', lateWithinHours: 100 },
      { ...hello, id: 'last', day: 6 },
    ],
  });
  const runs = await Promise.all([
    begin(ref, '2090-03-09T12:00:00+08:00'),
    begin(ref, '2090-03-09T12:00:00+08:00'),
  ]);
  for (const run of runs) expect(await run.end()).toBe('completed');

  expect(await kept(runs[0] as CityRun)).toEqual([
    'hello missed window-over',
    'late late',
    'offer missed window-over',
    'last done',
  ]);
  const numbers = await (await city).stores.sequenceSteps.numbers('downtime');
  expect(numbers).toContainEqual({
    ...{ version: 1, step: 'hello', state: 'missed', reason: 'window-over', count: 2 },
  });
  expect(runs[0]?.channels.wecom.book).toHaveLength(2);
});

test.concurrent('who closes every channel is left alone, and the open task is taken from the member', async () => {
  const ref = await published('closed', {
    steps: [{ ...hello, id: 'call', do: { kind: 'call', template: 'plan-upsell' } }, offer],
  });
  const run = await begin(ref);
  const { stores } = await city;
  const [task] = await stores.staffTasks.list({ contactId: run.contactId, limit: 9 });
  await run.signal('contact', { kind: 'opted-out', at: MONDAY_TEN });

  expect(await run.end()).toBe('opted-out');
  expect(await kept(run)).toEqual(['call skipped stopped opted-out']);
  expect(await stores.staffTasks.find(task?.taskId ?? '')).toMatchObject({ state: 'cancelled' });
});
