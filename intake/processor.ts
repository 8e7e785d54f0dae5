// Works off the inbox: each customer's items in order, customers side by side, every item until it was taken or can never be.

import { setMaxListeners } from 'node:events';
import type { Inbound } from '../ports/inbox';
import type { Intake } from '../ports/intake';
import { type AttemptDeps, attemptItem } from './attempt';
import { createLanes } from './lanes';
import { createSlots } from './slots';

export interface ProcessorDeps extends AttemptDeps {
  /** Resolves after `ms`, at once when the signal is aborted. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface Processor extends Intake {
  /** Takes up what is pending, then looks again every few seconds. */
  start(): void;
  /** Begins nothing new and waits for what is being handled. */
  stop(): Promise<void>;
  /** Resolves when every lane in memory is empty; for tests and orderly ends. */
  idle(): Promise<void>;
}

const SWEEP_MS = 3000;
const SWEEP_ITEMS = 1000;
/** More than this many in memory: the rest stays in the inbox until there is room. */
const MAX_KNOWN = 20_000;
const PARALLEL = 32;
const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 30_000;

export function createProcessor(deps: ProcessorDeps): Processor {
  const { inbox, log, wait } = deps;
  const slots = createSlots(PARALLEL);
  const stopping = new AbortController();
  // Every lane that waits for a retry listens for the end.
  setMaxListeners(0, stopping.signal);
  const stopped = () => stopping.signal.aborted;

  /** False while older items may lie in the inbox unseen: new ones then wait their turn there, for order's sake. */
  let caughtUp = false;
  let running: Promise<void> = Promise.resolve();
  const onError = (error: unknown) => log.error({ err: error }, 'the intake failed');
  const lanes = createLanes({ settle, stopped, onError });

  async function settle(item: Inbound): Promise<void> {
    for (let tries = 0; !stopped(); tries++) {
      const isDone = await slots.run(async () => !stopped() && (await attemptItem(deps, item)));
      if (isDone) return;
      await wait(retryMs(tries), stopping.signal);
    }
  }

  async function sweep(): Promise<void> {
    while (!stopped()) {
      const limit = lanes.size() + SWEEP_ITEMS;
      const read = await lanes.takeFrom(() => inbox.pending(limit));
      // Only now: a new item that came in between must not overtake the older ones.
      caughtUp = read < limit;
      if (caughtUp || lanes.size() > MAX_KNOWN) return;
    }
  }

  async function sweepUntilStopped(): Promise<void> {
    while (!stopped()) {
      await sweep().catch((error: unknown) =>
        log.warn({ err: error }, 'the inbox cannot be read; trying again'),
      );
      await wait(SWEEP_MS, stopping.signal);
    }
  }

  return {
    async put(items) {
      const fresh = await inbox.put(items);
      if (lanes.size() > MAX_KNOWN) caughtUp = false;
      if (caughtUp) lanes.take(items.filter((_, i) => fresh[i]));
      return fresh;
    },
    start() {
      running = sweepUntilStopped().catch(onError);
    },
    async stop() {
      stopping.abort();
      await running;
      await lanes.ended();
    },
    idle: () => lanes.idle(),
  };
}

const retryMs = (tries: number): number =>
  Math.min(FIRST_RETRY_MS * 2 ** Math.min(tries, 20), LAST_RETRY_MS);
