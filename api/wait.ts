// Pauses and repeats that an orderly end cuts short.

import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves after `ms`, or at once when the signal is aborted. */
export async function wait(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Acts until it succeeds. False: stopped before. */
export async function untilDone(
  act: () => Promise<void>,
  {
    everyMs,
    stopped,
    failed,
  }: {
    readonly everyMs: number;
    readonly stopped: AbortSignal;
    readonly failed: (error: unknown) => void;
  },
): Promise<boolean> {
  while (!stopped.aborted) {
    try {
      await act();
      return true;
    } catch (error) {
      failed(error);
      await wait(everyMs, stopped);
    }
  }
  return false;
}
