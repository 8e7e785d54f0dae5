import { ApplicationFailure } from '@temporalio/common';
import {
  heldUntil,
  journeyTests,
  MONDAY_TEN,
  type Script,
  SENT,
  suppressed,
  type TestRun,
  taskedFor,
} from '../../testing/journeyTests';

const journeys = journeyTests();

const billed = async (script?: Script): Promise<TestRun> =>
  journeys.start('monthStart', { billedAt: MONDAY_TEN }, script);
const accepted = { kind: 'accepted', at: MONDAY_TEN, product: 'p-58' } as const;
const confirm = (run: TestRun, step: string) => run.settled(step, 'sent');

test.concurrent('a month: bill, offer on the next day, one reminder, and an order on acceptance', async () => {
  const run = await billed();
  expect(run.asked()).toEqual(['bill#1']);
  await run.later({ days: 1 });
  expect(run.asked()).toEqual(['bill#1', 'upsell#1']);
  expect(await run.progress()).toMatchObject({
    step: 'upsell',
    until: '2090-03-10T02:00:00.000Z',
    paused: false,
  });
  await run.later({ days: 4 });
  expect(run.asked()).toEqual(['bill#1', 'upsell#1', 'remind#1']);
  await run.customer(accepted);
  expect(await run.end()).toBe('ordered');
  expect(run.inputs('placeOrder')).toEqual([
    { orderKey: `order/${run.workflowId}/p-58`, contactId: 'c-1', product: 'p-58', staffId: 's-1' },
  ]);
  expect(run.inputs('finish')).toEqual([{ outcome: 'ordered' }]);
});

test.concurrent('a month of three tasks that staff confirm, and an order, takes at most 60 events', async () => {
  const tasks = { bill: taskedFor(24), upsell: taskedFor(24), remind: taskedFor(24) };
  const run = await billed({ touches: tasks });
  await confirm(run, 'bill');
  await run.later({ days: 1 });
  await confirm(run, 'upsell');
  await run.later({ days: 4 });
  await confirm(run, 'remind');
  await run.customer(accepted);
  expect(await run.end()).toBe('ordered');
  expect(await run.eventCount()).toBeLessThanOrEqual(60);
});

test.concurrent('a touch held by a gap is asked again as soon as another touch has ended', async () => {
  const held = heldUntil('2090-03-06T20:00:00+08:00', { reason: 'gap', rule: 'gap-4h' });
  const run = await billed({ touches: { bill: [held, SENT] } });

  await run.signal('changed', { what: 'profile' });
  expect(run.asked()).toEqual(['bill#1']);

  await run.signal('changed', { what: 'slots' });
  await run.idle();
  expect(run.asked()).toEqual(['bill#1', 'bill#2']);
});

test.concurrent('ends without an answer on the evening of day 20', async () => {
  const run = await billed();
  expect(await run.end()).toBe('no-answer');
  const finish = run.calls().find(({ activity }) => activity === 'finish');
  expect(finish?.input).toEqual({ outcome: 'no-answer' });
  expect(await run.now()).toMatch(/^2090-03-26T15:59/);
});

test.concurrent('a refusal ends it, and nothing is said any more', async () => {
  const run = await billed();
  await run.later({ days: 1 });
  await run.customer({ kind: 'refused', at: MONDAY_TEN });
  expect(await run.end()).toBe('refused');
  expect(run.asked()).toEqual(['bill#1', 'upsell#1']);
});

test.concurrent('an offer that the gate holds over a holiday is asked again when the hold ends, not before', async () => {
  const until = '2090-03-10T01:00:00.000Z';
  const run = await billed({ touches: { upsell: [heldUntil(until), SENT] } });
  await run.later({ days: 2 });
  expect(run.asked()).toEqual(['bill#1', 'upsell#1']);
  expect(await run.progress()).toMatchObject({
    step: 'upsell',
    until,
    touches: [{}, { verdict: 'deferred', reason: 'quiet-hours' }],
  });
  await run.later({ days: 2 });
  expect(run.asked()).toEqual(['bill#1', 'upsell#1', 'upsell#2']);
  const again = run.calls().filter(({ activity }) => activity === 'touch')[2];
  expect(Date.parse(again?.at ?? '')).toBeGreaterThanOrEqual(Date.parse(until));
});

