// Finds programs on the PATH and runs them to their end, with their lines heard while they come.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { killGroupsOnExit } from './groups';
import { signalGroup } from './processes';

/** Absolute path of a program on the PATH of `env`, or undefined. */
export function findOnPath(name: string, env: NodeJS.ProcessEnv): string | undefined {
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name);
    if (folder && isExecutable(path)) return path;
  }
  return undefined;
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly timeoutMs?: number;
  /** Hears every line of stdout and stderr. */
  readonly onLine?: (line: string) => void;
}

export interface RunResult {
  readonly ok: boolean;
  /** Exit status, or the signal, or why it could not start: in words. */
  readonly ended: string;
  /** stdout and stderr as they came, the last 200 lines. */
  readonly output: string;
}

const KEPT_LINES = 200;

/** Runs a program in its own process group, so that a timeout or our own end takes its children along. */
export async function run(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const child = spawn(program, args, {
    env: options.env ?? process.env,
    cwd: options.cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const release = child.pid === undefined ? () => {} : killGroupsOnExit(child.pid);
  const lines = keepLines(child, options.onLine);
  const timeout = endAfter(child, options.timeoutMs);

  const { ok, ended } = await endOf(child);
  timeout.clear();
  release();

  const output = lines.join('\n');
  return timeout.isOver() ? { ok: false, ended: timeout.ended, output } : { ok, ended, output };
}

type Program = ChildProcessByStdio<null, Readable, Readable>;

/** The last lines of what the program says, growing while it runs. */
function keepLines(child: Program, onLine?: (line: string) => void): readonly string[] {
  const lines: string[] = [];
  const hear = (line: string): void => {
    lines.push(line);
    if (lines.length > KEPT_LINES) lines.shift();
    onLine?.(line);
  };

  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', hear);
  return lines;
}

function endAfter(child: Program, timeoutMs: number | undefined) {
  let isOver = false;
  const timer =
    timeoutMs === undefined || timeoutMs === 0
      ? undefined
      : setTimeout(() => {
          isOver = true;
          kill(child);
        }, timeoutMs);

  return {
    isOver: () => isOver,
    ended: `was stopped after ${Math.round((timeoutMs ?? 0) / 1000)} s`,
    clear: () => clearTimeout(timer),
  };
}

function kill(child: Program): void {
  const ended = child.exitCode !== null || child.signalCode !== null; // then its id may be somebody else's by now
  if (child.pid !== undefined && !ended) signalGroup(child.pid, 'SIGKILL');
  // A grandchild that left the group may hold the pipes open for ever: do not wait for it.
  for (const stream of [child.stdout, child.stderr]) stream.destroy();
}

function endOf(child: Program): Promise<Pick<RunResult, 'ok' | 'ended'>> {
  return new Promise((resolve) => {
    child.once('error', (error) =>
      resolve({ ok: false, ended: `could not start: ${error.message}` }),
    );
    child.once('close', (code, signal) =>
      resolve({
        ok: code === 0,
        ended: signal ? `was ended by ${signal}` : `exit status ${code}`,
      }),
    );
  });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false; // absent or not ours to run: not on the PATH for us
  }
}
