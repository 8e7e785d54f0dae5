// Touches one by one, from the question to the settlement: over the stores in memory and over MongoDB.

import { touch } from '../../activities/touch';
import { createStores } from '../../models/stores';
import type { Stores } from '../../ports/stores';
import { scriptedChannel } from '../fakes/channel';
import { createFakes } from '../fakes/stores';
import { withDatabase } from './database';
import { type Figure, inParallel, type Part, rates, stopwatch } from './part';
import { contactIds, createAsker, settle } from './stage';

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
  await settle(stores, ids, POLICY, new Date(NOON).toISOString());
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

export const singlePart: Part = async ({ log }) => [
  ...(await measure(createFakes(), IN_MEMORY, 'touches in memory')),
  ...(await withDatabase(log, async (connect) =>
    measure(createStores(await connect()), IN_MONGO, 'touches over MongoDB'),
  )),
];
