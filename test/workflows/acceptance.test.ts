import { journeyTests, MONDAY_TEN, SENT } from '../../testing/journeyTests';

const journeys = journeyTests();

const OFFER = {
  triggerId: 'gz-overage',
  product: 'p-58',
  template: 't-overage',
  channel: 'sms',
  fallback: [],
  expiresAt: '2090-03-07T10:00:00+08:00',
};
const offered = () => journeys.start('overage', OFFER, { touches: { 'offer-sms': SENT } });
const accepted = {
  kind: 'accepted',
  product: 'p-58',
  acceptance: 'overage/c-1/e-1/offer-sms',
  eventId: 'e-9',
  touchId: 'overage/c-1/e-1/offer-sms',
} as const;

test.concurrent('an acceptance is ordered under its own name, once', async () => {
  const run = await offered();
  await run.customer(accepted);
  expect(await run.end()).toBe('ordered');
  expect(run.inputs('placeOrder')).toMatchObject([
    { orderKey: 'order/c-1/p-58/overage/c-1/e-1/offer-sms', product: 'p-58' },
  ]);
  expect(run.inputs('returnAcceptances')).toEqual([]);
});

test.concurrent('a run whose offer was accepted elsewhere is overtaken', async () => {
  const run = await offered();
  await run.customer({ kind: 'overtaken', product: 'other' });
  expect((await run.progress()).step).toBe('offer-sms');
  await run.customer({ kind: 'overtaken', product: 'p-58' });
  expect(await run.end()).toBe('overtaken');
});

test.concurrent('a run that is stopped before it orders gives the acceptance back', async () => {
  const run = await offered();
  await run.signal('pause', { by: 'ops' });
  await run.customer(accepted);
  await run.signal('stop', { by: 'ops' });
  expect(await run.end()).toBe('stopped');
  const { eventId, product, touchId } = accepted;
  expect(run.inputs('placeOrder')).toEqual([]);
  expect(run.inputs('returnAcceptances')).toMatchObject([
    { contactId: 'c-1', acceptances: [{ eventId, product, touchId }] },
  ]);
});

test.concurrent('one that comes while others are given back is given back, too', async () => {
  const away = [new Error('the database is away')];
  const returnAcceptances = async () => {
    const failure = away.shift();
    if (failure) throw failure;
  };
  const script = { touches: { 'offer-sms': SENT }, returnAcceptances };
  const run = await journeys.start('overage', OFFER, script);
  await run.signal('pause', { by: 'ops' });
  await run.customer(accepted);
  away.push(new Error('still away'), new Error('still away'));
  await run.signal('stop', { by: 'ops' });
  await run.idle();
  await run.customer({ ...accepted, acceptance: 'a-2', eventId: 'e-10' });
  expect(await run.end()).toBe('stopped');

  const given = run.inputs('returnAcceptances') as { acceptances: { eventId: string }[] }[];
  const ids = given.flatMap(({ acceptances }) => acceptances.map(({ eventId }) => eventId));
  expect([...new Set(ids)]).toEqual(['e-9', 'e-10']);
});

test.concurrent('one that was said in a call is given back, too', async () => {
  const run = await journeys.start('leadRetry', {
    leadId: 'l-1',
    product: 'p-58',
    outcome: 'not-reached',
    maxAttempts: 3,
  });
  await run.signal('pause', { by: 'ops' });
  const said = { channel: 'call', touchId: 't-1', outcome: 'accepted' } as const;
  await run.customer({ kind: 'call-result', ...said, acceptance: 't-1', eventId: 'call-1' });
  await run.signal('stop', { by: 'ops' });
  expect(await run.end()).toBe('stopped');
  expect(run.inputs('returnAcceptances')).toMatchObject([
    { acceptances: [{ eventId: 'call-1', product: 'p-58', touchId: 't-1' }] },
  ]);
});

test.concurrent('an order that no run places waits for the CRM by itself', async () => {
  const run = await journeys.start('lateOrder', {
    orderKey: 'order/c-1/p-58/e-9',
    product: 'p-58',
  });
  expect(await run.end()).toBe('ordered');
  expect(run.inputs('placeOrder')).toMatchObject([{ orderKey: 'order/c-1/p-58/e-9' }]);
});

test.concurrent('an event from before acceptances had names is ordered under the run', async () => {
  const run = await offered();
  await run.customer({ kind: 'accepted', product: 'p-58', at: MONDAY_TEN });
  expect(await run.end()).toBe('ordered');
  expect(run.inputs('placeOrder')).toMatchObject([{ orderKey: `order/${run.workflowId}/p-58` }]);
});