test.concurrent('who opts out of everything during a hold is never asked for again', async () => {
  const run = await billed({ touches: { upsell: heldUntil('2090-03-10T01:00:00.000Z') } });
  await run.later({ days: 1, hours: 12 });
  await run.customer({ kind: 'opted-out', at: MONDAY_TEN });
  expect(await run.end()).toBe('opted-out');
  expect(run.asked()).toEqual(['bill#1', 'upsell#1']);
});

test.concurrent('an opt-out of SMS leaves the WeCom side of the journey going', async () => {
  const run = await billed();
  await run.customer({ kind: 'opted-out', at: MONDAY_TEN, channel: 'sms' });
  await run.later({ days: 1 });
  expect(run.asked()).toEqual(['bill#1', 'upsell#1']);
  await run.customer({ kind: 'opted-out', at: MONDAY_TEN, channel: 'wecom' });
  expect(await run.end()).toBe('opted-out');
});

test.concurrent('a customer without a friend, or who deletes the member, is written to by SMS', async () => {
  const run = await billed();
  expect(run.inputs('touch')[0]).toMatchObject({ channel: 'wecom', staffId: 's-1' });
  await run.customer({ kind: 'friend-removed', at: MONDAY_TEN, staffId: 's-1' });
  await run.later({ days: 1 });
  expect(run.inputs('touch')[1]).toMatchObject({ channel: 'sms', step: 'upsell' });
});

test.concurrent('an offer that staff never confirm gives its slot back and ends the month', async () => {
  const run = await billed({ touches: { upsell: taskedFor(24) } });
  expect(await run.end()).toBe('not-offered');
  expect(run.asked()).toEqual(['bill#1', 'upsell#1']);
  const touchId = `${run.workflowId}/upsell`;
  expect(run.inputs('settleTouch')).toEqual([
    { touchId, contactId: 'c-1', settled: 'released', why: 'unconfirmed' },
  ]);
});

test.concurrent('a throttled provider is tried again until it takes the touch, as the same attempt', async () => {
  const throttled = ApplicationFailure.create({
    type: 'THROTTLED',
    message: 'slow down',
    nextRetryDelay: '5s',
  });
  const run = await billed({ touches: { upsell: [throttled, throttled, SENT] } });
  await run.later({ days: 2 });
  expect(run.asked()).toEqual(['bill#1', 'upsell#1', 'upsell#1', 'upsell#1']);
  expect(await run.progress()).toMatchObject({ touches: [{}, { verdict: 'sent' }] });
});

test.concurrent('a provider that breaks off after accepting is asked again under the same touchId', async () => {
  const run = await billed({ touches: { bill: [new Error('socket hang up'), SENT] } });
  await run.later({ hours: 1 });
  const touchIds = run.inputs('touch').map((input) => (input as { touchId: string }).touchId);
  expect(touchIds).toEqual([`${run.workflowId}/bill`, `${run.workflowId}/bill`]);
});

test.concurrent('an offer that is suppressed is not waited on', async () => {
  const run = await billed({ touches: { upsell: suppressed('cap') } });
  expect(await run.end()).toBe('not-offered');
  expect(run.asked()).toEqual(['bill#1', 'upsell#1']);
});

test.concurrent('an acceptance during a hold is an order at once, and the offer is never made', async () => {
  const run = await billed({ touches: { upsell: heldUntil('2090-03-12T01:00:00.000Z') } });
  await run.later({ days: 1, hours: 1 });
  await run.customer(accepted);
  expect(await run.end()).toBe('ordered');
  expect(run.asked()).toEqual(['bill#1', 'upsell#1']);
});

test.concurrent('an acceptance of another product is not an answer to this offer', async () => {
  const run = await billed();
  await run.later({ days: 1 });
  await run.customer({ ...accepted, product: 'p-data-5g' });
  expect(await run.end()).toBe('no-answer');
});

