// Back-tests that run in this process: one at a time, the last ones kept for reading. A restart loses them all; none writes
// anything, so nothing but the waiting is lost.

import { randomUUID } from 'node:crypto';
import type { Clock } from '../../ports/clock';
import type { Log } from '../../ports/log';
import { CodedError } from '../../rules/base/errors';
import type { BacktestReport } from '../../rules/ledger/backtest';
import { formatInstant } from '../../rules/time/instant';
import { type BacktestInput, type Played, runBacktest } from './run';

export interface BacktestJob {
  readonly id: string;
  readonly state: 'running' | 'done' | 'failed' | 'cancelled';
  /** `id@version`, or `proposed` for one that came with the question. */
  readonly policy: string;
  readonly days: number;
  readonly author: string;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly progress: Played;
  readonly report?: BacktestReport;
  /** Why it failed. */
  readonly error?: string;
}

export interface Backtests {
  /** @throws CodedError CONFLICT while another one runs. */
  start(about: Pick<BacktestJob, 'policy' | 'days' | 'author'>, input: BacktestInput): BacktestJob;
  find(id: string): BacktestJob | undefined;
  /** Newest first. */
  list(): readonly BacktestJob[];
  /** Ends one that runs; one that has ended stays as it is. */
  cancel(id: string): BacktestJob | undefined;
}

const KEPT = 20;
class Cancelled extends Error {}

export function createBacktests({
  clock,
  log,
}: {
  readonly clock: Clock;
  readonly log: Log;
}): Backtests {
  const jobs = new Map<string, BacktestJob>();
  let running: { readonly id: string; readonly abort: AbortController } | undefined;

  const now = (): string => formatInstant(clock.now());
  const change = (id: string, more: Partial<BacktestJob>): void => {
    const job = jobs.get(id);
    if (job) jobs.set(id, { ...job, ...more });
  };

  async function run(id: string, input: BacktestInput, signal: AbortSignal): Promise<void> {
    try {
      const report = await runBacktest({
        ...input,
        signal,
        progress: (progress) => change(id, { progress }),
      });
      change(id, { state: 'done', report, endedAt: now() });
    } catch (error) {
      if (error instanceof Cancelled) return; // said when it was asked for
      log.error({ err: error, backtest: id }, 'a back-test failed');
      change(id, { state: 'failed', error: (error as Error).message, endedAt: now() });
    } finally {
      if (running?.id === id) running = undefined;
    }
  }

  return {
    start(about, input) {
      if (running)
        throw new CodedError(
          'CONFLICT',
          `back-test ${running.id} is running: one at a time; wait for it or cancel it`,
        );
      const id = randomUUID();
      const job: BacktestJob = {
        id,
        state: 'running',
        ...about,
        startedAt: now(),
        progress: { read: 0, played: 0 },
      };
      jobs.set(id, job);
      for (const oldest of [...jobs.keys()].slice(0, -KEPT)) jobs.delete(oldest);
      running = { id, abort: new AbortController() };
      void run(id, input, running.abort.signal);
      return job;
    },
    find: (id) => jobs.get(id),
    list: () => [...jobs.values()].reverse(),
    cancel(id) {
      if (running?.id === id) {
        change(id, { state: 'cancelled', endedAt: now() });
        running.abort.abort(new Cancelled());
      }
      return jobs.get(id);
    },
  };
}
