// The part of Temporal's SDK that workflows are written with. No other file imports the SDK: what stands here is what the
// rehearsal has to play in virtual time.

export {
  defineSearchAttributeKey,
  SearchAttributeType,
  TemporalFailure,
  WorkflowExecutionAlreadyStartedError,
} from '@temporalio/common';
export {
  type ActivityOptions,
  CancellationScope,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  getExternalWorkflowHandle,
  isCancellation,
  log,
  patched,
  proxyActivities,
  proxyLocalActivities,
  type SignalDefinition,
  setCurrentDetails,
  setHandler,
  sleep,
  startChild,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
