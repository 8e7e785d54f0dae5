// Touches one by one and by the page, from the question to the settlement: over the stores in memory and over MongoDB.

import { touch, touchPage } from '../activities/touch/touch';
import { createMemoryStores } from '../models/memory/stores';
import { createStores } from '../models/mongo/stores';
import type { Stores } from '../ports/stores';
import { scriptedChannel } from '../test/fakes/channel';
import { contactIds, createAsker, loadCustomers } from './customers';
import { withDatabase } from './database';
import { type Figure, inParallel, type Part, rates, stopwatch } from './part';

const AT_ONCE = 16;
const IN_MEMORY = 5_000;
const IN_MONGO = 600;
const NOON = Date.parse('2026-03-20T04:00:00.000Z');

const POLICY = {
  timezone: 'Asia/Shanghai',
  consent: [{ classes: ['marketing' as const], channels: ['sms'], need: 'granted' as const }],
  quietHours: [{ id: 'night', classes: ['marketing' as const], from: '21:00', to: '09:00' }],
  caps: [
    {
      id: 'day',
      classes: ['marketing' as const],
      limit: 2,
      window: { kind: 'calendar' as const, unit: 'day' as const },
    },
  ],
};

async function measure(stores: Stores, count: number, name: string): Promise<Figure[]> {
  const ids = contactIds(count);
  await loadCustomers(stores, ids, POLICY, new Date(NOON).toISOString());
  const ask = createAsker(stores, scriptedChannel('sms'), { now: () => NOON });
  const verdicts = { sent: 0 };
  const watch = stopwatch();

  await inParallel(ids, AT_ONCE, async (contactId) => {
    const { verdict } = await touch(ask({ contactId, touchId: `overage/${contactId}/e/offer` }));
    if (verdict === 'sent') verdicts.sent += 1;
  });
  const taken = watch.stop();
  if (verdicts.sent !== count) throw new Error(`${verdicts.sent} of ${count} touches were sent`);

  return rates(name, count, taken);
}

const PAGE = 500;
const PAGED_IN_MEMORY = 10_000;
const PAGED_IN_MONGO = 2_000;

async function measurePages(stores: Stores, count: number, name: string): Promise<Figure[]> {
  const ids = contactIds(count);
  await loadCustomers(stores, ids, POLICY, new Date(NOON).toISOString());
  const ask = createAsker(stores, scriptedChannel('sms'), { now: () => NOON });
  let sent = 0;
  const watch = stopwatch();

  for (let from = 0; from < count; from += PAGE) {
    const asks = ids
      .slice(from, from + PAGE)
      .map((contactId) => ask({ contactId, touchId: `overage/${contactId}/e/offer` }));
    const [desk] = asks;
    if (!desk) break;

    const verdicts = await touchPage(desk, { touches: asks.map(({ input }) => input) });
    sent += verdicts.filter(({ verdict }) => verdict === 'sent').length;
  }

  const taken = watch.stop();
  if (sent !== count) throw new Error(`${sent} of ${count} touches were sent`);

  return rates(name, count, taken);
}

/** Pages of 500 contacts, as waves touch them. */
export const pagePart: Part = async ({ log }) => [
  ...(await measurePages(createMemoryStores(), PAGED_IN_MEMORY, 'contacts by the page in memory')),
  ...(await withDatabase(log, async (connect) =>
    measurePages(
      createStores(await connect()),
      PAGED_IN_MONGO,
      'contacts by the page over MongoDB',
    ),
  )),
];

export const singlePart: Part = async ({ log }) => [
  ...(await measure(createMemoryStores(), IN_MEMORY, 'touches in memory')),
  ...(await withDatabase(log, async (connect) =>
    measure(createStores(await connect()), IN_MONGO, 'touches over MongoDB'),
  )),
];
