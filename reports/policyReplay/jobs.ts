// Back-tests as jobs of this process.

import type { Clock } from '../../ports/clock';
import type { Log } from '../../ports/log';
import type { PolicyReplayReport } from '../../rules/ledger/policyReplay';
import { createJobs, type Job, type Jobs } from '../jobs';
import type { Played } from './run';

interface AboutPolicyReplay {
  /** `id@version`, or `proposed` for one that came with the question. */
  readonly policy: string;
  readonly days: number;
  readonly author: string;
}

export type PolicyReplayJob = Job<AboutPolicyReplay, Played, PolicyReplayReport>;
export type PolicyReplays = Jobs<AboutPolicyReplay, Played, PolicyReplayReport>;

/** One reads the whole ledger of its days: they run one at a time. */
export const createPolicyReplays = (means: {
  readonly clock: Clock;
  readonly log: Log;
}): PolicyReplays =>
  createJobs({
    ...means,
    called: 'back-test',
    mostRunning: 1,
    begun: { read: 0, played: 0 },
  });
