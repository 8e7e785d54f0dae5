// The sandbox's clock: the wall clock in a process, a hand-moved one in tests.

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

export const wallClock: Clock = { now: () => Date.now() };

/** Milliseconds to the Unix seconds that WeCom speaks. */
export const unixSeconds = (ms: number): number => Math.floor(ms / 1000);
