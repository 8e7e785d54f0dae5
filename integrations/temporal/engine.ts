// Temporal behind the port: the only file that speaks to it from this side. Away, it says so within seconds.

import {
  type Client,
  isGrpcServiceError,
  ScheduleOverlapPolicy,
  ServiceError,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowExecutionDescription,
  type WorkflowHandle,
  WorkflowNotFoundError,
} from '@temporalio/client';
import {
  defineSearchAttributeKey,
  SearchAttributeType,
  TypedSearchAttributes,
} from '@temporalio/common';
import type { Engine, EngineRun, PendingStep } from '../../ports/engine';
import { CodedError, isCodedError } from '../../rules/base/errors';
import { lateOrderId, massSendId, taskReviewId, WAVE_REVIEW_ID } from '../../rules/base/ids';
import { calendarRunId } from '../../rules/calendar/life';
import { isWaveId, waveId } from '../../rules/calendar/wave';
import { journeyKind } from '../../rules/journey/kinds';
import type {
  CalendarInput,
  JourneyMessage,
  LateOrderInput,
  MassSendInput,
  ReconcileInput,
  RunProgress,
  TaskReviewInput,
} from '../../rules/journey/messages';
import { SEARCH_ATTRIBUTES } from '../../rules/journey/searchAttributes';
import { scheduleIdOf } from './schedules';

export interface EngineOptions {
  readonly taskQueue: string;
  readonly namespace: string;
  readonly link: (workflowId: string) => string | undefined;
}

/** Longest a call may take, connecting included. */
const CALL_MS = 4000;
/** A query needs a worker; without one the rest of the answer is still worth having. */
const QUERY_MS = 2000;

/** Temporal's own limits, in bytes. It answers what is longer like a missing namespace: try again, for ever. */
const ID_BYTES = 1000;
const KEYWORD_BYTES = 255;

const journeyKey = defineSearchAttributeKey(SEARCH_ATTRIBUTES.journey, SearchAttributeType.KEYWORD);
const cityKey = defineSearchAttributeKey(SEARCH_ATTRIBUTES.city, SearchAttributeType.KEYWORD);
const outcomeKey = defineSearchAttributeKey(SEARCH_ATTRIBUTES.outcome, SearchAttributeType.KEYWORD);

interface EngineState extends EngineOptions {
  readonly client: Client;
}

export function createEngine(client: Client, options: EngineOptions): Engine {
  const state: EngineState = { client, ...options };

  return {
    start: async (journey, workflowId, input, about) =>
      startWorkflow(state, journey, workflowId, input, {
        reusePolicy: journeyKind(journey).mayRunAgain ? 'ALLOW_DUPLICATE' : 'REJECT_DUPLICATE',
        searchAttributes: attributesOf(journey, about?.city),
      }),
    signal: (workflowId, message) => signalWorkflow(state, workflowId, message),
    followMassSend: (input) => followMassSend(state, input),
    withdrawMassSend: (input, touchId) => withdrawMassSend(state, input, touchId),
    placeOrder: (input) => placeOrder(state, input),
    reviewTasks: (input) => reviewTasks(state, input),
    startReconcile: (workflowId, input) => startReconcile(state, workflowId, input),
    calendarChanged: (calendarId) => calendarChanged(state, calendarId),
    sealNow: () => sealNow(state),
    wakeWave: (input) => wake(state, 'wave', waveId(input), input),
    reviewWaves: () => wake(state, 'waveReview', WAVE_REVIEW_ID, { version: 1 }),
    describe: (workflowId) => describeWorkflow(state, workflowId),
    ping: () => ping(state),
  };
}

async function startWorkflow(
  { client, taskQueue }: EngineState,
  type: string,
  workflowId: string,
  input: object,
  about: {
    readonly reusePolicy: 'ALLOW_DUPLICATE' | 'REJECT_DUPLICATE';
    readonly searchAttributes: TypedSearchAttributes;
  },
): Promise<'started' | 'exists'> {
  assertFits('workflowId', workflowId, ID_BYTES);
  const start = () =>
    client.workflow.start(type, {
      taskQueue,
      workflowId,
      args: [input],
      workflowIdReusePolicy: about.reusePolicy,
      workflowIdConflictPolicy: 'FAIL',
      typedSearchAttributes: about.searchAttributes,
    });

  try {
    await within(client, CALL_MS, start);
    return 'started';
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return 'exists';
    return rethrow(error);
  }
}

