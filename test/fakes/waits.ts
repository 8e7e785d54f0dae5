// Pauses that pass only when a test says so: nobody sleeps.

export interface FakeWaits {
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Milliseconds of every pause asked for so far, in order. */
  readonly asked: readonly number[];
  /** Ends the pauses of at most `ms` that are under way. */
  pass(ms: number): void;
  /** Resolves when a pause of this length is under way. */
  until(ms: number): Promise<void>;
}

export function createFakeWaits(): FakeWaits {
  const asked: number[] = [];
  let open: { readonly ms: number; readonly end: () => void }[] = [];
  return {
    asked,
    wait: (ms, signal) =>
      new Promise((resolve) => {
        asked.push(ms);
        if (signal.aborted) return resolve();
        open.push({ ms, end: resolve });
        signal.addEventListener('abort', () => resolve());
      }),
    pass(ms) {
      for (const pause of open) if (pause.ms <= ms) pause.end();
      open = open.filter((pause) => pause.ms > ms);
    },
    async until(ms) {
      while (!open.some((pause) => pause.ms === ms)) await turn();
    },
  };
}

/** Lets everything that is ready run. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
