// The items in memory, by lane: those of one lane one after the other, lanes side by side.

import type { Inbound } from '../ports/inbox';

export interface LanesDeps {
  /** Returns when the item is done or given up; only then may the next of its lane begin. */
  readonly settle: (item: Inbound) => Promise<void>;
  readonly stopped: () => boolean;
  readonly onError: (error: unknown) => void;
}

export interface Lanes {
  /** Appends items that are not known yet to their lanes. */
  take(items: readonly Inbound[]): void;
  /** Items in memory. */
  size(): number;
  /** Reads items and takes them; what is finished while they are being read is not taken again. Answers how many were read. */
  takeFrom(read: () => Promise<readonly Inbound[]>): Promise<number>;
  /** Resolves when every lane is empty. */
  idle(): Promise<void>;
  /** Resolves when nothing is being worked on. */
  ended(): Promise<void>;
}

interface LanesState extends LanesDeps {
  /** By name; the item at the head of a lane is the one being worked on. */
  readonly lanes: Map<string, Inbound[]>;
  /** Keys of the items in memory. */
  readonly known: Set<string>;
  readonly working: Set<Promise<void>>;
  /** Keys of what was finished while items are being read; null: none are. */
  finished: Set<string> | null;
}

export function createLanes(deps: LanesDeps): Lanes {
  const state: LanesState = {
    ...deps,
    lanes: new Map(),
    known: new Set(),
    working: new Set(),
    finished: null,
  };

  return {
    take: (items) => take(state, items),
    takeFrom: (read) => takeFrom(state, read),
    size: () => state.known.size,
    idle: () => untilIdle(state),

    async ended() {
      await Promise.all(state.working);
    },
  };
}

function take(state: LanesState, items: readonly Inbound[]): void {
  for (const item of items) {
    if (state.known.has(item.key) || state.finished?.has(item.key)) continue;

    state.known.add(item.key);

    const lane = state.lanes.get(item.lane);
    if (lane) lane.push(item);
    else openLane(state, item);
  }
}

async function takeFrom(
  state: LanesState,
  read: () => Promise<readonly Inbound[]>,
): Promise<number> {
  state.finished = new Set();

  try {
    const items = await read();
    take(state, items);
    return items.length;
  } finally {
    state.finished = null;
  }
}

function openLane(state: LanesState, first: Inbound): void {
  state.lanes.set(first.lane, [first]);

  const work = workOff(state, first.lane)
    .catch(state.onError)
    .finally(() => state.working.delete(work));
  state.working.add(work);
}

async function workOff(state: LanesState, name: string): Promise<void> {
  const { lanes, known, settle, stopped } = state;
  const lane = lanes.get(name) ?? [];

  for (let item = lane[0]; item && !stopped(); item = lane[0]) {
    await settle(item);
    if (stopped()) return;

    lane.shift();
    known.delete(item.key);
    state.finished?.add(item.key);
  }

  if (lane.length === 0) lanes.delete(name);
}

async function untilIdle({ lanes, working }: LanesState): Promise<void> {
  while (lanes.size > 0) await Promise.race(working);
}
