// Jobs that run in this process: a few at a time, the last ones kept for reading. A restart loses them all; none writes anything,
// so nothing but the waiting is lost.

import { randomUUID } from 'node:crypto';
import type { Clock } from '../ports/clock';
import type { Log } from '../ports/log';
import { CodedError } from '../rules/base/errors';
import { formatInstant } from '../rules/time/instant';

export interface JobState<Progress, Report> {
  readonly id: string;
  readonly state: 'running' | 'done' | 'failed' | 'cancelled';
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly progress: Progress;
  readonly report?: Report;
  /** Why it failed. */
  readonly error?: string;
}

/** A job, with what it is about. */
export type Job<About, Progress, Report> = About & JobState<Progress, Report>;

/** What a job is given: it throws the signal's reason once it is aborted. */
export interface JobMeans<Progress> {
  readonly signal: AbortSignal;
  readonly progress: (progress: Progress) => void;
}

export interface Jobs<About, Progress, Report> {
  /** @throws CodedError CONFLICT while as many run as may. */
  start(
    about: About,
    run: (means: JobMeans<Progress>) => Promise<Report>,
  ): Job<About, Progress, Report>;
  find(id: string): Job<About, Progress, Report> | undefined;
  /** Newest first. */
  list(): readonly Job<About, Progress, Report>[];
  /** Ends one that runs; one that has ended stays as it is. */
  cancel(id: string): Job<About, Progress, Report> | undefined;
  /** Resolves once it runs no more, whatever became of it. */
  ended(id: string): Promise<void>;
}

interface JobsOptions<Progress> {
  readonly clock: Clock;
  readonly log: Log;
  /** What one is called, in messages. */
  readonly called: string;
  readonly mostRunning: number;
  /** Of one that has just begun. */
  readonly begun: Progress;
}

const KEPT = 20;
class Cancelled extends Error {}

interface JobBook<About, Progress, Report> extends JobsOptions<Progress> {
  /** By id, the oldest first. */
  readonly jobs: Map<string, Job<About, Progress, Report>>;
  readonly running: Map<string, RunningJob>;
}

interface RunningJob {
  readonly abort: AbortController;
  readonly ended: Promise<void>;
}

export function createJobs<About extends object, Progress, Report>(
  options: JobsOptions<Progress>,
): Jobs<About, Progress, Report> {
  const book: JobBook<About, Progress, Report> = {
    ...options,
    jobs: new Map(),
    running: new Map(),
  };

  return {
    start: (about, run) => startJob(book, about, run),
    find: (id) => book.jobs.get(id),
    list: () => [...book.jobs.values()].reverse(),
    cancel: (id) => cancelJob(book, id),
    ended: async (id) => await book.running.get(id)?.ended,
  };
}

function startJob<About extends object, Progress, Report>(
  book: JobBook<About, Progress, Report>,
  about: About,
  run: (means: JobMeans<Progress>) => Promise<Report>,
): Job<About, Progress, Report> {
  assertRoom(book);

  const job: Job<About, Progress, Report> = {
    ...about,
    id: randomUUID(),
    state: 'running',
    startedAt: now(book),
    progress: book.begun,
  };
  keep(book, job);

  const abort = new AbortController();
  const ended = runJob(book, job.id, run, abort.signal).finally(() => book.running.delete(job.id));
  book.running.set(job.id, { abort, ended });

  return job;
}

function assertRoom<About, Progress, Report>({
  running,
  mostRunning,
  called,
}: JobBook<About, Progress, Report>): void {
  if (running.size < mostRunning) return;

  const most = mostRunning === 1 ? 'one at a time' : `at most ${mostRunning} at a time`;
  throw new CodedError(
    'CONFLICT',
    `${called} ${[...running.keys()].join(', ')} is running: ${most}; wait for it or cancel it`,
  );
}

function keep<About, Progress, Report>(
  { jobs, running }: JobBook<About, Progress, Report>,
  job: Job<About, Progress, Report>,
): void {
  jobs.set(job.id, job);
  const ended = [...jobs.keys()].filter((id) => id !== job.id && !running.has(id));
  for (const oldest of ended.slice(0, Math.max(0, jobs.size - KEPT))) jobs.delete(oldest);
}

async function runJob<About, Progress, Report>(
  book: JobBook<About, Progress, Report>,
  id: string,
  run: (means: JobMeans<Progress>) => Promise<Report>,
  signal: AbortSignal,
): Promise<void> {
  try {
    const report = await run({ signal, progress: (progress) => change(book, id, { progress }) });
    // One that was cancelled too late to notice stays cancelled.
    if (!signal.aborted) change(book, id, { state: 'done', report, endedAt: now(book) });
  } catch (error) {
    if (error instanceof Cancelled) return; // said when it was asked for

    book.log.error({ err: error, job: id }, `a ${book.called} failed`);
    const why = (error as Error).message;
    change(book, id, { state: 'failed', error: why, endedAt: now(book) });
  }
}

function cancelJob<About, Progress, Report>(
  book: JobBook<About, Progress, Report>,
  id: string,
): Job<About, Progress, Report> | undefined {
  const running = book.running.get(id);
  if (running && !running.abort.signal.aborted) {
    change(book, id, { state: 'cancelled', endedAt: now(book) });
    running.abort.abort(new Cancelled());
  }

  return book.jobs.get(id);
}

function change<About, Progress, Report>(
  { jobs }: JobBook<About, Progress, Report>,
  id: string,
  more: Partial<JobState<Progress, Report>>,
): void {
  const job = jobs.get(id);
  if (job) jobs.set(id, { ...job, ...more });
}

const now = ({ clock }: { readonly clock: Clock }): string => formatInstant(clock.now());
