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

export function createLanes({ settle, stopped, onError }: LanesDeps): Lanes {
  const lanes = new Map<string, Inbound[]>();
  const known = new Set<string>();
  const working = new Set<Promise<void>>();
  let finished: Set<string> | null = null;

  function take(items: readonly Inbound[]): void {
    for (const item of items) {
      if (known.has(item.key) || finished?.has(item.key)) continue;
      known.add(item.key);

      const lane = lanes.get(item.lane);
      if (lane) lane.push(item);
      else open(item);
    }
  }

  function open(item: Inbound): void {
    lanes.set(item.lane, [item]);
    const work = workOff(item.lane)
      .catch(onError)
      .finally(() => working.delete(work));
    working.add(work);
  }

  async function workOff(name: string): Promise<void> {
    const lane = lanes.get(name) ?? [];
    for (let item = lane[0]; item && !stopped(); item = lane[0]) {
      await settle(item);
      if (stopped()) return;

      lane.shift();
      known.delete(item.key);
      finished?.add(item.key);
    }
    if (lane.length === 0) lanes.delete(name);
  }

  async function takeFrom(read: () => Promise<readonly Inbound[]>): Promise<number> {
    finished = new Set();
    try {
      const items = await read();
      take(items);
      return items.length;
    } finally {
      finished = null;
    }
  }

  return {
    take,
    takeFrom,
    size: () => known.size,
    async idle() {
      while (lanes.size > 0) await Promise.race(working);
    },
    async ended() {
      await Promise.all(working);
    },
  };
}
