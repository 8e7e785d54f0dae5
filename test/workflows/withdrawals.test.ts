import { ApplicationFailure } from '@temporalio/common';
import type { TouchReview } from '../../activities/contract';
import {
  heldUntil,
  journeyTests,
  MONDAY_TEN,
  type Script,
  SENT,
  type TestRun,
  taskedFor,
} from '../../testing/journeyTests';

const journeys = journeyTests();

const OFFER = {
  triggerId: 'gz-overage',
  product: 'p-58',
  template: 't-overage',
  channel: 'wecom',
  fallback: ['sms'],
  expiresAt: '2090-03-07T10:00:00+08:00',
};
const offered = async (script: Script): Promise<TestRun> =>
  journeys.start('overage', OFFER, { touches: { 'offer-wecom': taskedFor(12) }, ...script });
const changed = async (run: TestRun, what: 'profile' | 'slots' | 'policy') => {
  await run.signal('changed', { what });
  await run.idle();
};
const wrong = (verdict: 'suppressed' | 'deferred', reason: string): TouchReview => ({
  stands: false,
  verdict,
  reason,
});

test.concurrent('a task that has become wrong is taken back, and the next channel has its turn', async () => {
  const run = await offered({ reviewTouch: async () => wrong('suppressed', 'consent') });
  expect(run.inputs('reviewTouch')).toEqual([]);

  await changed(run, 'profile');
  expect(run.inputs('reviewTouch')).toEqual([
    expect.objectContaining({ step: 'offer-wecom', relevance: [expect.anything()] }),
  ]);
  expect(run.asked()).toEqual(['offer-wecom#1']); // until it is known that nobody can confirm it

  await run.settled('offer-wecom', 'released', 'withdrawn:consent');
  await run.idle();
  expect(run.asked()).toEqual(['offer-wecom#1', 'offer-sms#1']);
});

test.concurrent('one that may still go out later is asked for again then', async () => {
  const touches = { 'offer-wecom': [taskedFor(12), heldUntil('2090-03-06T20:00:00+08:00'), SENT] };
  const run = await offered({ touches, reviewTouch: async () => wrong('deferred', 'dnd') });

  await changed(run, 'policy');
  await run.settled('offer-wecom', 'released', 'withdrawn:dnd');
  await run.idle();
  expect(run.asked()).toEqual(['offer-wecom#1', 'offer-wecom#2']);
  await run.later({ hours: 11 });
  expect(run.asked()).toEqual(['offer-wecom#1', 'offer-wecom#2', 'offer-wecom#3']);
});

test.concurrent('an ending that is told twice is not taken for that of the next attempt', async () => {
  const held = heldUntil('2090-03-06T20:00:00+08:00');
  const touches = { 'offer-wecom': [taskedFor(12), held, taskedFor(12)] };
  const run = await offered({ touches, reviewTouch: async () => wrong('deferred', 'dnd') });

  await changed(run, 'policy');
  await run.settled('offer-wecom', 'released', 'withdrawn:dnd');
  await run.idle();
  await run.settled('offer-wecom', 'released', 'withdrawn:dnd');
  await run.later({ hours: 11 });
  expect(run.asked()).toEqual(['offer-wecom#1', 'offer-wecom#2', 'offer-wecom#3']);
  expect((await run.progress()).waitingFor).toMatch(/staff to act/);
});

test.concurrent('one that staff had sent before it could be taken back was sent', async () => {
  const run = await offered({ reviewTouch: async () => wrong('suppressed', 'irrelevant') });
  await changed(run, 'profile');
  await run.settled('offer-wecom', 'sent');
  await run.customer({ kind: 'accepted', product: 'p-58' });
  expect(await run.end()).toBe('ordered');
  expect(run.asked()).toEqual(['offer-wecom#1']);
});

