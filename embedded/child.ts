// Supervised child processes: a log file each, restarts with back-off in words, and an orderly end without orphans.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '../rules/base/errors';
import { killGroupsOnExit } from './groups';
import { pollUntil } from './poll';
import { endProcess } from './processes';

/** Takes one line for the person who watches. */
export type Log = (line: string) => void;

export interface ChildSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Whether to start it again when it ends unasked; off where its state would be lost. */
  readonly restart: boolean;
}

export interface Child {
  readonly name: string;
  readonly logFile: string;
  /** The id of the process that runs now; undefined while it is down. */
  pid(): number | undefined;
  /** Why it is down for good, in words; undefined while it runs or will be started again. */
  ended(): string | undefined;
  stop(): Promise<void>;
}

export interface SupervisorOptions {
  readonly logDir: string;
  readonly log: Log;
  /** Hears the ids by name after every start and end. */
  readonly onPids?: (pids: Readonly<Record<string, number>>) => void;
  /** Hears of a child that ended unasked and is not started again. */
  readonly onEnded?: (name: string, why: string) => void;
  /** Quick ends in a row after which it gives up, and the first pause, which doubles each time up to 8 s. */
  readonly attempts?: number;
  readonly firstPauseMs?: number;
  readonly graceMs?: number;
}

export interface Supervisor {
  start(spec: ChildSpec): Child;
  pids(): Record<string, number>;
  /** Ends all children, the last started first: SIGTERM, then SIGKILL after the grace time. */
  stop(): Promise<void>;
}

const LONG_LIFE_MS = 5_000; // a child that lived this long was up: its next end is a new trouble, not the same one
const FIRST_ATTEMPTS = 2; // a child that was never up and exits by itself has a trouble that waiting will not mend
const LONGEST_PAUSE_MS = 8_000;
const ROTATE_BYTES = 20_000_000;

export function createSupervisor(options: SupervisorOptions): Supervisor {
  mkdirSync(options.logDir, { recursive: true });
  const children: Child[] = [];
  const pids = (): Record<string, number> => pidsOf(children);
  return {
    pids,
    start(spec) {
      const child = superviseChild(spec, options, () => options.onPids?.(pids()));
      children.push(child);
      options.onPids?.(pids());
      return child;
    },
    async stop() {
      for (const child of [...children].reverse()) await child.stop();
    },
  };
}

/** Ids by name of the children that run now. */
export function pidsOf(children: readonly Child[]): Record<string, number> {
  const pids: Record<string, number> = {};
  for (const child of children) {
    const pid = child.pid();
    if (pid !== undefined) pids[child.name] = pid;
  }

  return pids;
}

/** A child as it lives on through restarts. */
interface Supervised {
  readonly spec: ChildSpec;
  readonly options: SupervisorOptions;
  readonly logFile: string;
  readonly changed: () => void;
  pid: number | undefined;
  downForGood: string | undefined;
  stopping: boolean;
  quickEnds: number;
  wasUp: boolean;
  restart: NodeJS.Timeout | undefined;
  /** Hears of the next end. */
  onEnd: () => void;
}

/** How a process ended, in words, and whether a signal did it. */
interface ProcessEnd {
  readonly why: string;
  readonly killed: boolean;
  readonly livedMs: number;
}

function superviseChild(spec: ChildSpec, options: SupervisorOptions, changed: () => void): Child {
  const logFile = join(options.logDir, `${spec.name}.log`);
  const child: Supervised = {
    spec,
    options,
    logFile,
    changed,
    pid: undefined,
    downForGood: undefined,
    stopping: false,
    quickEnds: 0,
    wasUp: false,
    restart: undefined,
    onEnd: () => {},
  };

  launch(child);
  return {
    name: spec.name,
    logFile,
    pid: () => child.pid,
    ended: () => child.downForGood,
    stop: () => stopChild(child),
  };
}

