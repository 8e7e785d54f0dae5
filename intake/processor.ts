// Works off the inbox: each customer's items in order, customers side by side, every item until it was taken or can never be.

import { setMaxListeners } from 'node:events';
import type { Clock } from '../ports/clock';
import type { Inbound, Inbox } from '../ports/inbox';
import type { Intake, IntakeMetrics } from '../ports/intake';
import type { Log } from '../ports/log';
import { isCodedError } from '../rules/base/errors';

export interface ProcessorDeps {
  readonly inbox: Inbox;
  readonly handle: (item: Inbound) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: IntakeMetrics;
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
/** The item itself is wrong: the same words will never be taken. */
const HOPELESS = new Set(['INVALID_INPUT', 'NOT_FOUND']);

export function createProcessor({
  inbox,
  handle,
  clock,
  log,
  metrics,
  wait,
}: ProcessorDeps): Processor {
  const lanes = new Map<string, Inbound[]>();
  const known = new Set<string>();
  const stopping = new AbortController();
  // Every lane that waits for a retry listens for the end.
  setMaxListeners(0, stopping.signal);
  const working = new Set<Promise<void>>();
  const waiting: (() => void)[] = [];
  /** False while older items may lie in the inbox unseen: new ones then wait their turn there, for order's sake. */
  let caughtUp = false;
  let free = PARALLEL;
  let finished: Set<string> | null = null;

  function take(items: readonly Inbound[]): void {
    for (const item of items) {
      if (known.has(item.key) || finished?.has(item.key)) continue;
      known.add(item.key);
      const lane = lanes.get(item.lane);
      if (lane) lane.push(item);
      else {
        lanes.set(item.lane, [item]);
        track(work(item.lane));
      }
    }
  }

  function track(promise: Promise<void>): void {
    const tracked = promise
      .catch((error: unknown) => log.error({ err: error }, 'the intake failed'))
      .finally(() => working.delete(tracked));
    working.add(tracked);
  }

  async function work(name: string): Promise<void> {
    const lane = lanes.get(name) ?? [];
    for (let item = lane[0]; item && !stopping.signal.aborted; item = lane[0]) {
      await settle(item);
      if (stopping.signal.aborted) return;
      lane.shift();
      known.delete(item.key);
      finished?.add(item.key);
    }
    if (lane.length === 0) lanes.delete(name);
  }

  /** Returns when the item is done or given up; only then may the next of its lane begin. */
  async function settle(item: Inbound): Promise<void> {
    for (let tries = 0; !stopping.signal.aborted; tries++) {
      if (await attempt(item)) return;
      await wait(
        Math.min(FIRST_RETRY_MS * 2 ** Math.min(tries, 20), LAST_RETRY_MS),
        stopping.signal,
      );
    }
  }

  async function attempt(item: Inbound): Promise<boolean> {
    await enter();
    try {
      if (stopping.signal.aborted) return false;
      await handle(item);
      await inbox.done(item.key);
      metrics.processed(item.kind, 'done', (clock.now() - item.receivedAt) / 1000);
      return true;
    } catch (error) {
      return await failed(item, error);
    } finally {
      leave();
    }
  }

  async function failed(item: Inbound, error: unknown): Promise<boolean> {
    const code = isCodedError(error) ? error.code : 'INTERNAL';
    const hopeless = HOPELESS.has(code);
    log.warn(
      { key: item.key, kind: item.kind, code, ...(code === 'INTERNAL' && { err: error }) },
      hopeless ? 'inbox item refused' : 'inbox item will be retried',
    );
    try {
      const text = error instanceof Error ? `${code}: ${error.message}` : code;
      if (hopeless) await inbox.refuse(item.key, text);
      else await inbox.failed(item.key, text);
    } catch (storeError) {
      log.warn(
        { key: item.key, err: storeError },
        'the inbox could not be written; the item stays pending',
      );
      return false;
    }
    metrics.processed(item.kind, hopeless ? 'refused' : 'retried', 0);
    return hopeless;
  }

  async function enter(): Promise<void> {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
  }

  function leave(): void {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  }

  async function sweep(): Promise<void> {
    while (!stopping.signal.aborted) {
      const limit = known.size + SWEEP_ITEMS;
      // What is finished while the inbox is being read may still stand in the answer.
      finished = new Set();
      try {
        const pending = await inbox.pending(limit);
        take(pending);
        caughtUp = pending.length < limit;
      } finally {
        finished = null;
      }
      if (caughtUp || known.size > MAX_KNOWN) return;
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await sweep().catch((error: unknown) =>
        log.warn({ err: error }, 'the inbox cannot be read; trying again'),
      );
      await wait(SWEEP_MS, stopping.signal);
    }
  }

  return {
    async put(items) {
      const fresh = await inbox.put(items);
      const mine = items.filter((_, i) => fresh[i]);
      if (known.size > MAX_KNOWN) caughtUp = false;
      if (caughtUp) take(mine);
      return fresh;
    },
    start: () => track(run()),
    async stop() {
      stopping.abort();
      await Promise.all(working);
    },
    async idle() {
      while (lanes.size > 0) await Promise.race(working);
    },
  };
}
