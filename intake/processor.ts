// Works off the inbox: each customer's items in order, customers side by side, every item until it was taken or parked.

import { setMaxListeners } from 'node:events';
import type { Arrival, Inbound, Inbox, Marks, PutOutcome, PutResult } from '../ports/inbox';
import type { Intake } from '../ports/intake';
import { partitionOf } from '../rules/base/partition';
import { type AttemptDeps, attemptItem, moveItem } from './attempt';
import { createLanes, type Lanes, type Settled, type Waiting } from './lanes';

/** Which partitions of the inbox are ours to process, and until when. */
export interface Holdings {
  /** By partition, the fence under which we hold it, if we do. A later holding has a higher one. */
  held(): ReadonlyMap<number, number>;
  /** True while what began under this fence may go on. */
  mayGoOn(partition: number, fence: number): boolean;
  /** True when nobody else puts items into the inbox. */
  isAlone(): boolean;
}

export interface ProcessorDeps extends Omit<AttemptDeps, 'inbox' | 'moved'> {
  readonly inbox: Inbox;
  readonly holdings: Holdings;
  /** The item in the lane of its customer, if he is known by now. */
  readonly place: (item: Inbound) => Promise<Inbound>;
  /** Resolves after `ms`, at once when the signal is aborted. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface Processor extends Intake {
  /** Takes up what is pending, then looks again every few seconds. */
  start(): void;
  /** Begins nothing new and waits for what is being handled. */
  stop(): Promise<void>;
  /** Looks at once, for what is held may have changed. */
  wake(): void;
  /** Lets go of a partition; resolves when nothing of it is being handled any more. */
  release(partition: number): Promise<void>;
  /** Resolves when every lane in memory is empty; for tests and orderly ends. */
  idle(): Promise<void>;
}

/** Everything is read again this often, whatever the marks say. */
const SWEEP_MS = 3000;
/** While others put items in: how often their marks are read. */
const LOOK_MS = 200;
/** A look reads all that waits in what it looks at: of a long queue it would take all the time, and most of it is known. */
const PAUSE_PER_LOOK = 2;
const PAUSE_PER_SWEEP = 10;
/** However long the last one took. */
const LAST_LOOK_MS = 3000;
const LAST_SWEEP_MS = 30_000;
/** More than this many in memory, without payload: the rest stays in the inbox until there is room. */
const MAX_KNOWN = 200_000;
const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 30_000;

const HELD: Settled = { kind: 'held', restMs: LOOK_MS };

interface ProcessorState {
  readonly deps: ProcessorDeps;
  readonly lanes: Lanes;
  readonly stopping: AbortSignal;
  /** What is known of the partitions we hold. */
  readonly parts: Map<number, Part>;
  /** Partitions that were lost, until nothing of them is being handled any more. */
  readonly ending: Map<number, Promise<void>>;
  /** Ends the pause before the next look. */
  endPause: () => void;
}

interface Part {
  readonly fence: number;
  /** Of others' items, when it was last read. */
  mark: number;
  /** `complete`: all that waits is in memory, or the mark tells. What we put in may then go straight into its lane. */
  state: 'unread' | 'being read' | 'complete';
}

export function createProcessor(deps: ProcessorDeps): Processor {
  const stopping = new AbortController();
  // Every lane that waits for a retry listens for the end.
  setMaxListeners(0, stopping.signal);

  const onError = (error: unknown) => deps.log.error({ err: error }, 'the intake failed');
  const lanes = createLanes({
    settle: (item, tries) => settleItem(state, item, tries),
    wait: (ms) => deps.wait(ms, stopping.signal),
    stopped: () => stopping.signal.aborted,
    onError,
  });
  const state: ProcessorState = {
    deps,
    lanes,
    stopping: stopping.signal,
    parts: new Map(),
    ending: new Map(),
    endPause: () => {},
  };
  let running: Promise<void> = Promise.resolve();

  return {
    put: (items) => putItems(state, items),
    start() {
      running = lookUntilStopped(state).catch(onError);
    },
    async stop() {
      stopping.abort();
      await running;
      await lanes.ended();
    },
    wake: () => state.endPause(),
    release: (partition) => forgetPart(state, partition),
    idle: () => lanes.idle(),
  };
}

