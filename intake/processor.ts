// Works off the inbox: each customer's items in order, customers side by side, every item until it was taken or can never be.

import { setMaxListeners } from 'node:events';
import type { Inbound } from '../ports/inbox';
import type { Intake } from '../ports/intake';
import { type AttemptDeps, attemptItem } from './attempt';
import { createLanes, type Lanes } from './lanes';
import { createSlots, type Slots } from './slots';

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

interface ProcessorState {
  readonly deps: ProcessorDeps;
  readonly lanes: Lanes;
  readonly stopping: AbortSignal;
  /** False while older items may lie in the inbox unseen: new ones then wait their turn there, for order's sake. */
  caughtUp: boolean;
}

export function createProcessor(deps: ProcessorDeps): Processor {
  const stopping = new AbortController();
  // Every lane that waits for a retry listens for the end.
  setMaxListeners(0, stopping.signal);

  const onError = (error: unknown) => deps.log.error({ err: error }, 'the intake failed');
  const lanes = lanesOf(deps, stopping.signal, onError);
  const state: ProcessorState = { deps, lanes, stopping: stopping.signal, caughtUp: false };
  let running: Promise<void> = Promise.resolve();

  return {
    put: (items) => putItems(state, items),
    start() {
      running = sweepUntilStopped(state).catch(onError);
    },
    async stop() {
      stopping.abort();
      await running;
      await lanes.ended();
    },
    idle: () => lanes.idle(),
  };
}

function lanesOf(
  deps: ProcessorDeps,
  stopping: AbortSignal,
  onError: (error: unknown) => void,
): Lanes {
  const slots = createSlots(PARALLEL);

  return createLanes({
    settle: (item) => settleItem(deps, slots, stopping, item),
    stopped: () => stopping.aborted,
    onError,
  });
}

/** Tries until the item was taken or can never be, or the end comes. */
async function settleItem(
  deps: ProcessorDeps,
  slots: Slots,
  stopping: AbortSignal,
  item: Inbound,
): Promise<void> {
  for (let tries = 0; !stopping.aborted; tries++) {
    const isDone = await slots.run(
      async () => !stopping.aborted && (await attemptItem(deps, item)),
    );
    if (isDone) return;

    await deps.wait(retryMs(tries), stopping);
  }
}

async function putItems(
  state: ProcessorState,
  items: readonly Inbound[],
): Promise<readonly boolean[]> {
  const { deps, lanes } = state;
  const fresh = await deps.inbox.put(items);

  if (lanes.size() > MAX_KNOWN) state.caughtUp = false;
  if (state.caughtUp) lanes.take(items.filter((_, i) => fresh[i]));

  return fresh;
}

async function sweepUntilStopped(state: ProcessorState): Promise<void> {
  const { deps, stopping } = state;

  while (!stopping.aborted) {
    await sweep(state).catch((error: unknown) =>
      deps.log.warn({ err: error }, 'the inbox cannot be read; trying again'),
    );
    await deps.wait(SWEEP_MS, stopping);
  }
}

/** Takes up what is pending, until all of it is in memory or there is no more room. */
async function sweep(state: ProcessorState): Promise<void> {
  const { deps, lanes, stopping } = state;

  while (!stopping.aborted) {
    const limit = lanes.size() + SWEEP_ITEMS;
    const read = await lanes.takeFrom(() => deps.inbox.pending(limit));

    // Only now: a new item that came in between must not overtake the older ones.
    state.caughtUp = read < limit;
    if (state.caughtUp || lanes.size() > MAX_KNOWN) return;
  }
}

const retryMs = (tries: number): number =>
  Math.min(FIRST_RETRY_MS * 2 ** Math.min(tries, 20), LAST_RETRY_MS);
