// A word from one flow to another that may have ended already.

import { getExternalWorkflowHandle, log, type SignalDefinition, TemporalFailure } from './temporal';

/** Signals a flow. False: it is closed, or was never started. */
export async function signalWorkflow<B>(
  workflowId: string,
  signal: SignalDefinition<[B]>,
  body: B,
): Promise<boolean> {
  try {
    await getExternalWorkflowHandle(workflowId).signal(signal, body);
    return true;
  } catch (error) {
    if (!(error instanceof TemporalFailure)) throw error;
    log.info('no run to signal', { workflowId, signal: signal.name });
    return false;
  }
}