test.concurrent('a quiet time that now begins sooner is looked at when it begins', async () => {
  const answers: TouchReview[] = [
    { stands: true, quietFrom: '2090-03-06T14:00:00+08:00' },
    wrong('deferred', 'quiet-hours'),
  ];
  const run = await offered({ reviewTouch: async () => answers.shift() ?? { stands: true } });

  await changed(run, 'policy');
  expect(run.inputs('reviewTouch')).toHaveLength(1);
  await run.later({ hours: 4, minutes: 1 });
  expect(run.inputs('reviewTouch')).toHaveLength(2);
});

test.concurrent('is judged again once for each change, and not when another touch ends', async () => {
  const run = await offered({});
  await changed(run, 'slots');
  expect(run.inputs('reviewTouch')).toEqual([]);
  await changed(run, 'profile');
  await changed(run, 'policy');
  expect(run.inputs('reviewTouch')).toHaveLength(2);
});

test.concurrent('a review that fails for good leaves the next change to be looked at', async () => {
  const broken = ApplicationFailure.nonRetryable('the policy cannot be read');
  const answers = [broken, wrong('suppressed', 'consent')];
  const reviewTouch = async (): Promise<TouchReview> => {
    const answer = answers.shift() ?? { stands: true };
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const run = await offered({ reviewTouch });

  await changed(run, 'profile');
  await changed(run, 'profile');
  expect(run.inputs('reviewTouch')).toHaveLength(2);
  await run.settled('offer-wecom', 'released', 'withdrawn:consent');
  await run.idle();
  expect(run.asked()).toEqual(['offer-wecom#1', 'offer-sms#1']);
});

test.concurrent('a task that is not waited for is taken back, too', async () => {
  const run = await journeys.start(
    'monthStart',
    { billedAt: MONDAY_TEN },
    {
      touches: { bill: taskedFor(24) },
      reviewTouch: async () => wrong('suppressed', 'irrelevant'),
    },
  );
  await changed(run, 'profile');
  expect(run.inputs('reviewTouch')).toMatchObject([
    { step: 'bill', relevance: [{ kind: 'bill-open' }] },
  ]);
});

test.concurrent('an offer on a channel that the customer has closed is taken back, and the next one has its turn', async () => {
  const run = await offered({});
  await run.customer({ kind: 'opted-out', channel: 'wecom' });
  await run.idle();
  const touchId = `${run.workflowId}/offer-wecom`;
  expect(run.inputs('withdrawTouch')).toEqual([{ contactId: 'c-1', touchId, why: 'opted-out' }]);

  await run.settled('offer-wecom', 'released', 'withdrawn:opted-out');
  await run.idle();
  expect(run.asked()).toEqual(['offer-wecom#1', 'offer-sms#1']);
});

test.concurrent('what happens while a touch is on its way to staff is not missed', async () => {
  const throttled = ApplicationFailure.create({
    type: 'THROTTLED',
    message: 'slow down',
    nextRetryDelay: '5s',
  });
  const run = await offered({ touches: { 'offer-wecom': [throttled, taskedFor(12)] } });
  await run.customer({ kind: 'spoke' });
  expect(run.inputs('reviewTouch')).toEqual([]);

  await run.later({ seconds: 6 });
  expect(run.inputs('reviewTouch')).toHaveLength(1);
});

test.concurrent('what the customer does is a change, too', async () => {
  const run = await journeys.start(
    'monthStart',
    { billedAt: MONDAY_TEN },
    { touches: { bill: taskedFor(24) } },
  );
  await run.customer({ kind: 'bill-paid' });
  await run.idle();
  expect(run.inputs('reviewTouch')).toHaveLength(1);
});

test.concurrent('a run that ends takes back what is open, and says why', async () => {
  const run = await offered({});
  await run.customer({ kind: 'opted-out', at: MONDAY_TEN });
  expect(await run.end()).toBe('opted-out');
  expect(run.inputs('withdrawTouch')).toEqual([
    { contactId: 'c-1', touchId: `${run.workflowId}/offer-wecom`, why: 'opted-out' },
  ]);
});
