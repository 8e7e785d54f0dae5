// A test environment for journeys on a real Temporal server: every run has its own clock, which the test moves.
//
//   const journeys = await createJourneyEnvironment({ address, workflowsPath, activities });
//   const run = await journeys.start('monthStart', { args: [input], at: '2090-03-06T10:00:00+08:00' });
//   await run.advance({ days: 1 });
//   await run.signal('contact', { kind: 'accepted', at: run.now() });
//   expect(await run.runToEnd()).toEqual({ outcome: 'ordered' });
//
// The clock stands wherever the test left it, but for the real milliseconds that pass. Activities read it through
// activities/clock.ts; local activities carry the system's time only. Child workflows have clocks of their own, which run
// to their end and hold their parent's clock until then.

import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import {
  DefaultLogger,
  NativeConnection,
  Runtime,
  Worker,
  type WorkflowBundleOption,
} from '@temporalio/worker';
import { begun, type TimedRun, timedRun } from './timedRun';
import { configOf, reached, skipTime } from './timeSkipping';

export interface JourneyEnvironmentOptions {
  /** host:port of a Temporal server ≥ 1.32 with `frontend.WorkflowTimeSkippingEnabled`. */
  readonly address: string;
  readonly namespace?: string;
  /** The module that exports the workflows, or a bundle made of it before. */
  readonly workflows: { readonly path: string } | { readonly bundle: WorkflowBundleOption };
  readonly activities: object;
  /** Modules of interceptors that are loaded beside the workflows. */
  readonly interceptors?: readonly string[];
  /** Default: a queue of its own, so that environments do not take each other's work. */
  readonly taskQueue?: string;
}

export interface StartOptions {
  /** Default: random. */
  readonly workflowId?: string;
  readonly args: readonly unknown[];
  /** ISO: the run's clock begins here. Must lie ahead of the system's clock; default: the system's now. */
  readonly at?: string;
}

export interface JourneyEnvironment {
  readonly client: Client;
  start(workflow: string, options: StartOptions): Promise<TimedRun>;
  close(): Promise<void>;
}

/** What runs are started with. */
interface Started {
  readonly client: Client;
  readonly connection: Connection;
  readonly namespace: string;
  readonly taskQueue: string;
  /** By workflow id: how the clock of a run that is about to start moves. */
  readonly configs: Map<string, ReturnType<typeof configOf>>;
}

export async function createJourneyEnvironment({
  address,
  namespace = 'default',
  workflows,
  activities,
  interceptors = [],
  taskQueue = `journeys-${randomUUID()}`,
}: JourneyEnvironmentOptions): Promise<JourneyEnvironment> {
  quiet();
  const configs: Started['configs'] = new Map();
  const connection = await Connection.connect({ address, interceptors: [skipTime(configs)] });
  const client = new Client({ connection, namespace });

  const native = await NativeConnection.connect({ address });
  const code =
    'path' in workflows ? { workflowsPath: workflows.path } : { workflowBundle: workflows.bundle };
  const queue = { connection: native, namespace, taskQueue };
  const worker = await Worker.create({
    ...{ ...queue, activities, ...code },
    interceptors: { workflowModules: [...interceptors] },
  });
  const working = worker.run();

  const started = { client, connection, namespace, taskQueue, configs };
  return {
    client,
    start: (workflow, options) => startRun(started, workflow, options),
    async close() {
      worker.shutdown();
      await working;
      await connection.close();
      await native.close();
    },
  };
}

async function startRun(
  { client, connection, namespace, taskQueue, configs }: Started,
  workflow: string,
  { workflowId = `${workflow}-${randomUUID()}`, args, at }: StartOptions,
): Promise<TimedRun> {
  const delayMs = at === undefined ? 0 : Date.parse(at) - Date.now();
  if (delayMs < 0 || Number.isNaN(delayMs))
    throw new Error(`a run cannot begin at ${at}: it must lie ahead of now`);

  const begin = { id: randomUUID(), ms: Math.max(delayMs, 1) };
  configs.set(workflowId, configOf(begin));
  const delay = delayMs > 0 ? { startDelay: delayMs } : {};
  const options = { workflowId, taskQueue, args: [...args], ...delay };
  const handle = await client.workflow.start(workflow, options);
  configs.delete(workflowId);

  await reached(connection, namespace, workflowId, begin.id);
  await begun(handle);
  const run = timedRun({ connection, namespace, handle });
  await run.idle();

  return run;
}

let quieted = false;

/** Failing activities are what tests are about: only errors of the SDK itself are worth reading. */
function quiet(): void {
  if (quieted) return;
  quieted = true;
  Runtime.install({ logger: new DefaultLogger('ERROR') });
}
