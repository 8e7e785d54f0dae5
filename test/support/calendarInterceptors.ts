// Loaded into calendars under test: waves are begun by the test, with a clock of their own. As a child a wave would run to its end at
// once, and hold the clock of its calendar until then.

import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  proxyActivities,
  type WorkflowInterceptorsFactory,
  workflowInfo,
} from '@temporalio/workflow';

/** Answers false when a wave of this id was begun before. */
export interface WaveStarts {
  beginWave(workflowId: string, input: unknown): Promise<boolean>;
}

const { beginWave } = proxyActivities<WaveStarts>({ startToCloseTimeout: '1m' });

export const interceptors: WorkflowInterceptorsFactory = () => ({
  outbound: [
    {
      async startChildWorkflowExecution(input, next) {
        if (input.workflowType !== 'wave') return next(input);

        const { workflowId } = input.options;
        if (await beginWave(workflowId, input.options.args[0]))
          return [Promise.resolve(workflowInfo().runId), Promise.resolve(undefined)];
        throw new WorkflowExecutionAlreadyStartedError('begun before', workflowId, 'wave');
      },
    },
  ],
});
