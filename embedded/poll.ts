// Waiting for something that nobody announces: it is asked for again and again.

import { setTimeout as delay } from 'node:timers/promises';

export interface Patience {
  readonly everyMs: number;
  readonly timeoutMs: number;
  /** What is thrown when the time is over. */
  readonly timedOut: () => Error;
}

/** Asks until the answer is a value, at least once. What `ask` throws ends the wait. */
export async function pollUntil<T>(
  ask: () => Promise<T | undefined>,
  { everyMs, timeoutMs, timedOut }: Patience,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;

  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) throw timedOut();
    await delay(everyMs);
  }
}
