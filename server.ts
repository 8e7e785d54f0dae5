// Composition root of the API server: HTTP and the intake over real stores and systems. No logic.

import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { performance } from 'node:perf_hooks';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { createApp } from './api/app';
import { addBookMetrics } from './api/bookMetrics';
import { closed, listening } from './api/listen';
import { createMetrics } from './api/metrics';
import { ensureAdminKey } from './api/secrets';
import { untilDone, untilStopped, wait } from './api/wait';
import { answerReaderOf, ledgerKeysOf, readConfig } from './config';
import { createCalendarTeller } from './intake/calendars';
import { inCustomersLane } from './intake/customer';
import { goOnWithAll } from './intake/forget';
import { createHandler } from './intake/handlers';
import { finishLease, holdingsOf, IMPORTER, LEAD_POLLER, LEASE_GROUPS } from './intake/holdings';
import { createImportRunner } from './intake/imports/runner';
import { createLeases } from './intake/leases';
import { createPoller } from './intake/poller';
import { createProcessor } from './intake/processor';
import { removeOld } from './intake/retention';
import { startAdmitted } from './intake/sequences/door';
import { keepStaffTasks } from './intake/staffTasks';
import { createRowFiles } from './integrations/files/rowFiles';
import { runLinks } from './integrations/temporal/links';
import { createSystemWatch } from './integrations/watch';
import { createLog } from './logging';
import { connectMongo } from './models/mongo/connection';
import { createStores, ensureIndexes } from './models/mongo/stores';
import type { Clock } from './ports/clock';
import { createPreviews } from './rehearsal/previews';
import { createCalendarCounts } from './reports/calendar/jobs';
import { createPolicyReplays } from './reports/policyReplay/jobs';
import { createTriggerReplays } from './reports/triggerReplay/jobs';
import { CodedError } from './rules/base/errors';
import { HOUR_MS } from './rules/time/durations';
import {
  callbackCodecs,
  connectSystems,
  connectTemporal,
  engineOf,
  smsFrameOf,
  warnUnsigned,
} from './wiring';

const PREPARE_RETRY_MS = 1000;
/** Runs end within seconds. */
const FORGET_EVERY_MS = 3000;
const TELL_CALENDARS_EVERY_MS = 30_000;
const KEEP_TASKS_EVERY_MS = 30_000;
const START_ADMITTED_EVERY_MS = 30_000;

/** What the parts of the server are built from. */
type Base = Awaited<ReturnType<typeof openBase>>;

async function main(): Promise<void> {
  const base = await openBase();
  const intake = openIntake(base);
  const state = { isPrepared: false };
  const server = await serveApi(base, intake.processor, () => state.isPrepared);

  const stopping = new AbortController();
  const preparing = untilDone(() => prepare(base), {
    everyMs: PREPARE_RETRY_MS,
    stopped: stopping.signal,
    failed: (error) => base.log.warn({ err: error }, 'the database is not ready; trying again'),
  });
  const working = preparing.then(async (isDone) => {
    state.isPrepared = isDone;
    if (!isDone) return;

    intake.start();
    const { signal } = stopping;
    await Promise.all([
      keepForgetting(base, signal),
      keepRemovingOld(base, signal),
      keepTellingCalendars(base, signal),
      keepMindingTasks(base, signal),
      keepStartingAdmitted(base, signal),
    ]);
  });

  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    base.log.info({ signal }, 'stopping');
    stopping.abort();
    await Promise.all([working, intake.poller.stop(), intake.imports.stop(), closed(server)]);
    // Before the leases: what is ours until then is done or waits for whoever has it next.
    await intake.processor.stop();
    await intake.leases.stop();
    await base.mongo.close();
    base.log.info({}, 'the server has stopped');
    // Not left to the event loop: a call to a Temporal that is away retries on timers that fail once its channel is closed.
    process.exit();
  };

  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => void stop(signal));
}

async function openBase() {
  const config = readConfig();
  const log = createLog(config.LOG_LEVEL, 'server');
  const clock: Clock = { now: () => Date.now() };
  const mongo = await connectMongo(config.MONGODB_URI);
  const ledgerKeys = ledgerKeysOf(config);
  const stores = createStores(mongo, ledgerKeys.current);
  warnUnsigned(log, ledgerKeys);

  const runLink = runLinks(config.TEMPORAL_UI_URL, config.TEMPORAL_NAMESPACE);
  const engine = engineOf(config, connectTemporal(config), runLink);

  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const metrics = createMetrics(registry, stores, clock);
  addBookMetrics(registry, stores, clock);
  const watch = createSystemWatch(stores.conditions, clock, log);

  const systems = connectSystems(config, clock, watch);

  return {
    config,
    log,
    clock,
    mongo,
    stores,
    ledgerKeys,
    engine,
    metrics,
    watch,
    runLink,
    systems,
  };
}

/** What this process holds of the intake. */
const leasesOf = (stores: Base['stores'], log: Base['log']) =>
  createLeases({
    store: stores.leases,
    process: randomUUID(),
    groups: LEASE_GROUPS,
    clock: { now: () => performance.now() },
    wait,
    log,
  });

