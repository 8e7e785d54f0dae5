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

const NOON = '2090-03-06T04:00:00.000Z';
const OFFER = {
  triggerId: 'gz-overage',
  product: 'p-data-5g',
  template: 't-overage',
  channel: 'wecom',
  fallback: ['sms'],
  expiresAt: NOON,
};
const fired = async (script?: Script, input: object = {}): Promise<TestRun> =>
  journeys.start('overage', { ...OFFER, ...input }, script);
const accepted = { kind: 'accepted', at: MONDAY_TEN, product: 'p-data-5g' } as const;

test.concurrent('offers at once, within the life of the opportunity, and orders what is accepted', async () => {
  const run = await fired();
  expect(run.inputs('touch')).toEqual([
    expect.objectContaining({
      step: 'offer-wecom',
      template: 't-overage@1',
      expiresAt: NOON,
      confirmWithinHours: expect.closeTo(1, 2),
    }),
  ]);
  await run.customer(accepted);
  expect(await run.end()).toBe('ordered');
  expect(run.inputs('placeOrder')).toEqual([expect.objectContaining({ product: 'p-data-5g' })]);
});

test.concurrent('an order that the CRM does not take yet is waited for, and the run says so', async () => {
  let isMended = false;
  const run = await fired({
    placeOrder: async () => {
      if (isMended) return { orderId: 'o-1', state: 'accepted' };
      throw ApplicationFailure.create({ message: 'HTTP 401', type: 'UNAVAILABLE' });
    },
  });
  await run.customer(accepted);
  await run.later({ minutes: 10 });
  expect(await run.progress()).toMatchObject({ waitingFor: expect.stringContaining('CRM') });
  isMended = true;
  expect(await run.end()).toBe('ordered');
});

test.concurrent.each(['unreachable', 'blocked', 'consent', 'refused'])(
  'a channel that is %s gives way to the next',
  async (reason) => {
    const run = await fired({ touches: { 'offer-wecom': suppressed(reason) } });
    expect(run.asked()).toEqual(['offer-wecom#1', 'offer-sms#1']);
  },
);

test.concurrent('a channel for which the template has no text gives way to the next', async () => {
  const withoutText = { ...suppressed('template'), rule: 'no-text-wecom' };
  const run = await fired({ touches: { 'offer-wecom': withoutText } });
  expect(run.asked()).toEqual(['offer-wecom#1', 'offer-sms#1']);
});

test.concurrent.each(['cap', 'dnd', 'holdout', 'expired', 'irrelevant'])(
  'what speaks against the contact (%s) is not got round by another channel',
  async (reason) => {
    const run = await fired({ touches: { 'offer-wecom': suppressed(reason) } });
    expect(await run.end()).toBe('not-offered');
    expect(run.asked()).toEqual(['offer-wecom#1']);
  },
);

test.concurrent('staff who do not act in their share of the time give way to SMS', async () => {
  const run = await fired({ touches: { 'offer-wecom': taskedFor(1) } });
  await run.later({ minutes: 89 });
  expect(run.asked()).toEqual(['offer-wecom#1']);
  await run.later({ minutes: 2 });
  expect(run.asked()).toEqual(['offer-wecom#1', 'offer-sms#1']);
  expect(run.inputs('settleTouch')).toEqual([
    expect.objectContaining({ settled: 'released', why: 'unconfirmed' }),
  ]);
});

test.concurrent('a confirmation by staff ends the wait for them, and SMS is not needed', async () => {
  const run = await fired({ touches: { 'offer-wecom': taskedFor(1) } });
  await run.settled('offer-wecom', 'sent');
  expect(await run.end()).toBe('no-answer');
  expect(run.asked()).toEqual(['offer-wecom#1']);
});

test.concurrent('an SMS that a late receipt calls undelivered ends the wait for an answer', async () => {
  const run = await fired({}, { channel: 'sms', fallback: ['wecom'] });
  await run.settled('offer-sms', 'released', 'UNDELIV');
  expect(run.asked()).toEqual(['offer-sms#1', 'offer-wecom#1']);
});

