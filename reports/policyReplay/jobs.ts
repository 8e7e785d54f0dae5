// Back-tests that run in this process: one at a time, the last ones kept for reading. A restart loses them all; none writes
// anything, so nothing but the waiting is lost.

import { randomUUID } from 'node:crypto';
import type { Clock } from '../../ports/clock';
import type { Log } from '../../ports/log';
import { CodedError } from '../../rules/base/errors';
import type { PolicyReplayReport } from '../../rules/ledger/policyReplay';
import { formatInstant } from '../../rules/time/instant';
import { type Played, type PolicyReplayInput, runPolicyReplay } from './run';

export interface PolicyReplayJob {
  readonly id: string;
  readonly state: 'running' | 'done' | 'failed' | 'cancelled';
  /** `id@version`, or `proposed` for one that came with the question. */
  readonly policy: string;
  readonly days: number;
  readonly author: string;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly progress: Played;
  readonly report?: PolicyReplayReport;
  /** Why it failed. */
  readonly error?: string;
}

export interface PolicyReplays {
  /** @throws CodedError CONFLICT while another one runs. */
  start(
    about: Pick<PolicyReplayJob, 'policy' | 'days' | 'author'>,
    input: PolicyReplayInput,
  ): PolicyReplayJob;
  find(id: string): PolicyReplayJob | undefined;
  /** Newest first. */
  list(): readonly PolicyReplayJob[];
  /** Ends one that runs; one that has ended stays as it is. */
  cancel(id: string): PolicyReplayJob | undefined;
}

const KEPT = 20;
class Cancelled extends Error {}

interface JobsState {
  readonly clock: Clock;
  readonly log: Log;
  /** By id, the oldest first. */
  readonly jobs: Map<string, PolicyReplayJob>;
  running: { readonly id: string; readonly abort: AbortController } | undefined;
}

export function createPolicyReplays({
  clock,
  log,
}: {
  readonly clock: Clock;
  readonly log: Log;
}): PolicyReplays {
  const state: JobsState = { clock, log, jobs: new Map(), running: undefined };

  return {
    start: (about, input) => startJob(state, about, input),
    find: (id) => state.jobs.get(id),
    list: () => [...state.jobs.values()].reverse(),
    cancel: (id) => cancelJob(state, id),
  };
}

function startJob(
  state: JobsState,
  about: Pick<PolicyReplayJob, 'policy' | 'days' | 'author'>,
  input: PolicyReplayInput,
): PolicyReplayJob {
  if (state.running)
    throw new CodedError(
      'CONFLICT',
      `back-test ${state.running.id} is running: one at a time; wait for it or cancel it`,
    );

  const job: PolicyReplayJob = {
    id: randomUUID(),
    state: 'running',
    ...about,
    startedAt: now(state),
    progress: { read: 0, played: 0 },
  };
  keep(state, job);

  const abort = new AbortController();
  state.running = { id: job.id, abort };
  void runJob(state, job.id, { ...input, signal: abort.signal });

  return job;
}

function keep({ jobs }: JobsState, job: PolicyReplayJob): void {
  jobs.set(job.id, job);
  for (const oldest of [...jobs.keys()].slice(0, -KEPT)) jobs.delete(oldest);
}

async function runJob(state: JobsState, id: string, input: PolicyReplayInput): Promise<void> {
  try {
    const report = await runPolicyReplay({
      ...input,
      progress: (progress) => change(state, id, { progress }),
    });
    change(state, id, { state: 'done', report, endedAt: now(state) });
  } catch (error) {
    if (error instanceof Cancelled) return; // said when it was asked for

    state.log.error({ err: error, backtest: id }, 'a back-test failed');
    const why = (error as Error).message;
    change(state, id, { state: 'failed', error: why, endedAt: now(state) });
  } finally {
    if (state.running?.id === id) state.running = undefined;
  }
}

function cancelJob(state: JobsState, id: string): PolicyReplayJob | undefined {
  if (state.running?.id === id) {
    change(state, id, { state: 'cancelled', endedAt: now(state) });
    state.running.abort.abort(new Cancelled());
  }

  return state.jobs.get(id);
}

function change({ jobs }: JobsState, id: string, more: Partial<PolicyReplayJob>): void {
  const job = jobs.get(id);
  if (job) jobs.set(id, { ...job, ...more });
}

const now = ({ clock }: JobsState): string => formatInstant(clock.now());