/** From call-backs and the lead pool to journeys. */
function openIntake({ config, log, clock, stores, engine, metrics, ledgerKeys, systems }: Base) {
  const { wecom, leadPool, hasLeadPool } = systems;
  const timezone = config.TIMEZONE;
  const readAnswer = answerReaderOf(config);
  const handle = createHandler({
    ...{ stores, engine, wecom, readAnswer, clock, log, timezone },
    subjectOf: ledgerKeys.current?.subjectOf,
  });
  const leases = leasesOf(stores, log);
  const processor = createProcessor({
    inbox: stores.inbox,
    holdings: holdingsOf(leases),
    place: (item) => inCustomersLane(stores, item),
    handle,
    clock,
    log,
    metrics,
    wait,
  });

  const everyMs = config.LEAD_POLL_SECONDS * 1000;
  const poller = createPoller({
    pool: leadPool,
    leads: stores.leads,
    intake: processor,
    clock,
    log,
    isOurs: () => leases.held().has(LEAD_POLLER),
    everyMs,
    wait,
  });

  const imports = createImportRunner({
    ...{ stores, engine, clock, log, wait },
    files: createRowFiles(),
    isOurs: () => leases.held().has(IMPORTER),
    keptDays: config.SOPFLOW_RETAIN_IMPORTS_DAYS,
  });

  const start = (): void => {
    processor.start();
    imports.start();
    leases.start({ finish: (name) => finishLease(processor, name), changed: processor.wake });
    if (hasLeadPool) poller.start();
  };

  return { processor, poller, imports, leases, start };
}

async function serveApi(
  { config, mongo: _mongo, systems, ...base }: Base,
  intake: ReturnType<typeof createProcessor>,
  isPrepared: () => boolean,
): Promise<Server> {
  const { clock, log, stores, engine } = base;
  const probes = {
    async mongo() {
      if (!isPrepared()) throw new CodedError('UNAVAILABLE', 'indexes and keys are not made yet');
      await stores.keys.isEmpty();
    },
    temporal: () => engine.ping(),
  };

  const app = createApp({
    ...base,
    intake,
    policyReplays: createPolicyReplays({ clock, log }),
    triggerReplays: createTriggerReplays({ clock, log }),
    previews: createPreviews({ stores, channels: [...systems.channels.values()], clock, log }),
    calendarCounts: createCalendarCounts({ clock, log }),
    timezone: config.TIMEZONE,
    readAnswer: answerReaderOf(config),
    ...(config.SMS_SIGNATURE !== undefined && { smsFrame: smsFrameOf(config) }),
    ...(config.METRICS_KEY !== undefined && { metricsKey: config.METRICS_KEY }),
    probes,
    ...callbackCodecs(config, clock),
  });

  const server = app.listen(config.PORT, config.HOST);
  log.info({ address: await listening(server) }, 'the API listens');

  return server;
}

/** What the store must hold before work is taken; while it is away, `/readyz` says so. */
async function prepare({ mongo, stores, clock, config }: Base): Promise<void> {
  await ensureIndexes(mongo);
  showOnce(await ensureAdminKey(stores.keys, clock, config.SOPFLOW_ADMIN_KEY));
}

/** Goes on with what waits for runs to end, or was left by a process that died. */
function keepForgetting(
  { stores, engine, clock, log, ledgerKeys }: Base,
  stopped: AbortSignal,
): Promise<void> {
  const subjectOf = ledgerKeys.current?.subjectOf;
  return untilStopped(() => goOnWithAll({ stores, engine, clock, log, subjectOf }), {
    everyMs: FORGET_EVERY_MS,
    stopped,
    failed: (error) => log.warn({ err: error }, 'forgetting goes on later'),
  });
}

/** Told at once by whoever changes a life; this makes good what a crash, or a Temporal that was away, left untold. */
const keepTellingCalendars = ({ log, ...base }: Base, stopped: AbortSignal): Promise<void> =>
  untilStopped(createCalendarTeller(base), {
    everyMs: TELL_CALENDARS_EVERY_MS,
    stopped,
    failed: (error) => log.warn({ err: error }, 'calendars are told later'),
  });

/** Tasks of staff that nobody did are missed in time, and runs hear what a crash left untold. */
const keepMindingTasks = ({ log, ...base }: Base, stopped: AbortSignal): Promise<void> =>
  untilStopped(() => keepStaffTasks({ log, ...base }), {
    everyMs: KEEP_TASKS_EVERY_MS,
    stopped,
    failed: (error) => log.warn({ err: error }, 'tasks of staff are looked at later'),
  });

/** Who was let into a sequence gets a run, also when the process died in between. */
const keepStartingAdmitted = (
  { log, config, ...base }: Base,
  stopped: AbortSignal,
): Promise<void> =>
  untilStopped(() => startAdmitted({ ...base, timezone: config.TIMEZONE }), {
    everyMs: START_ADMITTED_EVERY_MS,
    stopped,
    failed: (error) => log.warn({ err: error }, 'runs of sequences are started later'),
  });

/** What is older than it is to be kept goes, once an hour. */
function keepRemovingOld(
  { stores, clock, log, config }: Base,
  stopped: AbortSignal,
): Promise<void> {
  const days = {
    inbox: config.SOPFLOW_RETAIN_INBOX_DAYS,
    deliveries: config.SOPFLOW_RETAIN_DELIVERIES_DAYS,
    events: config.SOPFLOW_RETAIN_EVENTS_DAYS,
  };
  const mustStop = () => stopped.aborted;
  const act = async (): Promise<void> =>
    log.info({ gone: await removeOld({ stores, clock, mustStop }, days) }, 'what was old has gone');

  return untilStopped(act, {
    everyMs: HOUR_MS,
    stopped,
    failed: (error) => log.warn({ err: error }, 'what is old goes later'),
  });
}

/** To the terminal and not into the log: a secret is shown once and kept nowhere. */
function showOnce(secret: string | null): void {
  if (secret !== null)
    process.stdout.write(`\n管理员密钥，仅显示一次 / admin key, shown this once: ${secret}\n\n`);
}

main().catch((error: Error) => {
  createLog('info', 'server').fatal({ err: error }, 'the server ended');
  process.exitCode = 1;
  setImmediate(() => process.exit());
});
