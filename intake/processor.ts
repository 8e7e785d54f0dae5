// Works off the inbox: each customer's items in order, customers side by side, every item until it was taken or parked.

import { setMaxListeners } from 'node:events';
import type { Arrival, Inbound, Inbox, Marks, PutOutcome, PutResult } from '../ports/inbox';
import type { Intake } from '../ports/intake';
import { partitionOf } from '../rules/base/partition';
import { type AttemptDeps, attemptItem } from './attempt';
import { createLanes, type Lanes, type Waiting } from './lanes';

/** Which partitions of the inbox are ours to process, and until when. */
export interface Holdings {
  /** By partition, the fence under which we hold it, if we do. A later holding has a higher one. */
  held(): ReadonlyMap<number, number>;
  /** True when nobody else puts items into the inbox. */
  isAlone(): boolean;
}

export interface ProcessorDeps extends Omit<AttemptDeps, 'inbox'> {
  readonly inbox: Inbox;
  readonly holdings: Holdings;
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
/** More than this many in memory, without payload: the rest stays in the inbox until there is room. */
const MAX_KNOWN = 200_000;
const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 30_000;

interface ProcessorState {
  readonly deps: ProcessorDeps;
  readonly lanes: Lanes;
  readonly stopping: AbortSignal;
  /** What is known of the partitions we hold. */
  readonly parts: Map<number, Part>;
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
    settle: (item, tries) => settleItem(deps, item, tries),
    wait: (ms) => deps.wait(ms, stopping.signal),
    stopped: () => stopping.signal.aborted,
    onError,
  });
  const endPause = () => {};
  const state = { deps, lanes, stopping: stopping.signal, parts: new Map(), endPause };
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
  const held = state.deps.holdings.held();
  const arrivals = items.map((item) => arrivalOf(item, held));

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
function readAgain(state: ProcessorState, { partition, urgency }: Arrival): void {
  const part = state.parts.get(partition);
  if (part) part.state = 'unread';
  if (urgency === 'urgent') state.endPause();
}

async function lookUntilStopped(state: ProcessorState): Promise<void> {
  const { deps, stopping } = state;
  let sweepInMs = 0;

  while (!stopping.aborted) {
    const isSweep = sweepInMs <= 0;
    const isAway = await look(state, isSweep).then(
      () => false,
      (error: unknown) => {
        deps.log.warn({ err: error }, 'the inbox cannot be read; trying again');
        return true;
      },
    );

    const pauseMs = isAway || isQuiet(state) ? SWEEP_MS : LOOK_MS;
    sweepInMs = (isSweep ? SWEEP_MS : sweepInMs) - pauseMs;
    await pause(state, pauseMs);
  }
}

/** Nothing comes but through us, and nothing lies unseen. */
const isQuiet = ({ deps, parts }: ProcessorState): boolean =>
  deps.holdings.isAlone() && [...parts.values()].every((part) => part.state === 'complete');

async function pause(state: ProcessorState, ms: number): Promise<void> {
  const ended = new AbortController();
  state.endPause = () => ended.abort();
  await state.deps.wait(ms, AbortSignal.any([state.stopping, ended.signal]));
}

/** Takes up what waits in the partitions that are new or in which something may lie unseen; at a sweep, in all. */
async function look(state: ProcessorState, isSweep: boolean): Promise<void> {
  const { deps, parts } = state;
  const held = deps.holdings.held();
  for (const [partition, { fence }] of parts)
    if (held.get(partition) !== fence) await forgetPart(state, partition);
  for (const [partition, fence] of held)
    if (!parts.has(partition)) parts.set(partition, { fence, mark: 0, state: 'unread' });

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

async function forgetPart({ parts, lanes }: ProcessorState, partition: number): Promise<void> {
  parts.delete(partition);
  await lanes.drop(partition);
}

/** Tries an item once. Answers milliseconds until the next try; null: it is done with here. */
async function settleItem(
  deps: ProcessorDeps,
  waiting: Waiting,
  tries: number,
): Promise<number | null> {
  const fence = deps.holdings.held().get(waiting.partition);
  // Somebody else's by now; it waits in the inbox.
  if (fence === undefined) return null;

  try {
    const item = await claimed(deps, waiting, fence);
    if (item === null || (await attemptItem(deps, item, fence, tries))) return null;
  } catch (error) {
    deps.log.warn({ key: waiting.key, err: error }, 'an item cannot be claimed; trying again');
  }

  return retryMs(tries);
}

function claimed(
  { inbox }: ProcessorDeps,
  { key, claimed: ours }: Waiting,
  fence: number,
): Promise<Inbound | null> | Inbound {
  return ours?.fence === fence ? ours.item : inbox.claim(key, fence);
}

const retryMs = (tries: number): number =>
  Math.min(FIRST_RETRY_MS * 2 ** Math.min(tries, 20), LAST_RETRY_MS);