test.concurrent('an SMS that arrived after all takes the task of the next channel back, and its answer is waited for', async () => {
  const sms = { channel: 'sms', fallback: ['wecom'] };
  const run = await fired({ touches: { 'offer-wecom': taskedFor(1) } }, sms);
  await run.settled('offer-sms', 'released', 'sms:UNDELIV');
  expect(run.asked()).toEqual(['offer-sms#1', 'offer-wecom#1']);

  await run.settled('offer-sms', 'sent');
  await run.idle();
  expect(run.inputs('withdrawTouch')).toEqual([
    expect.objectContaining({ touchId: `${run.workflowId}/offer-wecom`, why: 'superseded' }),
  ]);
  await run.customer(accepted);
  expect(await run.end()).toBe('ordered');
});

test.concurrent('an SMS that arrived after all is not followed by an offer that was still held', async () => {
  const sms = { channel: 'sms', fallback: ['wecom'] };
  const held = heldUntil('2090-03-06T03:00:00.000Z');
  const run = await fired({ touches: { 'offer-wecom': held } }, sms);
  await run.settled('offer-sms', 'released', 'sms:UNDELIV');
  await run.settled('offer-sms', 'sent');
  expect(await run.end()).toBe('no-answer');
  expect(run.asked()).toEqual(['offer-sms#1', 'offer-wecom#1']);
});

test.concurrent('a refusal while staff have the task ends it on every channel', async () => {
  const run = await fired({ touches: { 'offer-wecom': taskedFor(1) } });
  await run.customer({ kind: 'refused', at: MONDAY_TEN });
  expect(await run.end()).toBe('refused');
  expect(run.asked()).toEqual(['offer-wecom#1']);
});

test.concurrent('an opt-out of everything ends it in the middle of a hold', async () => {
  const run = await fired({ touches: { 'offer-wecom': heldUntil('2090-03-06T03:00:00.000Z') } });
  await run.customer({ kind: 'opted-out', at: MONDAY_TEN });
  expect(await run.end()).toBe('opted-out');
  expect(run.asked()).toEqual(['offer-wecom#1']);
});

test.concurrent('an opt-out of the held channel asks again at once, so that the other channel still has time', async () => {
  const hold = heldUntil('2090-03-06T03:00:00.000Z');
  const run = await fired({ touches: { 'offer-wecom': [hold, suppressed('consent')] } });
  await run.customer({ kind: 'opted-out', at: MONDAY_TEN, channel: 'wecom' });
  expect(run.asked()).toEqual(['offer-wecom#1', 'offer-wecom#2', 'offer-sms#1']);
});

test.concurrent('a held offer is made when the hold ends', async () => {
  const run = await fired({
    touches: { 'offer-wecom': [heldUntil('2090-03-06T03:00:00.000Z'), SENT] },
  });
  await run.later({ minutes: 59 });
  expect(run.asked()).toEqual(['offer-wecom#1']);
  await run.later({ minutes: 2 });
  expect(run.asked()).toEqual(['offer-wecom#1', 'offer-wecom#2']);
});

test.concurrent('a late answer counts for a day after the offer has expired, and no longer', async () => {
  const [late, tooLate] = await Promise.all([fired(), fired()]);
  await late.later({ hours: 25 });
  await late.customer(accepted);
  expect(await late.end()).toBe('ordered');
  await tooLate.later({ hours: 27 });
  expect(await tooLate.end()).toBe('no-answer');
});

test.concurrent('an order that the CRM rejects is told apart from one it took', async () => {
  const run = await fired({
    placeOrder: async () => ({ orderId: 'o-1', state: 'rejected', reason: 'arrears' }),
  });
  await run.customer(accepted);
  expect(await run.end()).toBe('order-rejected');
});

test.concurrent('an outage of the CRM delays the order and does not repeat its key', async () => {
  let tries = 0;
  const placeOrder = async () => {
    tries += 1;
    if (tries < 4) throw new Error('no answer');
    return { orderId: 'o-1', state: 'accepted' } as const;
  };
  const run = await fired({ placeOrder });
  await run.customer(accepted);
  expect(await run.end()).toBe('ordered');
  const keys = new Set(
    run.inputs('placeOrder').map((input) => (input as { orderKey: string }).orderKey),
  );
  expect(keys.size).toBe(1);
});