async function signalWorkflow(
  { client }: EngineState,
  workflowId: string,
  { signal, body }: JourneyMessage,
): Promise<boolean> {
  if (isWaveId(workflowId)) return false;

  assertFits('workflowId', workflowId, ID_BYTES);
  try {
    await within(client, CALL_MS, () => client.workflow.getHandle(workflowId).signal(signal, body));
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    return rethrow(error);
  }
}

async function followMassSend(state: EngineState, input: MassSendInput): Promise<void> {
  await startWorkflow(state, 'massSend', massSendId(input.msgid), input, {
    // A touch may join a mass send whose follower found nobody waiting and has ended. With nothing to wait for it ends again at once.
    reusePolicy: 'ALLOW_DUPLICATE',
    searchAttributes: attributesOf('massSend', undefined),
  });
}

async function withdrawMassSend(
  { client, taskQueue }: EngineState,
  input: MassSendInput,
  touchId: string,
): Promise<void> {
  const tell = () =>
    client.workflow.signalWithStart('massSend', {
      taskQueue,
      workflowId: massSendId(input.msgid),
      args: [input],
      signal: 'withdraw',
      signalArgs: [{ touchId }],
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      typedSearchAttributes: attributesOf('massSend', undefined),
    });
  await within(client, CALL_MS, tell).catch(rethrow);
}

async function placeOrder(state: EngineState, input: LateOrderInput): Promise<void> {
  await startWorkflow(state, 'lateOrder', lateOrderId(input.orderKey), input, {
    reusePolicy: 'REJECT_DUPLICATE',
    searchAttributes: attributesOf('lateOrder', undefined),
  });
}

async function reviewTasks(state: EngineState, input: TaskReviewInput): Promise<void> {
  await startWorkflow(
    state,
    'taskReview',
    taskReviewId(input.rules, input.id, input.number),
    input,
    {
      reusePolicy: 'ALLOW_DUPLICATE',
      searchAttributes: attributesOf('taskReview', undefined),
    },
  );
}

async function startReconcile(
  state: EngineState,
  workflowId: string,
  input: ReconcileInput,
): Promise<void> {
  await startWorkflow(state, 'reconcile', workflowId, input, {
    reusePolicy: 'REJECT_DUPLICATE',
    searchAttributes: attributesOf('reconcile', undefined),
  });
}

async function calendarChanged(
  { client, taskQueue }: EngineState,
  calendarId: string,
): Promise<void> {
  const workflowId = calendarRunId(calendarId);
  assertFits('workflowId', workflowId, ID_BYTES);
  const input: CalendarInput = { version: 1, calendarId };
  const tell = () =>
    client.workflow.signalWithStart('calendar', {
      taskQueue,
      workflowId,
      args: [input],
      signal: 'calendarChanged',
      signalArgs: [],
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      typedSearchAttributes: attributesOf('calendar', undefined),
    });
  await within(client, CALL_MS, tell).catch(rethrow);
}

/** Whoever asks while it runs gets what comes after it. */
async function sealNow({ client, taskQueue }: EngineState): Promise<void> {
  const schedule = client.schedule.getHandle(scheduleIdOf({ taskQueue }, 'sealLedger'));
  const trigger = () => schedule.trigger(ScheduleOverlapPolicy.BUFFER_ONE);
  await within(client, CALL_MS, trigger).catch(rethrow);
}

/** Starts the flow where it does not run: what it finds to do is in its records. */
async function wake(
  { client, taskQueue }: EngineState,
  type: 'wave' | 'waveReview',
  workflowId: string,
  input: object,
): Promise<void> {
  assertFits('workflowId', workflowId, ID_BYTES);
  const tell = () =>
    client.workflow.signalWithStart(type, {
      taskQueue,
      workflowId,
      args: [input],
      signal: 'wake',
      signalArgs: [],
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      typedSearchAttributes: attributesOf(type, undefined),
    });
  await within(client, CALL_MS, tell).catch(rethrow);
}

