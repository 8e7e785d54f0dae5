// Time that passes only when a test says so, for clocks and pauses alike: nobody sleeps.

import type { Clock } from '../../ports/clock';

export interface FakeTime {
  readonly clock: Clock;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Lets time pass, and ends the pauses that are over by then. */
  pass(ms: number): void;
}

export function createFakeTime(): FakeTime {
  let now = 0;
  let pauses: { readonly until: number; readonly end: () => void }[] = [];

  return {
    clock: { now: () => now },
    wait: (ms, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const end = () => {
          signal.removeEventListener('abort', end);
          resolve();
        };
        pauses.push({ until: now + ms, end });
        signal.addEventListener('abort', end);
      }),
    pass(ms) {
      now += ms;
      const over = pauses.filter(({ until }) => until <= now);
      pauses = pauses.filter(({ until }) => until > now);
      for (const { end } of over) end();
    },
  };
}
