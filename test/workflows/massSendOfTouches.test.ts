import { ApplicationFailure } from '@temporalio/common';
import type { MassSendState } from '../../activities/contract';
import {
  journeyTests,
  MONDAY_TEN,
  type Script,
  type TestRun,
  taskedFor,
} from '../../testing/journeyTests';

const journeys = journeyTests();

const DEADLINE = '2090-03-07T02:00:00.000Z';
const DELIVERED = '2090-03-06T02:30:00.000Z';
const aTouch = (touchId: string, workflowId = 'no-such-run') => ({
  touchId,
  contactId: `c-${touchId}`,
  externalUserId: `w-${touchId}`,
  workflowId,
});
const following = async (script: Script, input: object = {}): Promise<TestRun> =>
  journeys.start(
    'massSend',
    { msgid: 'msg-1', staffId: 's-1', touches: [aTouch('t-1')], deadline: DEADLINE, ...input },
    script,
  );
const waiting: MassSendState = { touchId: 't-1', state: 'waiting' };
const sent: MassSendState = { touchId: 't-1', state: 'sent', deliveredAt: DELIVERED };

/** Answers one by one; the last stays. */
function states(
  ...answers: (readonly MassSendState[] | null)[]
): NonNullable<Script['massSendStates']> {
  let asked = 0;
  return async () => answers[Math.min(asked++, answers.length - 1)] ?? null;
}
const minutes = (run: TestRun) =>
  run
    .calls()
    .filter(({ activity }) => activity === 'massSendStates')
    .map(({ at }) => Math.round((Date.parse(at) - Date.parse(MONDAY_TEN)) / 60_000));

test.concurrent('asks with back-off, then hourly, while WeCom dispatches and staff have not acted', async () => {
  const run = await following({ massSendStates: states(null, null, [waiting]) });
  await run.later({ hours: 4 });
  expect(minutes(run)).toEqual([0, 1, 2, 4, 8, 16, 31, 61, 121, 181]);
});

test.concurrent('settles with the instant of delivery what staff have sent, and ends', async () => {
  const run = await following({ massSendStates: states(null, [waiting], [sent]) });
  expect(await run.end()).toBe('settled');
  expect(run.inputs('settleTouch')).toEqual([
    {
      touchId: 't-1',
      contactId: 'c-t-1',
      channelRef: 'msg-1',
      settled: 'sent',
      deliveredAt: DELIVERED,
    },
  ]);
  expect(run.inputs('cancelMassSend')).toEqual([]);
});

test.concurrent('what the platform could not bring is released under its reason', async () => {
  const run = await following({
    massSendStates: states([{ touchId: 't-1', state: 'failed', why: 'not-a-friend' }]),
  });
  await run.end();
  expect(run.inputs('settleTouch')).toEqual([
    expect.objectContaining({ settled: 'released', why: 'not-a-friend' }),
  ]);
});

test.concurrent('reminds three times at most; at the deadline cancels first and releases the rest', async () => {
  const run = await following({ massSendStates: states([waiting]) });
  expect(await run.end()).toBe('cancelled');
  expect(run.inputs('remindMassSend')).toHaveLength(3);
  expect(run.inputs('settleTouch')).toEqual([
    expect.objectContaining({ settled: 'released', why: 'unconfirmed' }),
  ]);
  const called = run.calls().map(({ activity }) => activity);
  expect(called.slice(called.indexOf('cancelMassSend'))).toEqual([
    'cancelMassSend',
    'massSendStates',
    'settleTouch',
  ]);
});

test.concurrent('what staff sent in the last moment before the cancellation counts as sent', async () => {
  let cancelled = false;
  const run = await following({
    cancelMassSend: async () => {
      cancelled = true;
    },
    massSendStates: async () => (cancelled ? [sent] : [waiting]),
  });
  await run.end();
  expect(run.inputs('settleTouch')).toEqual([expect.objectContaining({ settled: 'sent' })]);
});

const refusedForGood = () => ApplicationFailure.nonRetryable('WeCom says no', 'INVALID_INPUT');

