// Ends the starter once and in order, whether a person, a caller's death or a failure asks for it.
import type { Log } from './child';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** npm, the shell and the terminal each pass one Ctrl-C on: what comes within this time is the same one. */
const SAME_PRESS_MS = 1_500;
const WATCH_PARENT_MS = 1_000;

/**
 * Stops on the first signal or call with `stop` and exits: 0 when it was asked for, the given status otherwise. A second
 * Ctrl-C exits at once and what still runs is killed.
 */
export function endOnSignals(
  stop: () => Promise<void>,
  log: Log,
): (why: string, status: number) => void {
  let since: number | undefined;
  const end = (why: string, status: number): void => {
    if (since !== undefined) {
      if (Date.now() - since > SAME_PRESS_MS) process.exit(130);
      return;
    }

    since = Date.now();
    if (status === 0) log(`停止中 · stopping: ${why}`);
    else process.stderr.write(`${why}\n`);

    stop().then(
      () => process.exit(status),
      (error: unknown) => {
        log(`stopping failed: ${(error as Error).message}`);
        process.exit(1);
      },
    );
  };
  for (const signal of SIGNALS) process.on(signal, () => end(signal, 0));
  watchParent(() => end('the process that started this one is gone', 0));

  return end;
}

// Killed outright, the bootstrap cannot pass a signal on; nobody would end the servers.
function watchParent(onGone: () => void): void {
  const parent = process.ppid;
  if (process.env.SOPFLOW_BOOTSTRAP !== String(parent)) return;

  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onGone();
  }, WATCH_PARENT_MS);

  timer.unref();
}
