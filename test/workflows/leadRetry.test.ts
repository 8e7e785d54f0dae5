import { ApplicationFailure } from '@temporalio/common';
import type { LeadOutcome } from '../../rules/journey/lead';
import {
  journeyTests,
  MONDAY_TEN,
  type Script,
  suppressed,
  type TestRun,
  taskedFor,
} from '../../testing/journeyTests';

const journeys = journeyTests();

const LEAD = { leadId: 'l-1', product: 'p-58', outcome: 'not-reached', maxAttempts: 3 };
const reflowed = async (script?: Script, input: object = {}): Promise<TestRun> =>
  journeys.start('leadRetry', { ...LEAD, ...input }, script);
const report = (outcome: string, attempts: number) => [{ leadId: 'l-1', outcome, attempts }];

/** The call centre reports: first that the touch ended, then how. */
async function callResult(run: TestRun, step: string, outcome: LeadOutcome): Promise<void> {
  const touchId = `${run.workflowId}/${step}`;
  await run.settled(step, 'sent', `call:${outcome}`);
  await run.customer({
    kind: 'call-result',
    at: MONDAY_TEN,
    channel: 'call',
    touchId,
    outcome,
  });
}

test.concurrent('climbs from message to call to SMS over the bands of the day, and reports what it came to', async () => {
  const run = await reflowed({ touches: { 'try-2-call': taskedFor(1) } });
  expect(run.asked()).toEqual(['try-1-wecom#1']);
  await run.later({ hours: 5 });
  expect(run.asked()).toEqual(['try-1-wecom#1', 'try-2-call#1']);
  await callResult(run, 'try-2-call', 'not-reached');
  await run.later({ hours: 5 });
  expect(run.asked()).toEqual(['try-1-wecom#1', 'try-2-call#1', 'try-3-sms#1']);
  expect(await run.end()).toBe('exhausted');
  expect(run.inputs('reportLead')).toEqual(report('exhausted', 3));
});

test.concurrent('who hesitates on the phone is called again on the same day, and an acceptance is an order', async () => {
  const calls = { 'try-1-call': taskedFor(1), 'try-2-call': taskedFor(1) };
  const run = await reflowed({ touches: calls, facts: { friends: [] } });
  await callResult(run, 'try-1-call', 'hesitating');
  await run.later({ hours: 2, minutes: 1 });
  expect(run.asked()).toEqual(['try-1-call#1', 'try-2-call#1']);
  await callResult(run, 'try-2-call', 'accepted');
  expect(await run.end()).toBe('ordered');
  expect(run.inputs('reportLead')).toEqual(report('accepted', 2));
});

test.concurrent.each(['refused', 'wrong-number', 'no-relation'] as const)(
  '%s is final',
  async (outcome) => {
    const run = await reflowed({ touches: { 'try-1-call': taskedFor(1) }, facts: { friends: [] } });
    await callResult(run, 'try-1-call', outcome);
    expect(await run.end()).toBe(outcome);
    expect(run.asked()).toEqual(['try-1-call#1']);
    expect(run.inputs('reportLead')).toEqual(report(outcome, 1));
  },
);

test.concurrent('a run that ordered says so before the pool is told, and what the pool says changes nothing of it', async () => {
  const run = await reflowed({
    reportLead: async () => {
      throw ApplicationFailure.nonRetryable('the pool does not know the lead', 'NOT_FOUND');
    },
  });
  await run.customer({ kind: 'accepted', at: MONDAY_TEN });
  expect(await run.end()).toBe('ordered');
  expect(run.inputs('finish')).toEqual([{ outcome: 'ordered' }]);
  const called = run.calls().map(({ activity }) => activity);
  expect(called.indexOf('finish')).toBeLessThan(called.indexOf('reportLead'));
});

test.concurrent('a busy line is tried again two hours later', async () => {
  const run = await reflowed({ facts: { friends: [] } }, { outcome: 'busy' });
  expect(run.asked()).toEqual([]);
  await run.later({ hours: 2, minutes: 1 });
  expect(run.asked()).toEqual(['try-1-call#1']);
});

test.concurrent('an answer to a message ends the ladder', async () => {
  const run = await reflowed();
  await run.customer({ kind: 'accepted', at: MONDAY_TEN });
  expect(await run.end()).toBe('ordered');
  expect(run.inputs('reportLead')).toEqual(report('accepted', 1));
});

test.concurrent('a customer who writes back without deciding is called the same day', async () => {
  const run = await reflowed();
  await run.customer({ kind: 'spoke', at: MONDAY_TEN });
  await run.later({ hours: 2, minutes: 1 });
  expect(run.asked()).toEqual(['try-1-wecom#1', 'try-2-call#1']);
});

test.concurrent('a channel that the gate closes costs no attempt', async () => {
  const run = await reflowed(
    { touches: { 'try-1-wecom': suppressed('consent') } },
    { maxAttempts: 1 },
  );
  expect(run.asked()).toEqual(['try-1-wecom#1', 'try-2-call#1']);
  await run.end();
  expect(run.inputs('reportLead')).toEqual(report('exhausted', 1));
});

test.concurrent('what the gate holds against the contact ends the ladder', async () => {
  const run = await reflowed({ touches: { 'try-1-wecom': suppressed('holdout') } });
  expect(await run.end()).toBe('exhausted');
  expect(run.inputs('reportLead')).toEqual(report('exhausted', 0));
});

test.concurrent('a lead that expires is tried no more', async () => {
  const run = await reflowed({}, { expiresAt: '2090-03-06T05:00:00.000Z' });
  expect(await run.end()).toBe('exhausted');
  expect(run.asked()).toEqual(['try-1-wecom#1']);
});

test.concurrent('a stopped lead is reported as stopped', async () => {
  const run = await reflowed();
  await run.signal('stop', { by: 'ops' });
  expect(await run.end()).toBe('stopped');
  expect(run.inputs('reportLead')).toEqual(report('stopped', 0));
});

test.concurrent('a stop while a call is queued waits for that call, so that its slot is given back', async () => {
  const run = await reflowed({ touches: { 'try-1-call': taskedFor(1) }, facts: { friends: [] } });
  await run.signal('stop', { by: 'ops' });
  expect(await run.progress()).toMatchObject({ step: 'closing' });
  expect(run.inputs('finish')).toEqual([]);
  expect(await run.end()).toBe('stopped');
  expect(run.inputs('settleTouch')).toEqual([
    expect.objectContaining({ settled: 'released', why: 'unconfirmed' }),
  ]);
});