test.concurrent('never fails: what WeCom refuses for good is asked again at the next look', async () => {
  let asked = 0;
  const run = await following({
    massSendStates: async () => {
      asked += 1;
      if (asked < 4) throw refusedForGood();
      return [sent];
    },
  });
  expect(await run.end()).toBe('settled');
  expect(run.inputs('settleTouch')).toEqual([expect.objectContaining({ settled: 'sent' })]);
});

test.concurrent('a reminder refused for good ends nothing', async () => {
  const run = await following({
    massSendStates: states(
      [waiting],
      [waiting],
      [waiting],
      [waiting],
      [waiting],
      [waiting],
      [sent],
    ),
    remindMassSend: async () => {
      throw refusedForGood();
    },
  });
  expect(await run.end()).toBe('settled');
  expect(run.inputs('settleTouch')).toEqual([expect.objectContaining({ settled: 'sent' })]);
});

test.concurrent('after the deadline the result is read late rather than never', async () => {
  let cancelled = 0;
  let asked = 0;
  const run = await following({
    cancelMassSend: async () => {
      cancelled += 1;
      if (cancelled < 3) throw refusedForGood();
    },
    massSendStates: async () => {
      if (cancelled < 3) return [waiting];
      asked += 1;
      if (asked === 1) return null;
      if (asked === 2) throw refusedForGood();
      return [sent];
    },
  });
  expect(await run.end()).toBe('cancelled');
  expect(cancelled).toBe(3);
  expect(run.inputs('settleTouch')).toEqual([expect.objectContaining({ settled: 'sent' })]);
  expect(Date.parse(await run.now())).toBeGreaterThan(Date.parse(DEADLINE));
});

test.concurrent('a touch that cannot be settled holds up no other', async () => {
  const touches = [aTouch('t-1'), aTouch('t-2')];
  const both: MassSendState[] = [sent, { touchId: 't-2', state: 'failed', why: 'not-a-friend' }];
  const run = await following(
    {
      massSendStates: states(both),
      settleTouch: async ({ touchId }) => {
        if (touchId === 't-1') throw refusedForGood();
        return true;
      },
    },
    { touches },
  );
  expect(await run.end()).toBe('settled');
  expect(run.inputs('settleTouch')).toHaveLength(2);
});

test.concurrent('is cancelled early when every journey in it has withdrawn', async () => {
  const touches = [aTouch('t-1'), aTouch('t-2')];
  const both: MassSendState[] = [waiting, { touchId: 't-2', state: 'waiting' }];
  const run = await following({ massSendStates: states(both) }, { touches });
  await run.signal('withdraw', { touchId: 't-1' });
  expect(run.inputs('cancelMassSend')).toEqual([]);
  await run.signal('withdraw', { touchId: 't-2' });
  expect(await run.end()).toBe('cancelled');
  expect(run.inputs('settleTouch')).toEqual([
    expect.objectContaining({ touchId: 't-1', why: 'withdrawn' }),
    expect.objectContaining({ touchId: 't-2', why: 'withdrawn' }),
  ]);
  expect(Date.parse(await run.now())).toBeLessThan(Date.parse(DEADLINE));
});

test.concurrent('tells the journey, whose wait for staff ends with it', async () => {
  const offer = {
    triggerId: 't',
    product: 'p',
    template: 't',
    channel: 'wecom',
    fallback: [],
    expiresAt: DEADLINE,
  };
  const journey = await journeys.start('overage', offer, {
    touches: { 'offer-wecom': taskedFor(24) },
  });
  const touchId = `${journey.workflowId}/offer-wecom`;
  const run = await following(
    { massSendStates: states([{ touchId, state: 'sent', deliveredAt: DELIVERED }]) },
    { touches: [aTouch(touchId, journey.workflowId)] },
  );
  expect(await run.end()).toBe('settled');
  await journey.idle();
  expect(await journey.progress()).toMatchObject({ touches: [{ touchId, verdict: 'sent' }] });
});
