// Composition root of the worker: journeys and activities over real stores and systems. No logic.

import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import { createActivities } from './activities';
import { activityClock } from './activities/clock';
import { untilDone } from './api/wait';
import { type Config, ledgerKeysOf, readConfig } from './config';
import { createLateIntake } from './intake/late';
import { createSequenceDoor } from './intake/sequences/sequenceDoor';
import { ensureSchedules } from './integrations/temporal/schedules';
import { createSystemWatch } from './integrations/watch';
import { createLog, sdkLog } from './logging';
import { connectMongo } from './models/mongo/connection';
import { flushOutboxes } from './models/mongo/outbox';
import { createStores } from './models/mongo/stores';
import type { Log } from './ports/log';
import type { ChannelPace } from './rules/calendar/channelPace';
import { SCHEDULES } from './schedules';
import {
  channelPaces,
  connectSystems,
  connectTemporal,
  engineOf,
  sealArchiveOf,
  temporalAddress,
  warnUnsigned,
} from './wiring';

const SCHEDULE_RETRY_MS = 10_000;
/** SIGTERM: no new work, and what is running may end before the supervisor's own patience does. */
const GRACE = '15 seconds';

async function main(): Promise<void> {
  const config = readConfig();
  const log = createLog(config.LOG_LEVEL, 'worker');
  Runtime.install({ logger: sdkLog(log) });

  const clock = { now: () => Date.now() };
  const mongo = await connectMongo(config.MONGODB_URI);
  const ledgerKeys = ledgerKeysOf(config);
  const stores = createStores(mongo, ledgerKeys.current);
  const watch = createSystemWatch(stores.conditions, clock, log);
  const { hasLeadPool: _, ...systems } = connectSystems(config, clock, watch);
  const connection = await NativeConnection.connect(temporalAddress(config));
  const client = connectTemporal(config);
  warnUnsigned(log, ledgerKeys);
  const engine = engineOf(config, client, () => undefined);
  const paces = channelPaces(config);
  const activities = createActivities({
    ...systems,
    ...{ stores, paces },
    late: createLateIntake(stores, clock),
    sequenceDoor: createSequenceDoor({
      ...{ stores, engine, log, clock: activityClock(clock), timezone: config.TIMEZONE },
    }),
    log,
    engine,
    clock: activityClock(clock),
    ledgerKey: ledgerKeys.current,
    sealArchive: sealArchiveOf(config),
  });

  // Rows that a crash kept from the ledger are there before anything new is decided.
  const flushed = await flushOutboxes(mongo);
  const worker = await Worker.create(workerOptions(config, connection, activities));
  const paced = await pacedWorkers(config, connection, activities, paces);
  const { TASK_QUEUE: taskQueue } = config;
  const stopping = new AbortController();
  const scheduling = schedule(client, config, log, stopping.signal);
  log.info({ taskQueue, channels: [...systems.channels.keys()], flushed }, 'the worker is ready');
  await runTogether([worker, ...paced]);
  stopping.abort();
  await scheduling;

  for (const each of [client.connection, connection, mongo]) await each.close();
  log.info({}, 'the worker has stopped');
}

/** Temporal may be too busy just now, and touches go on without: it is tried until it is done. */
const schedule = (client: Client, config: Config, log: Log, stopped: AbortSignal) => {
  const { TASK_QUEUE: taskQueue, TIMEZONE: timezone } = config;
  return untilDone(() => ensureSchedules(client, { taskQueue, timezone }, SCHEDULES), {
    everyMs: SCHEDULE_RETRY_MS,
    stopped,
    failed: (error) => log.warn({ err: error }, 'the schedules are not made; trying again'),
  });
};

const workerOptions = (
  config: Config,
  connection: NativeConnection,
  activities: object,
): WorkerOptions => ({
  connection,
  namespace: config.TEMPORAL_NAMESPACE,
  taskQueue: config.TASK_QUEUE,
  workflowsPath: join(__dirname, 'workflows', 'index.js'),
  activities,
  shutdownGraceTime: GRACE,
});

/** One for each limited channel: Temporal hands out so many of its pages a second, to all workers together. */
const pacedWorkers = (
  { TEMPORAL_NAMESPACE: namespace }: Config,
  connection: NativeConnection,
  activities: object,
  paces: ReadonlyMap<string, ChannelPace>,
): Promise<readonly Worker[]> =>
  Promise.all(
    [...paces.values()].map(({ queue: taskQueue, pagesPerSecond }) =>
      Worker.create({
        ...{ connection, namespace, taskQueue, activities, shutdownGraceTime: GRACE },
        maxTaskQueueActivitiesPerSecond: pagesPerSecond,
      }),
    ),
  );

/** One that ends takes the others with it: half a worker would look like a whole one. */
async function runTogether(workers: readonly Worker[]): Promise<void> {
  const running = workers.map((worker) =>
    worker.run().finally(() => {
      for (const other of workers) if (other.getState() === 'RUNNING') other.shutdown();
    }),
  );
  await Promise.all(running);
}

main().catch((error: Error) => {
  createLog('info', 'worker').fatal({ err: error }, 'the worker ended');
  process.exitCode = 1;
  // A connection left open would keep a worker that does nothing alive.
  setImmediate(() => process.exit());
});
