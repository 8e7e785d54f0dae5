// Finds programs on the PATH and runs them to their end, with their lines heard while they come.
import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
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
export function run(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      env: options.env ?? process.env,
      cwd: options.cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const release = child.pid === undefined ? () => {} : killGroupsOnExit(child.pid);
    const lines: string[] = [];
    const hear = (line: string): void => {
      lines.push(line);
      if (lines.length > KEPT_LINES) lines.shift();
      options.onLine?.(line);
    };
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', hear);
    let timedOut = false;
    const timer = options.timeoutMs
      ? setTimeout(() => {
          timedOut = true;
          const ended = child.exitCode !== null || child.signalCode !== null; // then its id may be somebody else's by now
          if (child.pid !== undefined && !ended) signalGroup(child.pid, 'SIGKILL');
          // A grandchild that left the group may hold the pipes open for ever: do not wait for it.
          for (const stream of [child.stdout, child.stderr]) stream.destroy();
        }, options.timeoutMs)
      : undefined;
    const end = (ok: boolean, ended: string): void => {
      clearTimeout(timer);
      release();
      resolve({ ok, ended, output: lines.join('\n') });
    };
    child.once('error', (error) => end(false, `could not start: ${error.message}`));
    child.once('close', (code, signal) => {
      if (timedOut)
        end(false, `was stopped after ${Math.round((options.timeoutMs ?? 0) / 1000)} s`);
      else end(code === 0, signal ? `was ended by ${signal}` : `exit status ${code}`);
    });
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
