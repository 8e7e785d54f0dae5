import { createMemoryStores } from '../models/memory/stores';
import type { DeliveryRecord } from '../ports/deliveries';
import type { StoredEvent } from '../ports/events';
import type { Arrival } from '../ports/inbox';
import { DAY_MS } from '../rules/time/durations';
import { answerOne, openOne } from '../test/support/singles';
import { removeOld } from './retention';

const NOW = Date.parse('2026-06-01T00:00:00.000Z');
const clock = { now: () => NOW };

const anItem = (key: string, daysAgo: number): Arrival => ({
  ...{ key, kind: 'event', lane: 'contact/c-1', urgency: 'prompt', partition: 1, payload: {} },
  receivedAt: NOW - daysAgo * DAY_MS,
});

const aDelivery = (touchId: string, daysAgo: number): DeliveryRecord => ({
  ...{ touchId, contactId: 'c-1', text: '您好', attempt: 1, channel: 'wecom', workflowId: 'w-1' },
  askedAt: NOW - daysAgo * DAY_MS,
});

const anEvent = (eventId: string, daysAgo: number): StoredEvent => {
  const at = new Date(NOW - daysAgo * DAY_MS).toISOString();
  const about = { eventId, type: 'usage', contactId: 'c-1', city: 'yunfu', data: {} };
  return { ...about, occurredAt: at, receivedAt: at };
};

it('takes away what is done with and old, and keeps what still waits for somebody', async () => {
  const stores = createMemoryStores();
  const { inbox, deliveries } = stores;
  await inbox.put(['done', 'parked', 'waiting'].map((key) => anItem(key, 100)));
  await inbox.put([anItem('young', 80)]);
  for (const key of ['done', 'parked', 'young']) await inbox.claim(key, 1);
  for (const key of ['done', 'young']) await inbox.done(key, 1);
  await inbox.park('parked', 1, { code: 'NOT_FOUND', message: 'nobody' });

  for (const touchId of ['old', 'task']) await openOne(deliveries, aDelivery(touchId, 100));
  await answerOne(deliveries, 'task', 1, { kind: 'tasked', channelRef: 'm-1' });
  await openOne(deliveries, aDelivery('recent', 80));

  for (const [eventId, days] of [
    ['past', 36],
    ['lately', 34],
  ] as const)
    await stores.events.add([anEvent(eventId, days)]);

  const gone = await removeOld(
    { stores, clock, mustStop: () => false },
    { inbox: 90, deliveries: 90, events: 35 },
  );
  expect(gone).toEqual({ inbox: 1, deliveries: 1, events: 1 });
  expect(await stores.events.find('past')).toBeNull();
  expect(await stores.events.find('lately')).not.toBeNull();
  for (const key of ['parked', 'waiting', 'young']) expect(await inbox.find(key)).not.toBeNull();
  expect(await inbox.find('done')).toBeNull();
  expect(await deliveries.find('old')).toBeNull();
  for (const touchId of ['task', 'recent']) expect(await deliveries.find(touchId)).not.toBeNull();
});

it('takes away more than a page, and stops where the process does', async () => {
  const stores = createMemoryStores();
  for (let i = 0; i < 2500; i++) await openOne(stores.deliveries, aDelivery(`t-${i}`, 100));
  const days = { inbox: 90, deliveries: 90, events: 35 };
  let calls = 0;
  const stopped = { stores, clock, mustStop: () => ++calls > 2 };
  expect((await removeOld(stopped, days)).deliveries).toBe(1000);
  expect((await removeOld({ ...stopped, mustStop: () => false }, days)).deliveries).toBe(1500);
});
