// The next journey of the same customer, begun by the one before.

import { type InputOf, type JourneyKind, journeyKind } from '../../rules/journey/kinds';
import { startChild, WorkflowExecutionAlreadyStartedError } from './temporal';

/** The journey outlives the run that begins it. One that has begun before is left alone. */
export async function handOn<K extends JourneyKind>(journey: K, input: InputOf<K>): Promise<void> {
  try {
    await startChild(journey, {
      workflowId: journeyKind(journey).workflowId(input),
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      parentClosePolicy: 'ABANDON',
      args: [input],
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
