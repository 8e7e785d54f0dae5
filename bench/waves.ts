// Waves on a real Temporal server: contacts a second, events of history for each, and memory; over the stores in memory and over
// MongoDB.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createActivities } from '../activities';
import { activityClock } from '../activities/clock';
import { ensureTemporal } from '../embedded/temporal';
import { createMemoryStores } from '../models/memory/stores';
import { createStores } from '../models/mongo/stores';
import type { Stores } from '../ports/stores';
import { type WaveInput, waveId } from '../rules/calendar/wave';
import { scriptedChannel } from '../test/fakes/channel';
import { createJourneyEnvironment, type JourneyEnvironment } from '../testing/journeyEnvironment';
import { contactIds, createAsker, loadCustomers } from './customers';
import { withDatabase } from './database';
import { type Figure, type Part, rates, stopwatch } from './part';

const IN_MEMORY = 10_000;
const IN_MONGO = 5_000;
const AT = '2090-03-06T10:00:00+08:00';
const INPUT: WaveInput = {
  ...{ version: 1, calendarId: 'bench', calendarVersion: 1 },
  ...{ slotId: 'balance', date: '2090-03-06' },
};
const POLICY = {
  timezone: 'Asia/Shanghai',
  caps: [
    {
      ...{ id: 'day', classes: ['marketing' as const], limit: 2 },
      window: { kind: 'calendar' as const, unit: 'day' as const },
    },
  ],
};

/** Half of the contacts start at once, the others within the hour. */
async function measure(
  open: (activities: object) => Promise<JourneyEnvironment>,
  stores: Stores,
  count: number,
  name: string,
): Promise<Figure[]> {
  await loadCustomers(stores, contactIds(count), POLICY, '2026-03-01T00:00:00.000Z');
  await stores.calendars.draft(
    'bench',
    {
      ...{ id: 'bench', version: 1, timezone: 'Asia/Shanghai' },
      slots: [
        {
          ...{
            id: 'balance',
            anchor: { kind: 'monthDay', day: 6 },
            at: '09:30',
            spreadMinutes: 60,
          },
          touch: { channel: 'sms', class: 'marketing', template: 't@1' },
        },
      ],
    },
    'bench',
    '2026-03-01T00:00:00.000Z',
  );

  const environment = await open(activitiesOver(stores));
  const watch = stopwatch();
  const run = await environment.start('wave', { workflowId: waveId(INPUT), args: [INPUT], at: AT });
  await run.runToEnd();
  const taken = watch.stop();
  const { events } = (await run.history()) as { events: { eventType: string }[] };
  await environment.close();

  const sent = (await stores.waves.numbers([waveId(INPUT)])).find(({ state }) => state === 'sent');
  if (sent?.count !== count) throw new Error(`${sent?.count} of ${count} contacts were touched`);

  const own = events.filter(({ eventType }) => !/TIME_SKIPPING|OPTIONS_UPDATED/.test(eventType));
  return [
    ...rates(name, count, taken),
    { name: `${name}: events`, value: own.length / count, unit: '/contact' },
    {
      name: `${name}: memory`,
      value: Math.round(process.memoryUsage().rss / 2 ** 20),
      unit: 'MiB',
    },
  ];
}

function activitiesOver(stores: Stores): object {
  const { deps } = createAsker(
    stores,
    scriptedChannel('sms'),
    activityClock(),
  )({
    ...{ contactId: '', touchId: '' },
  });
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const unused = { take: () => Promise.reject(new Error('not part of a wave')) };
  const others = { late: unused as never, sequenceDoor: unused as never };
  return createActivities({ ...deps, log, callbackBooks: new Map(), ...others });
}

export const wavePart: Part = async ({ log }) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'sopflow-bench-'));
  const temporal = await ensureTemporal({ mode: 'test', dataDir, log });
  const { address } = temporal;
  const path = require.resolve('../workflows/index');
  const open = (activities: object) =>
    createJourneyEnvironment({ address, workflows: { path }, activities });

  try {
    return [
      ...(await measure(open, createMemoryStores(), IN_MEMORY, 'contacts of a wave in memory')),
      ...(await withDatabase(log, async (connect) =>
        measure(open, createStores(await connect()), IN_MONGO, 'contacts of a wave over MongoDB'),
      )),
    ];
  } finally {
    await temporal.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
};
