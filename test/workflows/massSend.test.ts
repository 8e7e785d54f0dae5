import { ApplicationFailure } from '@temporalio/common';
import { journeyTests, MONDAY_TEN, type Script, type TestRun } from '../../testing/journeyTests';

const journeys = journeyTests();

const REF = { msgid: 'msg-1', staffId: 's-1' };
const DEADLINE = '2090-03-07T02:00:00.000Z';

const following = async (script: Script, input: object = {}): Promise<TestRun> =>
  journeys.start('massSend', { version: 2, ...REF, deadline: DEADLINE, ...input }, script);

/** Answers one by one; the last stays. */
function waiting(...answers: readonly number[]): () => Promise<number> {
  let asked = 0;
  return async () => answers[Math.min(asked++, answers.length - 1)] ?? 0;
}

const minutes = (run: TestRun) =>
  run
    .calls()
    .filter(({ activity }) => activity === 'settleMassSend')
    .map(({ at }) => Math.round((Date.parse(at) - Date.parse(MONDAY_TEN)) / 60_000));

test.concurrent('asks with back-off, then hourly, while staff have not acted', async () => {
  const run = await following({ settleMassSend: waiting(3) });
  await run.later({ hours: 4 });
  expect(minutes(run)).toEqual([0, 1, 2, 4, 8, 16, 31, 61, 121, 181]);
  expect(run.inputs('settleMassSend')[0]).toEqual(REF);
});

test.concurrent('ends when every touch in it is settled', async () => {
  const run = await following({ settleMassSend: waiting(3, 1, 0) });
  expect(await run.end()).toBe('settled');
  expect(run.inputs('closeMassSend')).toEqual([]);
});

test.concurrent('reminds three times at most, and is cancelled at its deadline', async () => {
  const run = await following({ settleMassSend: waiting(2) });
  expect(await run.end()).toBe('cancelled');
  expect(run.inputs('remindMassSend')).toHaveLength(3);
  expect(run.inputs('closeMassSend')).toEqual([REF]);
  expect(await run.now()).toMatch(/^2090-03-07T02:00/);
});

const refusedForGood = () => ApplicationFailure.nonRetryable('WeCom says no', 'INVALID_INPUT');
/** Fails for good so often, then answers. */
function refusing<T>(times: number, answer: T): () => Promise<T> {
  let asked = 0;
  return async () => {
    asked += 1;
    if (asked <= times) throw refusedForGood();
    return answer;
  };
}

test.concurrent('never fails: what WeCom refuses for good is asked again at the next look', async () => {
  const run = await following({ settleMassSend: refusing(3, 0) });
  expect(await run.end()).toBe('settled');
  expect(minutes(run)).toEqual([0, 1, 2, 4]);
});

test.concurrent('a reminder refused for good ends nothing', async () => {
  const run = await following({
    settleMassSend: waiting(2),
    remindMassSend: refusing(9, true),
  });
  expect(await run.end()).toBe('cancelled');
  expect(run.inputs('remindMassSend')).toHaveLength(3);
});

test.concurrent('after the deadline the result is read late rather than never', async () => {
  const run = await following({
    settleMassSend: waiting(2),
    closeMassSend: refusing(3, undefined),
  });
  expect(await run.end()).toBe('cancelled');
  expect(run.inputs('closeMassSend')).toHaveLength(4);
});

test.concurrent('a withdrawal that WeCom refuses for good is tried again at the next look', async () => {
  const run = await following({
    settleMassSend: waiting(2),
    withdrawFromMassSend: refusing(2, 0),
  });
  await run.signal('withdraw', { touchId: 't-1' });
  expect(await run.end()).toBe('settled');
  expect(run.inputs('withdrawFromMassSend')).toHaveLength(3);
});

test.concurrent('a withdrawal is acted on at once, and the rest is waited for', async () => {
  const run = await following({ settleMassSend: waiting(2), withdrawFromMassSend: waiting(2, 0) });
  await run.signal('withdraw', { touchId: 't-1' });
  await run.idle();
  expect(run.inputs('withdrawFromMassSend')).toEqual([REF]);

  await run.signal('withdraw', { touchId: 't-2' });
  expect(await run.end()).toBe('settled');
  expect(run.inputs('withdrawFromMassSend')).toEqual([REF, REF]);
  expect(minutes(run)).toEqual([]);
});

test.concurrent('one made in the place of another first looks for what it lost meanwhile', async () => {
  const script = { settleMassSend: waiting(2, 0), withdrawFromMassSend: waiting(2) };
  const run = await following(script, { isRemade: true });
  expect(await run.end()).toBe('settled');
  expect(run.calls().map(({ activity }) => activity)).toEqual([
    'withdrawFromMassSend',
    'settleMassSend',
    'settleMassSend',
  ]);
});

test.concurrent('ten thousand touches cost it no more events than one', async () => {
  const run = await following({ settleMassSend: waiting(10_000, 10_000, 0) });
  expect(await run.end()).toBe('settled');
  expect(await run.eventCount()).toBeLessThanOrEqual(40);
});

test.concurrent('says what it waits for from its beginning', async () => {
  const run = await following({ settleMassSend: waiting(2) });
  const { currentDetails } = await run.query<{ currentDetails: string }>(
    '__temporal_workflow_metadata',
  );
  expect(currentDetails).toContain('mass send: **msg-1**');
});
