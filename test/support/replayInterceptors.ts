// Loaded into replayed workflows: tells of every activity that a run asks for, for Temporal compares no more than its name.

import { proxySinks, type Sinks, type WorkflowInterceptorsFactory } from '@temporalio/workflow';

export interface AskedSinks extends Sinks {
  readonly asked: { activity(name: string, input: unknown): void };
}

const { asked } = proxySinks<AskedSinks>();

export const interceptors: WorkflowInterceptorsFactory = () => ({
  outbound: [
    {
      scheduleActivity(input, next) {
        asked.activity(input.activityType, input.args[0]);
        return next(input);
      },
    },
  ],
});
