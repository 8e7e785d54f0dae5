// Native time skipping of the Temporal server (1.32 on), which the SDK has messages but no helper for.

import { InterceptingCall, type Interceptor } from '@grpc/grpc-js';
import type { Connection } from '@temporalio/client';
import { temporal } from '@temporalio/proto';

type Config = temporal.api.common.v1.TimeSkippingConfig.$Properties;

/** The server's own limit is 100 skips, which a journey with retries can reach. */
const MAX_SKIPS = 10_000;
const START = /\/(StartWorkflowExecution|SignalWithStartWorkflowExecution)$/;
const { FAST_FORWARD_POLLING_RESULT_POLL_TIMEOUT } = temporal.api.enums.v1.FastForwardPollingResult;

export const configOf = (fastForward?: { readonly id: string; readonly ms: number }): Config => ({
  enabled: true,
  maxSessionSkipCount: MAX_SKIPS,
  ...(fastForward && {
    fastForwardConfig: { id: fastForward.id, duration: durationOf(fastForward.ms) },
  }),
});

const durationOf = (ms: number) => ({
  seconds: Math.floor(ms / 1000) as never, // a Long by its type; the encoder takes whole numbers
  nanos: Math.round((ms % 1000) * 1e6),
});

/** Puts a time-skipping configuration into the start of each workflow that has one in `configs`. The SDK hands over encoded bytes. */
export function skipTime(configs: ReadonlyMap<string, Config>): Interceptor {
  return (options, nextCall) =>
    new InterceptingCall(nextCall(options), {
      sendMessage(bytes: Buffer, next) {
        const name = START.exec(options.method_definition.path)?.[1];
        if (name !== 'StartWorkflowExecution' && name !== 'SignalWithStartWorkflowExecution')
          return next(bytes);

        const type = temporal.api.workflowservice.v1[`${name}Request`];
        const request = type.decode(bytes);
        const config = configs.get(request.workflowId);
        if (!config) return next(bytes);

        request.timeSkippingConfig = config;
        return next(Buffer.from(type.encode(request).finish()));
      },
    });
}

/** Sets the clock of a running workflow going: to the end of the fast-forward, or, without one, to the end of the run. */
export async function setTime(
  connection: Connection,
  namespace: string,
  workflowId: string,
  config: Config,
): Promise<void> {
  await connection.workflowService.updateWorkflowExecutionOptions({
    namespace,
    workflowExecution: { workflowId },
    workflowExecutionOptions: { timeSkippingConfig: config },
    updateMask: { paths: ['time_skipping_config'] },
  });
}

/** Resolves when the fast-forward is complete, or can no longer be because the run has ended. */
export async function reached(
  connection: Connection,
  namespace: string,
  workflowId: string,
  fastForwardId: string,
): Promise<void> {
  for (;;) {
    const { fastForwardPollingResult } =
      await connection.workflowService.pollWorkflowExecutionTimeSkipping({
        namespace,
        workflowExecution: { workflowId },
        fastForwardId,
      });
    if (fastForwardPollingResult !== FAST_FORWARD_POLLING_RESULT_POLL_TIMEOUT) return;
  }
}