function launch(child: Supervised): void {
  const startedAt = performance.now();
  const launched = spawnLogged(child.spec, child.logFile);
  child.pid = launched.pid;
  const forget = launched.pid === undefined ? () => {} : killGroupsOnExit(launched.pid);

  let over = false;
  const end = (why: string, killed: boolean): void => {
    if (over) return; // a failed spawn may report both an error and an exit

    over = true;

    forget();
    child.pid = undefined;
    if (!child.stopping)
      afterUnaskedEnd(child, { why, killed, livedMs: performance.now() - startedAt });
    child.changed();
    child.onEnd();
  };
  launched.once('error', (error) => end(`could not start: ${error.message}`, false));
  launched.once('exit', (code, signal) =>
    end(signal ? `was ended by ${signal}` : `exit status ${code}`, signal !== null),
  );
}

function afterUnaskedEnd(child: Supervised, { why, killed, livedMs }: ProcessEnd): void {
  const { attempts = 10, log, onEnded } = child.options;
  const { name, restart } = child.spec;
  const wasLong = livedMs >= LONG_LIFE_MS;
  child.wasUp ||= wasLong;
  child.quickEnds = wasLong ? 1 : child.quickEnds + 1;

  const allowed = child.wasUp || killed ? attempts : Math.min(attempts, FIRST_ATTEMPTS);
  const lived = `${name} ended after ${(livedMs / 1000).toFixed(1)} s (${why})`;
  if (restart && child.quickEnds <= allowed) {
    const pauseMs = relaunchLater(child);
    const turn = `${child.quickEnds} of ${allowed}`;
    log(`${lived}; starting it again in ${pauseMs / 1000} s (${turn}). Its log: ${child.logFile}`);
    return;
  }

  child.downForGood = child.quickEnds > 1 ? `${why}, ${child.quickEnds} times in a row` : why;
  log(`${lived}; it is not started again. Its log: ${child.logFile}`);
  onEnded?.(name, child.downForGood);
}

/** The pause until then, in milliseconds. */
function relaunchLater(child: Supervised): number {
  const { firstPauseMs = 250 } = child.options;
  const pauseMs = Math.min(firstPauseMs * 2 ** (child.quickEnds - 1), LONGEST_PAUSE_MS);

  child.restart = setTimeout(() => {
    launch(child);
    child.changed();
  }, pauseMs);

  return pauseMs;
}

async function stopChild(child: Supervised): Promise<void> {
  const { graceMs = 10_000 } = child.options;
  child.stopping = true;
  clearTimeout(child.restart);
  if (child.pid === undefined) return;

  // The process can be gone a moment before its end is known; the next child waits for both, so that the order shows.
  const end = new Promise<void>((resolve) => {
    child.onEnd = resolve;
  });
  await endProcess(child.pid, graceMs);
  await end;
}

// Its own process group: Ctrl-C in the terminal reaches us alone, and we stop the children in order.
function spawnLogged(spec: ChildSpec, logFile: string): ChildProcess {
  rotate(logFile);
  const log = openSync(logFile, 'a', 0o600);
  try {
    return spawn(spec.command, spec.args, {
      env: spec.env ?? process.env,
      cwd: spec.cwd,
      stdio: ['ignore', log, log],
      detached: true,
    });
  } finally {
    closeSync(log);
  }
}

function rotate(logFile: string): void {
  const size = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  if (size > ROTATE_BYTES) renameSync(logFile, `${logFile}.1`);
}

// For an error message.
function lastLines(logFile: string, count = 12): string {
  try {
    return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  } catch (error) {
    return `(no log: ${(error as Error).message})`;
  }
}

/**
 * Asks until the answer is a value; gives up when the child is down for good or the time is over.
 * @throws CodedError UNAVAILABLE with the last lines of its log.
 */
export async function untilReady<T>(
  child: Child,
  timeoutMs: number,
  ask: () => Promise<T | undefined>,
): Promise<T> {
  const notReady = (why: string) =>
    new CodedError(
      'UNAVAILABLE',
      `${child.name} ${why}. The end of ${child.logFile}:\n${lastLines(child.logFile)}`,
    );

  const askWhileUp = async () => {
    const answer = await ask();
    const ended = child.ended();
    if (answer === undefined && ended !== undefined) throw notReady(ended);
    return answer;
  };

  return pollUntil(askWhileUp, {
    everyMs: 100,
    timeoutMs,
    timedOut: () => notReady(`did not answer within ${timeoutMs / 1000} s`),
  });
}