async function putItems(
  state: ProcessorState,
  items: readonly Inbound[],
): Promise<readonly PutOutcome[]> {
  const placed = await Promise.all(items.map((item) => state.deps.place(item)));
  const held = state.deps.holdings.held();
  const arrivals = placed.map((item) => arrivalOf(item, held));

  try {
    const result = await state.deps.inbox.put(arrivals);
    takeOwn(state, arrivals, result);
    return result.outcomes;
  } catch (error) {
    // They may have been written all the same.
    for (const arrival of arrivals) readAgain(state, arrival);
    throw error;
  }
}

function arrivalOf(item: Inbound, held: ReadonlyMap<number, number>): Arrival {
  const partition = partitionOf(item.lane);
  const fence = held.get(partition);
  return { ...item, partition, ...(fence !== undefined && { fence }) };
}

/** What we put in and hold goes straight into its lane, unless something older may lie in the inbox unseen. */
function takeOwn(
  state: ProcessorState,
  arrivals: readonly Arrival[],
  { outcomes, seqs, marks }: PutResult,
): void {
  const hasRoom = state.lanes.size() + arrivals.length <= MAX_KNOWN;
  const taken: Waiting[] = [];

  arrivals.forEach((arrival, i) => {
    const { fence, ...item } = arrival;
    if (outcomes[i] !== 'new' || fence === undefined) return;

    const part = state.parts.get(item.partition);
    const isNext =
      hasRoom &&
      part?.fence === fence &&
      part.state === 'complete' &&
      part.mark === markOf(marks, item.partition);

    if (isNext) taken.push({ ...item, seq: seqs[i] ?? 0, claimed: { item, fence } });
    else readAgain(state, arrival);
  });

  state.lanes.add(taken);
}

const markOf = ({ foreign }: Marks, partition: number): number => foreign[partition] ?? 0;

/** At the next look; for what is urgent, that is now. */
function readAgain(
  state: ProcessorState,
  { partition, urgency }: Pick<Arrival, 'partition' | 'urgency'>,
): void {
  const part = state.parts.get(partition);
  if (part) part.state = 'unread';
  if (urgency === 'urgent') state.endPause();
}

async function lookUntilStopped(state: ProcessorState): Promise<void> {
  const { deps, stopping } = state;
  let sweepInMs = 0;

  while (!stopping.aborted) {
    const isSweep = sweepInMs <= 0;
    const began = deps.clock.now();
    const isAway = await look(state, isSweep).then(
      () => false,
      (error: unknown) => {
        deps.log.warn({ err: error }, 'the inbox cannot be read; trying again');
        return true;
      },
    );

    const tookMs = deps.clock.now() - began;
    const busyMs = between(LOOK_MS, tookMs * PAUSE_PER_LOOK, LAST_LOOK_MS);
    const pauseMs = isAway || isQuiet(state) ? SWEEP_MS : busyMs;
    const nextSweepMs = between(SWEEP_MS, tookMs * PAUSE_PER_SWEEP, LAST_SWEEP_MS);
    sweepInMs = (isSweep ? nextSweepMs : sweepInMs) - pauseMs;
    await pause(state, pauseMs);
  }
}

const between = (least: number, value: number, most: number): number =>
  Math.min(Math.max(least, value), most);

/** Nothing comes but through us, and nothing lies unseen. */
const isQuiet = ({ deps, parts, ending }: ProcessorState): boolean =>
  deps.holdings.isAlone() &&
  ending.size === 0 &&
  [...parts.values()].every((part) => part.state === 'complete');

async function pause(state: ProcessorState, ms: number): Promise<void> {
  const ended = new AbortController();
  state.endPause = () => ended.abort();
  await state.deps.wait(ms, AbortSignal.any([state.stopping, ended.signal]));
}

/** Takes up what waits in the partitions that are new or in which something may lie unseen; at a sweep, in all. */
async function look(state: ProcessorState, isSweep: boolean): Promise<void> {
  const { deps, parts, ending } = state;
  const held = deps.holdings.held();
  for (const [partition, { fence }] of parts)
    if (held.get(partition) !== fence) void forgetPart(state, partition);
  for (const [partition, fence] of held)
    if (!parts.has(partition) && !ending.has(partition))
      parts.set(partition, { fence, mark: 0, state: 'unread' });

  const marks = await deps.inbox.marks();
  const changed = [...parts].filter(
    ([partition, part]) => part.state !== 'complete' || part.mark !== markOf(marks, partition),
  );
  for (const [partition, part] of changed)
    Object.assign(part, { mark: markOf(marks, partition), state: 'being read' });

  await read(state, isSweep ? [...parts] : changed);
}