test.concurrent('a customer who bought the plan elsewhere is converted; another purchase changes nothing', async () => {
  const run = await billed();
  await run.later({ days: 1 });
  await run.customer({ kind: 'converted', at: MONDAY_TEN, product: 'p-data-5g' });
  expect((await run.progress()).step).toBe('upsell');
  await run.customer({ kind: 'converted', at: MONDAY_TEN, product: 'p-58' });
  expect(await run.end()).toBe('converted');
});

test.concurrent('a paused month begins nothing and goes on where it stood', async () => {
  const run = await billed();
  await run.signal('pause', { by: 'ops' });
  await run.later({ days: 2 });
  expect(run.asked()).toEqual(['bill#1']);
  expect(await run.progress()).toMatchObject({ paused: true });
  await run.signal('resume', { by: 'ops' });
  expect(run.asked()).toEqual(['bill#1', 'upsell#1']);
});

test.concurrent('a paused month can be stopped', async () => {
  const run = await billed();
  await run.signal('pause', { by: 'ops' });
  await run.later({ days: 2 });
  await run.signal('stop', { by: 'ops' });
  expect(await run.end()).toBe('stopped');
});

test.concurrent('with nothing better to offer the month ends after the bill', async () => {
  const run = await billed({
    suggestPlan: async () => ({ product: null, catalogue: 'default@1' }),
  });
  expect(await run.end()).toBe('nothing-to-offer');
});

test.concurrent('a cancelled run records its outcome and is shown as cancelled', async () => {
  const run = await billed();
  await run.handle.cancel();
  await run.idle();
  await expect(run.end()).rejects.toThrow('Workflow execution cancelled');
  expect(run.inputs('finish')).toEqual([{ outcome: 'cancelled' }]);
});

test.concurrent('what can never succeed fails the run, which says so', async () => {
  const unknown = ApplicationFailure.create({
    type: 'NOT_FOUND',
    message: 'no such contact',
    nonRetryable: true,
  });
  const run = await billed({ touches: { bill: unknown } });
  await expect(run.end()).rejects.toThrow('Workflow execution failed');
  expect(run.inputs('finish')).toEqual([{ outcome: 'failed' }]);
});

test.concurrent('no name, phone or text is in the history', async () => {
  const run = await billed();
  await run.end();
  const payloads = Buffer.from(JSON.stringify(await run.history())).toString();
  expect(payloads).not.toMatch(/1[3-9]\d{9}|phone":|"text"/);
});

test.concurrent('an operator reads in the UI what the run waits for, and finds it by step and outcome', async () => {
  const run = await billed({ touches: { upsell: heldUntil('2090-03-10T01:00:00.000Z') } });
  await run.later({ days: 1 });
  const { currentDetails } = await run.query<{ currentDetails: string }>(
    '__temporal_workflow_metadata',
  );
  expect(currentDetails).toContain('步骤 step: **upsell**');
  expect(currentDetails).toContain('直到 until 2090-03-10T01:00:00.000Z');
  expect(currentDetails).toMatch(/\| .*\/upsell \| deferred \| quiet-hours \|/);
  await run.signal('stop', { by: 'ops' });
  await run.end();
  const { searchAttributes } = await run.handle.describe();
  expect(searchAttributes).toMatchObject({
    SopJourney: ['monthStart'],
    SopCity: ['guangzhou'],
    SopStep: ['upsell'],
    SopOutcome: ['stopped'],
  });
});

test.concurrent('a run that is cancelled while its touch is under way first learns what became of it', async () => {
  const run = await billed({ touches: { bill: [new Error('socket hang up'), SENT] } });
  await run.handle.cancel();
  await expect(run.end()).rejects.toThrow('Workflow execution cancelled');
  expect(run.asked()).toEqual(['bill#1', 'bill#1']);
  expect(await run.progress()).toMatchObject({ touches: [{ verdict: 'sent' }] });
});
