// A trigger played over a week of events: how many a second, beside the version in force.

import { createEventStore } from '../models/mongo/events';
import { createStores } from '../models/mongo/stores';
import { runTriggerReplay } from '../reports/triggerReplay/run';
import { snapshotsOf } from '../rules/gate/policySnapshot';
import { DAY_MS } from '../rules/time/durations';
import type { Trigger } from '../rules/trigger/trigger';
import { withDatabase } from './database';
import { type Part, rates, seeded, stopwatch } from './part';

const UNTIL = Date.parse('2026-03-09T00:00:00.000Z');
const DAYS = 7;
const CONTACTS = 20_000;
const PAGE = 5_000;

const TESTED: Trigger = {
  ...{ id: 'overage', version: 2, city: '*', enabled: true, event: 'usage', journey: 'overage' },
  when: { 'event.dataUsedPct': { $gte: 95 }, 'contact.plan.fee': { $lt: 88 } },
  offer: { product: 'pack', template: 't', channel: 'wecom', fallback: ['sms'] },
  ...{ expiresAfterMinutes: 120, cooldownHours: 72, dailyBudget: 2_000 },
  maxPerContact: { count: 2, per: 'billCycle' },
};
const POLICY = {
  ...{ id: 'default', version: 1, timezone: 'Asia/Shanghai' },
  caps: [
    {
      ...{ id: 'week', classes: ['marketing' as const], limit: 2 },
      window: { kind: 'rolling' as const, hours: 168 },
    },
  ],
};

export const triggerReplayPart: Part = async ({ rows: count, seed, log }) =>
  await withDatabase(log, async (connect) => {
    const connection = await connect();
    const stores = createStores(connection);
    const random = seeded(seed);
    await loadContacts(stores, random);
    const events = createEventStore(connection);
    for (let i = 0; i < count; i += PAGE) await events.add(pageOf(i, count, random));
    log(`${count} events of ${CONTACTS} contacts are there`);

    const watch = stopwatch();
    const { tested } = await runTriggerReplay({
      ...{
        stores,
        tested: TESTED,
        inForce: { ...TESTED, version: 1, dailyBudget: 500 },
        others: [],
      },
      ...{ policyFor: snapshotsOf(POLICY, {}), timezone: 'Asia/Shanghai' },
      ...{ until: new Date(UNTIL).toISOString(), days: DAYS },
    });
    const taken = watch.stop();
    const fired = tested.days.reduce((sum, { outcomes }) => sum + (outcomes.fired ?? 0), 0);

    return [
      { name: 'events played', value: tested.events, unit: '' },
      { name: 'firings the gate was asked about', value: fired, unit: '' },
      { name: 'taken', value: Math.round(taken.wall * 10) / 10, unit: 's' },
      ...rates('events', tested.events, taken),
      {
        name: 'peak of memory',
        value: Math.round(process.resourceUsage().maxRSS / 1024),
        unit: 'MB',
      },
    ];
  });

async function loadContacts(
  { contacts }: ReturnType<typeof createStores>,
  random: () => number,
): Promise<void> {
  const plans = [
    { id: 'p-58', fee: 58 },
    { id: 'p-129', fee: 129 },
  ];
  for (let i = 0; i < CONTACTS; i += 1000)
    await contacts.upsertMany(
      Array.from({ length: 1000 }, (_, n) => ({
        ...{ contactId: `c-${i + n}`, city: random() < 0.5 ? 'gz' : 'qy' },
        ...{ plan: plans[Math.floor(random() * 2)] ?? null, billDay: 1 + ((i + n) % 28) },
        channels: { sms: { reachable: true } },
      })),
    );
}

function pageOf(first: number, count: number, random: () => number) {
  return Array.from({ length: Math.min(PAGE, count - first) }, (_, n) => {
    const i = first + n;
    const at = new Date(UNTIL - DAYS * DAY_MS + (i * DAYS * DAY_MS) / count).toISOString();
    const contactId = `c-${Math.floor(random() * CONTACTS)}`;
    const about = { eventId: `e-${i}`, type: 'usage', contactId, city: 'gz' };
    const data = { dataUsedPct: Math.floor(random() * 100) };
    return { ...about, occurredAt: at, receivedAt: at, data };
  });
}