async function read(state: ProcessorState, wanted: readonly [number, Part][]): Promise<void> {
  if (wanted.length === 0) return;

  const { deps, lanes, parts } = state;
  const limit = MAX_KNOWN;
  const found = await deps.inbox.waiting(
    wanted.map(([partition]) => partition),
    limit,
  );
  // A partition may have been lost meanwhile.
  lanes.add(
    found.filter(({ partition }) =>
      wanted.some(([each, part]) => each === partition && parts.get(each) === part),
    ),
  );

  // What was put in meanwhile made it unread again.
  for (const [, part] of wanted)
    if (part.state === 'being read' && found.length < limit) part.state = 'complete';
}

/** Resolves when nothing of it is being handled any more; only then may it be read again. */
async function forgetPart(
  { parts, lanes, ending }: ProcessorState,
  partition: number,
): Promise<void> {
  parts.delete(partition);
  const ended = ending.get(partition) ?? lanes.drop(partition);
  ending.set(partition, ended);
  await ended;
  ending.delete(partition);
}

async function settleItem(
  state: ProcessorState,
  waiting: Waiting,
  tries: number,
): Promise<Settled> {
  const { deps } = state;
  const fence = deps.holdings.held().get(waiting.partition);
  // Ours no more, or not surely: it holds its lane here until that is known.
  if (fence === undefined) return HELD;

  try {
    if (await mustWait(state, waiting)) return HELD;
    if (await tryItem(state, waiting, fence, tries)) return { kind: 'done' };
  } catch (error) {
    deps.log.warn({ key: waiting.key, err: error }, 'an item cannot be claimed; trying again');
  }

  return { kind: 'tried', restMs: retryMs(tries) };
}

/** True when it is done with in its lane. */
async function tryItem(
  state: ProcessorState,
  { key, partition, claimed }: Waiting,
  fence: number,
  tries: number,
): Promise<boolean> {
  const deps = { ...state.deps, moved: (lane: string) => lookForMoved(state, lane) };
  const isOwn = claimed?.fence === fence;
  const item = isOwn ? claimed.item : await deps.inbox.claim(key, fence);
  if (item === null) return true;

  // He may have become known since it came.
  const { lane } = isOwn && tries === 0 ? item : await deps.place(item);
  if (lane !== item.lane) return await moveItem(deps, { item, fence }, lane);

  const held = holdingLanes(state);
  const mayGoOn = () => deps.holdings.mayGoOn(partition, fence);
  try {
    return await attemptItem(deps, { item, fence, tries, mayGoOn, hold: held.hold });
  } finally {
    held.letGo();
  }
}

/** Lanes of ours that must not begin while an item of another one is handled. */
function holdingLanes({ deps, lanes }: ProcessorState) {
  const holds: (() => void)[] = [];

  return {
    hold(lane: string): boolean {
      const partition = partitionOf(lane);
      const letGo = deps.holdings.held().has(partition) ? lanes.hold(lane, partition) : null;
      if (letGo) holds.push(letGo);
      return letGo !== null;
    },
    letGo() {
      for (const letGo of holds) letGo();
    },
  };
}

function lookForMoved(state: ProcessorState, lane: string): void {
  readAgain(state, { partition: partitionOf(lane), urgency: 'urgent' });
}

/** True while something older of the same customer waits elsewhere, under the name by which he was not known then. */
async function mustWait(
  { deps, lanes, parts }: ProcessorState,
  { behind, seq, partition }: Waiting,
): Promise<boolean> {
  if (behind === undefined) return false;
  if (lanes.isWaitingBefore(behind, seq)) return true;

  const isOurs = parts.get(partitionOf(behind))?.state === 'complete';
  if (isOurs && deps.holdings.isAlone()) return parts.get(partition)?.state !== 'complete';
  if (await deps.inbox.isWaitingBefore(behind, seq)) return true;

  // What waited there may have been moved here meanwhile: then it must be read first.
  const part = parts.get(partition);
  return part?.state !== 'complete' || part.mark !== markOf(await deps.inbox.marks(), partition);
}

const retryMs = (tries: number): number =>
  Math.min(FIRST_RETRY_MS * 2 ** Math.min(tries, 20), LAST_RETRY_MS);
