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

interface Repeats {
  readonly everyMs: number;
  readonly stopped: AbortSignal;
  readonly failed: (error: unknown) => void;
}

/** Acts until it succeeds. False: stopped before. */
export async function untilDone(
  act: () => Promise<void>,
  { everyMs, stopped, failed }: Repeats,
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

/** Acts again and again until it is stopped; what fails is tried the next time. */
export async function untilStopped(
  act: () => Promise<void>,
  { everyMs, stopped, failed }: Repeats,
): Promise<void> {
  while (!stopped.aborted) {
    await act().catch(failed);
    await wait(everyMs, stopped);
  }
}
