// A run with a clock of its own, which the test moves.

import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { type Connection, ServiceError, type WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { temporal } from '@temporalio/proto';
import { Duration, type DurationLikeObject } from 'luxon';
import { configOf, reached, setTime } from './timeSkipping';

const { EVENT_TYPE_WORKFLOW_TASK_COMPLETED } = temporal.api.enums.v1.EventType;
const { WORKFLOW_EXECUTION_STATUS_RUNNING } = temporal.api.enums.v1.WorkflowExecutionStatus;
const ASK_AGAIN_MS = 10;

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
  /** When the next timer of the run fires, in milliseconds, or when it begins; undefined: it waits for none, or has ended. */
  nextTimer(): Promise<number | undefined>;
  /** Resolves when nothing is at work any more: the run waits for what is still to come, retries, or has ended. */
  idle(): Promise<void>;
  /** Lets the clock go: the result of the run. */
  runToEnd<T>(): Promise<T>;
  /** Protobuf-JSON, as `Worker.runReplayHistory` takes it. */
  history(): Promise<object>;
}

interface RunOnServer {
  readonly connection: Connection;
  readonly namespace: string;
  readonly handle: WorkflowHandle;
}

export function timedRun(run: RunOnServer): TimedRun {
  const { handle } = run;
  return {
    workflowId: handle.workflowId,
    handle,
    idle: () => idle(run),
    advance: (by) => advance(run, by),
    now: () => clockOf(run),
    async signal(name, body) {
      await handle.signal(name, body);
      await idle(run);
    },
    query: (name) => handle.query(name),
    nextTimer: () => nextTimer(run),
    runToEnd: () => runToEnd(run),
    history: async () => JSON.parse(historyToJSON(await handle.fetchHistory())) as object,
  };
}

/** Until the run has taken its first step. */
export async function begun(handle: WorkflowHandle): Promise<void> {
  while (!(await hasBegun(handle))) await delay(ASK_AGAIN_MS);
}

/** Until nothing is at work: no workflow task, no activity but those that wait for a retry, and no timer that is due. */
async function idle(run: RunOnServer): Promise<void> {
  while ((await isAtWork(run)) || (await hasTimerDue(run))) await delay(ASK_AGAIN_MS);
}

async function hasBegun(handle: WorkflowHandle): Promise<boolean> {
  const { events } = await handle.fetchHistory();
  return events?.some(({ eventType }) => eventType === EVENT_TYPE_WORKFLOW_TASK_COMPLETED) ?? false;
}

async function isAtWork(run: RunOnServer): Promise<boolean> {
  const { pendingWorkflowTask, pendingActivities } = await describe(run);
  const working = (pendingActivities ?? []).some(
    ({ attempt, lastFailure }) => (attempt ?? 1) <= 1 && !lastFailure,
  );
  return Boolean(pendingWorkflowTask) || working;
}

/**
 * The server fires a timer up to a second after its clock has come there. Whatever reaches the run until then makes it skip on
 * without that timer, and the clock would be said to stand before it has fired.
 */
async function hasTimerDue(run: RunOnServer): Promise<boolean> {
  const { workflowExecutionInfo, workflowExtendedInfo } = await describe(run);
  if (workflowExecutionInfo?.status !== WORKFLOW_EXECUTION_STATUS_RUNNING) return false;

  const clock = workflowExtendedInfo?.timeSkippingInfo?.currentTime;
  const next = await nextOf(run);
  return next !== undefined && next <= msOf(clock);
}

const describe = ({ connection, namespace, handle: { workflowId } }: RunOnServer) =>
  connection.workflowService.describeWorkflowExecution({ namespace, execution: { workflowId } });

/** So long before the end, timers are come to one by one. Longer than the work of a timer takes in real time. */
const LAST_MS = 30_000;
/** So long before a timer the clock is set still: it comes there by itself. Longer than a call to the server takes. */
const APPROACH_MS = 200;

/**
 * A server whose fast-forward runs out while a timer's work is under way skips over its end, to the timer after it: the clock stops
 * for each timer that lies shortly before the end.
 */
