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
import { status } from '@grpc/grpc-js';
import { Client, Connection, ServiceError, type WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { temporal } from '@temporalio/proto';
import {
  DefaultLogger,
  NativeConnection,
  Runtime,
  Worker,
  type WorkflowBundleOption,
} from '@temporalio/worker';
import { Duration, type DurationLikeObject } from 'luxon';
import { configOf, reached, setTime, skipTime } from './timeSkipping';

const { EVENT_TYPE_WORKFLOW_TASK_COMPLETED } = temporal.api.enums.v1.EventType;

export interface JourneyEnvironmentOptions {
  /** host:port of a Temporal server ≥ 1.32 with `frontend.WorkflowTimeSkippingEnabled`. */
  readonly address: string;
  readonly namespace?: string;
  /** The module that exports the workflows, or a bundle made of it before. */
  readonly workflows: { readonly path: string } | { readonly bundle: WorkflowBundleOption };
  readonly activities: object;
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

export interface TimedRun {
  readonly workflowId: string;
  readonly handle: WorkflowHandle;
  /** Moves the run's clock; everything that falls due on the way has happened when this resolves. A run that ends earlier stops it. */
  advance(by: DurationLikeObject): Promise<void>;
  /** ISO instant of the run's clock. */
  now(): Promise<string>;
  /** Sends a signal and waits until the run has dealt with it. */
  signal(name: string, body: unknown): Promise<void>;
  query<T>(name: string): Promise<T>;
  /** Resolves when nothing is at work any more: the run waits, retries, or has ended. */
  idle(): Promise<void>;
  /** Lets the clock go: the result of the run. */
  runToEnd<T>(): Promise<T>;
  /** Protobuf-JSON, as `Worker.runReplayHistory` takes it. */
  history(): Promise<object>;
}

export interface JourneyEnvironment {
  readonly client: Client;
  start(workflow: string, options: StartOptions): Promise<TimedRun>;
  close(): Promise<void>;
}

export async function createJourneyEnvironment(
  options: JourneyEnvironmentOptions,
): Promise<JourneyEnvironment> {
  const { address, namespace = 'default', workflows, activities } = options;
  const taskQueue = options.taskQueue ?? `journeys-${randomUUID()}`;
  quiet();
  const configs = new Map<string, ReturnType<typeof configOf>>();
  const connection = await Connection.connect({ address, interceptors: [skipTime(configs)] });
  const native = await NativeConnection.connect({ address });
  const code =
    'path' in workflows ? { workflowsPath: workflows.path } : { workflowBundle: workflows.bundle };
  const worker = await Worker.create({
    connection: native,
    namespace,
    taskQueue,
    activities,
    ...code,
  });
  const working = worker.run();
  const client = new Client({ connection, namespace });

  return {
    client,
    async start(workflow, { workflowId = `${workflow}-${randomUUID()}`, args, at }) {
      const delayMs = at === undefined ? 0 : Date.parse(at) - Date.now();
      if (delayMs < 0 || Number.isNaN(delayMs))
        throw new Error(`a run cannot begin at ${at}: it must lie ahead of now`);
      const begin = { id: randomUUID(), ms: Math.max(delayMs, 1) };
      configs.set(workflowId, configOf(begin));
      const delay = delayMs > 0 ? { startDelay: delayMs } : {};
      const handle = await client.workflow.start(workflow, {
        workflowId,
        taskQueue,
        args: [...args],
        ...delay,
      });
      configs.delete(workflowId);
      await reached(connection, namespace, workflowId, begin.id);
      await begun(handle);
      const run = createRun(connection, namespace, handle);
      await run.idle();
      return run;
    },
    async close() {
      worker.shutdown();
      await working;
      await connection.close();
      await native.close();
    },
  };
}

function createRun(connection: Connection, namespace: string, handle: WorkflowHandle): TimedRun {
  const { workflowId } = handle;
  const describe = () =>
    connection.workflowService.describeWorkflowExecution({ namespace, execution: { workflowId } });

  /** Until nothing is at work: no workflow task, and no activity but those that wait for a retry. */
  async function idle(): Promise<void> {
    for (;;) {
      const { pendingWorkflowTask, pendingActivities } = await describe();
      const working = (pendingActivities ?? []).some(
        ({ attempt, lastFailure }) => (attempt ?? 1) <= 1 && !lastFailure,
      );
      if (!pendingWorkflowTask && !working) return;
      await pause();
    }
  }

  return {
    workflowId,
    handle,
    idle,
    async advance(by) {
      await idle();
      const id = randomUUID();
      const moved = await ifRunning(() =>
        setTime(
          connection,
          namespace,
          workflowId,
          configOf({ id, ms: Duration.fromObject(by).toMillis() }),
        ),
      );
      if (moved) await reached(connection, namespace, workflowId, id);
      await idle();
    },
    async now() {
      const { workflowExtendedInfo } = await describe();
      const time = workflowExtendedInfo?.timeSkippingInfo?.currentTime;
      return new Date(Number(time?.seconds ?? 0) * 1000 + (time?.nanos ?? 0) / 1e6).toISOString();
    },
    async signal(name, body) {
      await handle.signal(name, body);
      await idle();
    },
    query: (name) => handle.query(name),
    async runToEnd() {
      await ifRunning(() => setTime(connection, namespace, workflowId, configOf()));
      return handle.result();
    },
    history: async () => JSON.parse(historyToJSON(await handle.fetchHistory())) as object,
  };
}

/** Until the run has taken its first step. */
async function begun(handle: WorkflowHandle): Promise<void> {
  for (;;) {
    const { events } = await handle.fetchHistory();
    if (events?.some(({ eventType }) => eventType === EVENT_TYPE_WORKFLOW_TASK_COMPLETED)) return;
    await pause();
  }
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 10));

/** False when the run had ended already. */
async function ifRunning(act: () => Promise<void>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    const code =
      error instanceof ServiceError
        ? (error.cause as { code?: number }).code
        : (error as { code?: number }).code;
    if (code === status.NOT_FOUND || code === status.FAILED_PRECONDITION) return false;
    throw error;
  }
}

let quieted = false;

/** Failing activities are what tests are about: only errors of the SDK itself are worth reading. */
function quiet(): void {
  if (quieted) return;
  quieted = true;
  Runtime.install({ logger: new DefaultLogger('ERROR') });
}
