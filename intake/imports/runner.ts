// Runs the imports that wait, on the one server that holds the lease: the oldest two at once, so that a small one need not wait
// for a large one.

import type { ImportJob } from '../../ports/imports';
import type { Log } from '../../ports/log';
import { CodedError, isCodedError } from '../../rules/base/errors';
import { DAY_MS, HOUR_MS } from '../../rules/time/durations';
import { formatInstant } from '../../rules/time/instant';
import { type ImportDeps, runImportJob } from './runImportJob';

export interface ImportRunnerDeps extends ImportDeps {
  readonly log: Log;
  /** True while no other process runs imports. */
  readonly isOurs: () => boolean;
  /** Days for which imports that ended, and the rows they left, are kept. */
  readonly keptDays: number;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface ImportRunner {
  start(): void;
  stop(): Promise<void>;
  /** Runs what waits now, to the end. */
  run(): Promise<void>;
}

const AT_ONCE = 2;
const LOOK_MS = 1000;
/** Failures of one job that are ours, after which it ends. */
const MOST_FAILURES = 5;

interface RunnerState extends ImportRunnerDeps {
  readonly stopping: AbortController;
  readonly failures: Map<string, number>;
  /** When jobs of long ago were last looked for. */
  cleanedAt: number;
}

export function createImportRunner(deps: ImportRunnerDeps): ImportRunner {
  const state: RunnerState = {
    ...deps,
    stopping: new AbortController(),
    failures: new Map(),
    cleanedAt: Number.NEGATIVE_INFINITY,
  };
  let running: Promise<void> = Promise.resolve();

  return {
    start() {
      running = runUntilStopped(state);
    },
    async stop() {
      state.stopping.abort();
      await running;
    },
    run: () => runWaiting(state),
  };
}

async function runUntilStopped(state: RunnerState): Promise<void> {
  const { stopping, log, wait, isOurs } = state;

  while (!stopping.signal.aborted) {
    if (isOurs())
      await runWaiting(state).catch((error: unknown) =>
        log.warn({ err: error }, 'the imports cannot be read; trying again'),
      );
    await wait(LOOK_MS, stopping.signal);
  }
}

async function runWaiting(state: RunnerState): Promise<void> {
  await removeOld(state);
  const jobs = await state.stores.imports.open(AT_ONCE);
  await Promise.all(jobs.map((job) => runJob(state, job)));
}

async function runJob(state: RunnerState, job: ImportJob): Promise<void> {
  const mayGoOn = (): boolean => !state.stopping.signal.aborted && state.isOurs();
  try {
    await runImportJob(state, job, mayGoOn);
  } catch (error) {
    await failed(state, job, error);
  }

  await removeUnread(state, job.id);
}

/** A file that cannot be read ends its job, and so does a fault of ours that comes again and again; what is away comes back. */
async function failed(state: RunnerState, { id }: ImportJob, error: unknown): Promise<void> {
  const { stores, clock, log, failures } = state;
  const isOfFile = isCodedError(error) && error.code !== 'UNAVAILABLE';
  if (!isOfFile) {
    log.error({ err: error, import: id }, 'an import was broken off; trying again');
    const times = (failures.get(id) ?? 0) + (isCodedError(error) ? 0 : 1);
    failures.set(id, times);
    if (times < MOST_FAILURES) return;
  }

  const { message, issues } = isOfFile
    ? error
    : new CodedError('UNAVAILABLE', '服务器故障，请查看日志 · the server failed; see its log');
  await stores.imports.end(id, 'failed', formatInstant(clock.now()), { message, issues });
}

/** The file of a job that has ended holds names and phones that nobody needs any more. */
async function removeUnread({ stores, failures }: RunnerState, id: string): Promise<void> {
  const job = await stores.imports.find(id);
  if (job?.endedAt === undefined) return;

  failures.delete(id);
  await stores.imports.removeFile(id);
}

async function removeOld(state: RunnerState): Promise<void> {
  const { stores, clock, keptDays, log } = state;
  const now = clock.now();
  if (now - state.cleanedAt < HOUR_MS) return;

  state.cleanedAt = now;
  const removed = await stores.imports.removeBefore(formatInstant(now - keptDays * DAY_MS));
  if (removed > 0) log.info({ removed }, 'imports of long ago were forgotten');
}
