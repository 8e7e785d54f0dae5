// Back-tests of triggers as jobs of this process.

import type { Clock } from '../../ports/clock';
import type { Log } from '../../ports/log';
import { createJobs, type Job, type Jobs } from '../jobs';
import type { ReplayProgress, TriggerReplayReport } from './run';

interface AboutTriggerReplay {
  readonly triggerId: string;
  readonly version: number;
  readonly city: string;
  readonly days: number;
  readonly author: string;
}

export type TriggerReplayJob = Job<AboutTriggerReplay, ReplayProgress, TriggerReplayReport>;
export type TriggerReplays = Jobs<AboutTriggerReplay, ReplayProgress, TriggerReplayReport>;

/** Each reads the events of its days. */
export const createTriggerReplays = (means: {
  readonly clock: Clock;
  readonly log: Log;
}): TriggerReplays =>
  createJobs({ ...means, called: 'back-test', mostRunning: 2, begun: { events: 0 } });