async function advance(run: RunOnServer, by: DurationLikeObject): Promise<void> {
  await idle(run);
  const end = (await clockMs(run)) + Duration.fromObject(by).toMillis();

  await fastForward(run, end - LAST_MS);
  for (;;) {
    const next = await nextTimer(run);
    if (next === undefined || next > end) break;
    await fastForward(run, next - APPROACH_MS);
    await delay(ASK_AGAIN_MS);
  }
  await fastForward(run, end);
}

/** Nothing to do when the clock is there already, or the run has ended. @param until milliseconds */
async function fastForward(run: RunOnServer, until: number): Promise<void> {
  const { connection, namespace, handle } = run;
  const ms = until - (await clockMs(run));
  if (ms <= 0) return;

  const id = randomUUID();
  const config = configOf({ id, ms });
  const moved = await ifRunning(() => setTime(connection, namespace, handle.workflowId, config));
  if (moved) await reached(connection, namespace, handle.workflowId, id);

  await idle(run);
}

/** A timer that a run waits for is always among its latest events. */
const LATEST_EVENTS = 200;

/** A timer that fires between two looks would not be seen, nor what comes after it: both have to see the same history. */
async function nextTimer(run: RunOnServer): Promise<number | undefined> {
  for (;;) {
    const before = await standing(run);
    if (!before.isRunning) return undefined;

    const next = await nextOf(run);
    const after = await standing(run);
    if (after.runId === before.runId && after.length === before.length) return next;
  }
}

/** Where its history stands, once nothing is at work. */
async function standing(run: RunOnServer) {
  await idle(run);
  const { status: state, runId, historyLength: length } = await run.handle.describe();
  return { isRunning: state.name === 'RUNNING', runId, length };
}

async function nextOf({ connection, namespace, handle }: RunOnServer): Promise<number | undefined> {
  const { history } = await connection.workflowService.getWorkflowExecutionHistoryReverse({
    ...{ namespace, execution: { workflowId: handle.workflowId }, maximumPageSize: LATEST_EVENTS },
  });
  const events = history?.events ?? [];
  const over = new Set(
    events.map(
      ({ timerFiredEventAttributes: fired, timerCanceledEventAttributes: cancelled }) =>
        fired?.timerId ?? cancelled?.timerId,
    ),
  );
  const instants = events.flatMap(({ eventTime, timerStartedEventAttributes: timer }) =>
    timer && !over.has(timer.timerId) ? [msOf(eventTime) + msOf(timer.startToFireTimeout)] : [],
  );
  const next = [...instants, ...beginOf(events)];
  return next.length === 0 ? undefined : Math.min(...next);
}

/** A history that goes on from another one may begin a second after it: the server slows down flows that do so too often. */
function beginOf(events: readonly temporal.api.history.v1.IHistoryEvent[]): readonly number[] {
  if (events.some((event) => event.workflowTaskScheduledEventAttributes)) return [];

  return events.flatMap(({ eventTime, workflowExecutionStartedEventAttributes: started }) =>
    started ? [msOf(eventTime) + msOf(started.firstWorkflowTaskBackoff)] : [],
  );
}

/** Of an instant or a duration as the server writes it. */
const msOf = (time: { seconds?: unknown; nanos?: number | null } | null | undefined): number =>
  Number(time?.seconds ?? 0) * 1000 + (time?.nanos ?? 0) / 1e6;

/** ISO instant. */
const clockOf = async (run: RunOnServer): Promise<string> =>
  new Date(await clockMs(run)).toISOString();

async function clockMs(run: RunOnServer): Promise<number> {
  const { workflowExtendedInfo } = await describe(run);
  return msOf(workflowExtendedInfo?.timeSkippingInfo?.currentTime);
}

async function runToEnd<T>({ connection, namespace, handle }: RunOnServer): Promise<T> {
  await ifRunning(() => setTime(connection, namespace, handle.workflowId, configOf()));
  return handle.result() as Promise<T>;
}

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
