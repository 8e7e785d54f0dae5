// Temporal behind the port: the only file that speaks to it from this side. Away, it says so within seconds.

import {
  type Client,
  isGrpcServiceError,
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
import type { Engine, EngineRun } from '../../ports/engine';
import { CodedError, isCodedError } from '../../rules/base/errors';
import { massSendId } from '../../rules/base/ids';
import { journeyKind } from '../../rules/journey/kinds';
import type { RunProgress } from '../../rules/journey/messages';
import { SEARCH_ATTRIBUTES } from '../../rules/journey/searchAttributes';

export interface EngineOptions {
  readonly taskQueue: string;
  readonly namespace: string;
  readonly link: (workflowId: string) => string | undefined;
}

/** Longest a call may take, connecting included. */
const CALL_MS = 4000;
/** A query needs a worker; without one the rest of the answer is still worth having. */
const QUERY_MS = 2000;

const journeyKey = defineSearchAttributeKey(SEARCH_ATTRIBUTES.journey, SearchAttributeType.KEYWORD);
const cityKey = defineSearchAttributeKey(SEARCH_ATTRIBUTES.city, SearchAttributeType.KEYWORD);
const outcomeKey = defineSearchAttributeKey(SEARCH_ATTRIBUTES.outcome, SearchAttributeType.KEYWORD);

export function createEngine(
  client: Client,
  { taskQueue, namespace, link }: EngineOptions,
): Engine {
  const within = <T>(ms: number, call: () => Promise<T>): Promise<T> =>
    deadline(ms, () => client.withDeadline(Date.now() + ms, call));
  const reach = <T>(call: () => Promise<T>): Promise<T> => within(CALL_MS, call).catch(rethrow);

  async function begin(
    type: string,
    workflowId: string,
    input: object,
    { again, about }: { readonly again: boolean; readonly about: TypedSearchAttributes },
  ): Promise<'started' | 'exists'> {
    try {
      await within(CALL_MS, () =>
        client.workflow.start(type, {
          taskQueue,
          workflowId,
          args: [input],
          workflowIdReusePolicy: again ? 'ALLOW_DUPLICATE' : 'REJECT_DUPLICATE',
          workflowIdConflictPolicy: 'FAIL',
          typedSearchAttributes: about,
        }),
      );
      return 'started';
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return 'exists';
      return rethrow(error);
    }
  }

  return {
    start: (journey, workflowId, input, about) =>
      begin(journey, workflowId, input, {
        again: journeyKind(journey).mayRunAgain ?? false,
        about: attributesOf(journey, about?.city),
      }),

    async signal(workflowId, { signal, body }) {
      try {
        await within(CALL_MS, () => client.workflow.getHandle(workflowId).signal(signal, body));
        return true;
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return false;
        return rethrow(error);
      }
    },

    async followMassSend(input) {
      await begin('massSend', massSendId(input.msgid), input, {
        again: false,
        about: attributesOf('massSend', undefined),
      });
    },

    async describe(workflowId) {
      const handle = client.workflow.getHandle(workflowId);
      const described = await found(() => reach(() => handle.describe()));
      if (described === null) return null;
      const status = statusOf(described);
      const progress = status === 'running' ? await progressOf(handle, within) : undefined;
      const outcome = described.typedSearchAttributes.get<'KEYWORD'>(outcomeKey);
      const page = link(workflowId);
      return {
        workflowId,
        runId: described.runId,
        status,
        ...(outcome !== undefined && { outcome }),
        ...(progress !== undefined && { progress }),
        ...(page !== undefined && { link: page }),
      };
    },

    async ping() {
      await reach(() => client.workflowService.describeNamespace({ namespace }));
    },
  };
}

function attributesOf(journey: string, city: string | undefined): TypedSearchAttributes {
  return new TypedSearchAttributes([
    { key: journeyKey, value: journey },
    ...(city === undefined ? [] : [{ key: cityKey, value: city }]),
  ]);
}

async function found<T>(call: () => Promise<T>): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

/** Undefined when no worker answers in time: the state is known all the same. */
async function progressOf(
  handle: WorkflowHandle,
  within: <T>(ms: number, call: () => Promise<T>) => Promise<T>,
): Promise<RunProgress | undefined> {
  try {
    return await within(QUERY_MS, () => handle.query<RunProgress, []>('progress'));
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
async function deadline<T>(ms: number, call: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new CodedError('UNAVAILABLE', `Temporal did not answer within ${ms} ms`)),
      ms,
    );
  });
  try {
    return await Promise.race([call(), late]);
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