async function describeWorkflow(
  { client, link }: EngineState,
  workflowId: string,
): Promise<EngineRun | null> {
  const handle = client.workflow.getHandle(workflowId);
  const described = await descriptionOf(client, handle);
  if (described === null) return null;

  const status = statusOf(described);
  const progress = status === 'running' ? await progressOf(client, handle) : undefined;
  const outcome = described.typedSearchAttributes.get<'KEYWORD'>(outcomeKey);
  const page = link(workflowId);
  const pending = pendingOf(described);

  return {
    workflowId,
    runId: described.runId,
    status,
    ...(outcome !== undefined && { outcome }),
    ...(progress !== undefined && { progress }),
    ...(pending.length > 0 && { pending }),
    ...(page !== undefined && { link: page }),
  };
}

/** Our own messages, made by coded errors: ids and codes, no names. */
const pendingOf = ({ raw }: WorkflowExecutionDescription): readonly PendingStep[] =>
  (raw.pendingActivities ?? []).map(({ activityType, attempt, lastFailure }) => ({
    activity: activityType?.name ?? 'unknown',
    attempt: attempt ?? 1,
    ...(lastFailure?.message && { failure: lastFailure.message }),
  }));

async function ping({ client, namespace }: EngineState): Promise<void> {
  const describe = () => client.workflowService.describeNamespace({ namespace });
  await within(client, CALL_MS, describe).catch(rethrow);
}

function attributesOf(journey: string, city: string | undefined): TypedSearchAttributes {
  if (city !== undefined) assertFits('city', city, KEYWORD_BYTES);
  return new TypedSearchAttributes([
    { key: journeyKey, value: journey },
    ...(city === undefined ? [] : [{ key: cityKey, value: city }]),
  ]);
}

/** @throws CodedError INVALID_INPUT for what Temporal will never take */
function assertFits(path: string, value: string, bytes: number): void {
  const found = Buffer.byteLength(value);
  if (found <= bytes) return;

  const allowed = `at most ${bytes} bytes`;
  const message = `${found} bytes are too long; allowed: ${allowed}`;
  throw new CodedError('INVALID_INPUT', `${path}: ${message}`, [
    { path, message, value: `${value.slice(0, 80)}…`, allowed },
  ]);
}

/** Null when there is no such workflow. */
async function descriptionOf(
  client: Client,
  handle: WorkflowHandle,
): Promise<WorkflowExecutionDescription | null> {
  try {
    return await within(client, CALL_MS, () => handle.describe());
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    return rethrow(error);
  }
}

/** Undefined when no worker answers in time: the state is known all the same. */
async function progressOf(
  client: Client,
  handle: WorkflowHandle,
): Promise<RunProgress | undefined> {
  try {
    return await within(client, QUERY_MS, () => handle.query<RunProgress, []>('progress'));
  } catch {
    return undefined;
  }
}

function statusOf({ status }: WorkflowExecutionDescription): EngineRun['status'] {
  switch (status.name) {
    case 'COMPLETED':
      return 'completed';
    case 'FAILED':
      return 'failed';
    case 'CANCELLED':
      return 'cancelled';
    case 'TERMINATED':
      return 'terminated';
    case 'TIMED_OUT':
      return 'timed-out';
    default:
      return 'running';
  }
}

/** A connection that is being made heeds no deadline of the call that waits for it, so the clock runs here too. */
async function within<T>(client: Client, ms: number, call: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new CodedError('UNAVAILABLE', `Temporal did not answer within ${ms} ms`)),
      ms,
    );
  });

  try {
    return await Promise.race([client.withDeadline(Date.now() + ms, call), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What Temporal will not do now it may do later: a missing namespace or search attribute is made by whoever runs it. */
function rethrow(error: unknown): never {
  if (isCodedError(error) || error instanceof WorkflowNotFoundError) throw error;

  if (error instanceof ServiceError || isGrpcServiceError(error))
    throw new CodedError(
      'UNAVAILABLE',
      `Temporal cannot do this now: ${(error.cause as Error | undefined)?.message ?? error.message}`,
      [],
      { cause: error },
    );

  throw error;
}
