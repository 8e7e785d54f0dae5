import type { Act } from '../fakes/channel';
import { type CityRun, openCity, type Setup } from '../support/city';

const city = openCity();
afterAll(async () => (await city).close());
jest.setTimeout(60_000);

const LATE_MONDAY = '2090-03-06T22:30:00+08:00';
const NOON_MONDAY = '2090-03-06T12:00:00+08:00';
const NOON_TUESDAY = '2090-03-07T12:00:00+08:00';

const billed = async (at: string, setup?: Setup): Promise<CityRun> =>
  (await city).start('monthStart', { billedAt: at }, at, setup);
const fired = async (at: string, expiresAt: string, setup?: Setup): Promise<CityRun> =>
  (await city).start(
    'overage',
    {
      triggerId: 'gz',
      product: 'p-data',
      template: 't-overage',
      channel: 'wecom',
      fallback: ['sms'],
      expiresAt,
    },
    at,
    setup,
  );
const wecom = (...acts: Act[]): Setup => ({ wecom: acts });

test.concurrent('an offer of the late evening sleeps over the night and goes out at nine', async () => {
  const run = await fired(LATE_MONDAY, '2090-03-07T12:00:00+08:00');
  expect(run.channels.wecom.book).toHaveLength(0);
  expect(await run.end()).toBe('no-answer');
  expect(await run.decisions()).toEqual([
    'offer-wecom deferred night 03-06T22:30',
    'offer-wecom pass 03-07T09:00',
  ]);
  expect(run.channels.wecom.book).toHaveLength(1);
});

test.concurrent('an opportunity that would be over in the morning is suppressed in the evening', async () => {
  const run = await fired(LATE_MONDAY, '2090-03-07T08:00:00+08:00');
  expect(await run.end()).toBe('not-offered');
  expect(await run.decisions()).toEqual(['offer-wecom suppressed expired 03-06T22:30']);
});

test.concurrent('the offer of a month sleeps over a holiday of two days and the nights around it', async () => {
  const run = await billed(NOON_TUESDAY);
  await run.advance({ days: 4 });
  expect(await run.decisions()).toEqual([
    'bill pass 03-07T12:00',
    'upsell deferred rest-day 03-08T10:00',
    'upsell pass 03-10T09:00',
  ]);
});

test.concurrent('who buys the plan while its offer is held is not offered it any more', async () => {
  const run = await billed(NOON_TUESDAY);
  await run.advance({ days: 1 });
  const { contacts } = (await city).stores;
  const bought = { asOf: '2090-03-08T04:00:00.000Z' };
  await contacts.patch(run.contactId, { plan: { id: 'p-58', fee: 58 } }, bought);
  expect(await run.end()).toBe('not-offered');
  expect((await run.decisions()).at(-1)).toBe('upsell suppressed plan-is 03-10T09:00');
  expect(run.channels.wecom.book).toHaveLength(1);
});

test.concurrent('the daily cap of marketing holds a second offer to the same customer until the next day', async () => {
  const expiresAt = '2090-03-07T20:00:00+08:00';
  const first = await fired(NOON_MONDAY, expiresAt);
  await first.end();
  const second = await fired('2090-03-06T13:00:00+08:00', expiresAt, {
    contactId: first.contactId,
  });
  expect(second.channels.wecom.book).toHaveLength(0);
  await second.end();
  expect(await second.decisions()).toEqual([
    'offer-wecom pass 03-06T12:00',
    'offer-wecom deferred day 03-06T13:00',
    'offer-wecom pass 03-07T09:00',
  ]);
});

test.concurrent('a provider that took the touch and never said so is asked, not sent to again', async () => {
  const run = await billed(NOON_MONDAY, wecom('time-out-after-accepting'));
  await run.advance({ hours: 1 });
  expect(run.channels.wecom.book).toHaveLength(1);
  expect(run.channels.wecom.calls).toEqual({ deliver: 1, lookup: 1 });
  expect((await run.query<{ touches: object[] }>('progress')).touches).toMatchObject([
    { verdict: 'sent' },
  ]);
});

test.concurrent('a provider that throttles and one that is away take the touch once in the end', async () => {
  const run = await billed(NOON_MONDAY, wecom('throttle', 'time-out-before', 'throttle'));
  await run.advance({ hours: 1 });
  expect(run.channels.wecom.book).toHaveLength(1);
  expect(run.channels.wecom.calls.deliver).toBe(4);
  expect(await run.decisions()).toEqual(['bill pass 03-06T12:00']);
});

test.concurrent('what the provider refuses for good frees its slot, and the next channel has it', async () => {
  const run = await fired(NOON_MONDAY, '2090-03-06T14:00:00+08:00', wecom({ refuse: '84061' }));
  expect(await run.decisions()).toEqual([
    'offer-wecom pass 03-06T12:00',
    'offer-sms pass 03-06T12:00',
  ]);
  expect(run.channels.sms.book).toHaveLength(1);
});

test.concurrent('a task is followed to its end, and one that nobody confirms frees its slot for SMS', async () => {
  const run = await fired(NOON_MONDAY, '2090-03-06T14:00:00+08:00', wecom('task'));
  const { engine, stores } = await city;
  const touchId = `${run.workflowId}/offer-wecom`;
  const delivery = await stores.deliveries.find(touchId);
  expect(engine.massSends.map(({ msgid }) => msgid)).toContain(delivery?.openTask);
  await run.advance({ hours: 1, minutes: 31 });
  const contact = await stores.contacts.find(run.contactId);
  expect(contact?.touches.map((touch) => [touch.channel, touch.state])).toEqual([
    ['wecom', 'released'],
    ['sms', 'sent'],
  ]);
});

test.concurrent('an accepted offer is one order, and the run is closed in the read model', async () => {
  const run = await fired(NOON_MONDAY, '2090-03-06T14:00:00+08:00');
  await run.signal('contact', { kind: 'accepted', at: NOON_MONDAY });
  expect(await run.end()).toBe('ordered');
  const { orders, stores } = await city;
  expect(orders).toContain(`order/${run.workflowId}/p-data`);
  expect(await stores.runs.find(run.workflowId)).toMatchObject({
    state: 'closed',
    outcome: 'ordered',
  });
});
