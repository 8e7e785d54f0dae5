// Composition root of the worker: journeys and activities over real stores and systems. No logic.

import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createActivities } from './activities';
import { activityClock } from './activities/clock';
import { readConfig } from './config';
import { createEngine } from './integrations/temporal/engine';
import { createLog, sdkLog } from './logging';
import { connectMongo } from './models/mongo/connection';
import { flushOutboxes } from './models/mongo/outbox';
import { createStores } from './models/mongo/stores';
import { connectSystems } from './systems';

async function main(): Promise<void> {
  const config = readConfig();
  const log = createLog(config.LOG_LEVEL, 'worker');
  Runtime.install({ logger: sdkLog(log) });
  const systemClock = { now: () => Date.now() };
  const temporal = {
    address: config.TEMPORAL_ADDRESS,
    ...(config.TEMPORAL_API_KEY !== undefined && { apiKey: config.TEMPORAL_API_KEY }),
    ...(config.TEMPORAL_TLS && { tls: true }),
  };
  const mongo = await connectMongo(config.MONGODB_URI);
  const connection = await NativeConnection.connect(temporal);
  const client = new Client({
    connection: Connection.lazy(temporal),
    namespace: config.TEMPORAL_NAMESPACE,
  });
  const engine = createEngine(client, {
    taskQueue: config.TASK_QUEUE,
    namespace: config.TEMPORAL_NAMESPACE,
    link: () => undefined,
  });
  const { channels, wecom, orderDesk, leadPool } = connectSystems(config, systemClock);
  const stores = createStores(mongo);
  // Rows that a crash kept from the ledger are there before anything new is decided.
  const flushed = await flushOutboxes(mongo);
  const clock = activityClock(systemClock);
  const worker = await Worker.create({
    connection,
    namespace: config.TEMPORAL_NAMESPACE,
    taskQueue: config.TASK_QUEUE,
    workflowsPath: join(__dirname, 'workflows', 'index.js'),
    activities: createActivities({ stores, channels, wecom, orderDesk, leadPool, engine, clock }),
    // SIGTERM: no new work, and what is running may end before the supervisor's own patience does.
    shutdownGraceTime: '15 seconds',
  });
  log.info(
    { taskQueue: config.TASK_QUEUE, channels: [...channels.keys()], flushed },
    'the worker is ready',
  );
  await worker.run();
  await client.connection.close();
  await connection.close();
  await mongo.close();
  log.info({}, 'the worker has stopped');
}

main().catch((error: Error) => {
  createLog('info', 'worker').fatal({ err: error }, 'the worker ended');
  process.exitCode = 1;
  // A connection left open would keep a worker that does nothing alive.
  setImmediate(() => process.exit());
});
