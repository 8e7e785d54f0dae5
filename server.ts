// Composition root of the API server: HTTP and the intake over real stores and systems. No logic.

import { Client, Connection } from '@temporalio/client';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { createApp } from './api/app';
import { closed, listening } from './api/listen';
import { createMetrics } from './api/metrics';
import { ensureAdminKey } from './api/secrets';
import { wait } from './api/wait';
import { callbackCodecs } from './callbacks';
import { type Config, readConfig } from './config';
import { createHandler } from './intake/handlers';
import { createPoller } from './intake/poller';
import { createProcessor } from './intake/processor';
import { createEngine } from './integrations/temporal/engine';
import { runLinks } from './integrations/temporal/links';
import { createLog } from './logging';
import { connectMongo } from './models/mongo/connection';
import { createStores, ensureIndexes } from './models/mongo/stores';
import type { Clock } from './ports/clock';
import { createBacktests } from './reports/backtest/jobs';
import { CodedError } from './rules/base/errors';
import { connectSystems } from './systems';

const PREPARE_RETRY_MS = 1000;
/** A cluster that comes back is found within this time, not after gRPC's two minutes. */
const RECONNECT_MS = 3000;

async function main(): Promise<void> {
  const config = readConfig();
  const log = createLog(config.LOG_LEVEL, 'server');
  const clock: Clock = { now: () => Date.now() };
  const timezone = config.TIMEZONE;
  const mongo = await connectMongo(config.MONGODB_URI);
  const stores = createStores(mongo);
  const client = connectTemporal(config);
  const link = runLinks(config.TEMPORAL_UI_URL, config.TEMPORAL_NAMESPACE);
  const engine = createEngine(client, {
    taskQueue: config.TASK_QUEUE,
    namespace: config.TEMPORAL_NAMESPACE,
    link,
  });
  const { wecom, leadPool, hasLeadPool } = connectSystems(config, clock);

  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const metrics = createMetrics(registry, stores.inbox);
  const handle = createHandler({ stores, engine, wecom, clock, log, timezone });
  const processor = createProcessor({ inbox: stores.inbox, handle, clock, log, metrics, wait });
  const everyMs = config.LEAD_POLL_SECONDS * 1000;
  const poller = createPoller({
    pool: leadPool,
    leads: stores.leads,
    intake: processor,
    clock,
    log,
    everyMs,
    wait,
  });

  let prepared = false;
  const stopping = new AbortController();
  const probes = {
    async mongo() {
      if (!prepared) throw new CodedError('UNAVAILABLE', 'indexes and keys are not made yet');
      await stores.keys.isEmpty();
    },
    temporal: () => engine.ping(),
  };
  const backtests = createBacktests({ clock, log });
  const app = createApp({
    ...{
      stores,
      engine,
      intake: processor,
      backtests,
      clock,
      log,
      metrics,
      timezone,
      runLink: link,
      probes,
    },
    ...callbackCodecs(config, clock),
  });
  const server = app.listen(config.PORT, config.HOST);
  log.info({ address: await listening(server) }, 'the API listens');

  /** Before work is taken: what the store must hold. While it is away, `/readyz` says so. */
  async function prepare(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await ensureIndexes(mongo);
        const secret = await ensureAdminKey(stores.keys, clock, config.SOPFLOW_ADMIN_KEY);
        // To the terminal and not into the log: a secret is shown once and kept nowhere.
        if (secret !== null)
          process.stdout.write(
            `\n管理员密钥，仅显示一次 / admin key, shown this once: ${secret}\n\n`,
          );
        prepared = true;
        processor.start();
        if (hasLeadPool) poller.start();
        return;
      } catch (error) {
        log.warn({ err: error }, 'the database is not ready; trying again');
        await wait(PREPARE_RETRY_MS, stopping.signal);
      }
    }
  }
  const preparing = prepare();

  async function stop(signal: NodeJS.Signals): Promise<void> {
    log.info({ signal }, 'stopping');
    stopping.abort();
    await Promise.all([preparing, poller.stop(), closed(server)]);
    await processor.stop();
    await mongo.close();
    log.info({}, 'the server has stopped');
    // Not left to the event loop: a call to a Temporal that is away retries on timers that fail once its channel is closed.
    process.exit();
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => void stop(signal));
}

/** Connects when first needed, so that the server starts while Temporal is away. */
function connectTemporal(config: Config): Client {
  const connection = Connection.lazy({
    address: config.TEMPORAL_ADDRESS,
    channelArgs: {
      'grpc.max_reconnect_backoff_ms': RECONNECT_MS,
      'grpc.initial_reconnect_backoff_ms': 500,
    },
    ...(config.TEMPORAL_API_KEY !== undefined && { apiKey: config.TEMPORAL_API_KEY }),
    ...(config.TEMPORAL_TLS && { tls: true }),
  });
  return new Client({ connection, namespace: config.TEMPORAL_NAMESPACE });
}

main().catch((error: Error) => {
  createLog('info', 'server').fatal({ err: error }, 'the server ended');
  process.exitCode = 1;
  setImmediate(() => process.exit());
});
