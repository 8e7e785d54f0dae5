// The items in memory, by lane: those of one lane one after the other, lanes side by side, in turns.

import type { Inbound, InboundRef, Urgency } from '../ports/inbox';
import { createTurns, type Turns, URGENCIES } from './turns';

/** An item that waits its turn. */
export interface Waiting extends InboundRef {
  /** The whole item and the fence under which it was claimed; absent: it must be claimed first. */
  readonly claimed?: { readonly item: Inbound; readonly fence: number };
}

/** `done`: the next of its lane may begin; `tried`: it failed and rests; `held`: it could not be tried yet, which counts as no try. */
export type Settled =
  | { readonly kind: 'done' }
  | { readonly kind: 'tried' | 'held'; readonly restMs: number };

export interface LanesDeps {
  readonly settle: (item: Waiting, tries: number) => Promise<Settled>;
  readonly wait: (ms: number) => Promise<void>;
  readonly stopped: () => boolean;
  readonly onError: (error: unknown) => void;
}

export interface Lanes {
  /** Puts items that are not known yet into their lanes, in order of arrival. */
  add(items: readonly Waiting[]): void;
  /** Keeps an empty lane from beginning until the answer is called; null: it is not empty. */
  hold(name: string, partition: number): (() => void) | null;
  /** Forgets the lanes of a partition; resolves when none of its items is being worked on. */
  drop(partition: number): Promise<void>;
  /** Items in memory. */
  size(): number;
  /** True while something that came before is in a lane. */
  isWaitingBefore(lane: string, seq: number): boolean;
  /** Resolves when every lane is empty. */
  idle(): Promise<void>;
  /** Resolves when nothing is being worked on. */
  ended(): Promise<void>;
}

const ERROR_REST_MS = 1000;

interface Lane {
  readonly name: string;
  readonly partition: number;
  /** By order of arrival; the first is the one being worked on. */
  readonly entries: Entry[];
  /** How many of each urgency. */
  readonly counts: Record<Urgency, number>;
  state: 'free' | 'queued' | 'busy' | 'resting' | 'held' | 'dropped';
  /** The urgency in whose queue it waits. */
  queuedAs?: Urgency;
}

interface Entry {
  readonly item: Waiting;
  tries: number;
}

interface LanesState extends LanesDeps {
  readonly lanes: Map<string, Lane>;
  /** Keys of the items in memory. */
  readonly known: Set<string>;
  readonly turns: Turns<Lane>;
  readonly working: Map<Lane, Promise<void>>;
  readonly whenIdle: (() => void)[];
}

export function createLanes(deps: LanesDeps): Lanes {
  const state: LanesState = {
    ...deps,
    lanes: new Map(),
    known: new Set(),
    turns: createTurns(),
    working: new Map(),
    whenIdle: [],
  };

  return {
    add: (items) => addItems(state, items),
    hold: (name, partition) => holdLane(state, name, partition),
    drop: (partition) => dropPartition(state, partition),
    size: () => state.known.size,
    isWaitingBefore: (name, seq) => (state.lanes.get(name)?.entries[0]?.item.seq ?? seq) < seq,

    async idle() {
      if (state.lanes.size > 0) await new Promise<void>((resolve) => state.whenIdle.push(resolve));
    },
    async ended() {
      await Promise.all(state.working.values());
    },
  };
}

function addItems(state: LanesState, items: readonly Waiting[]): void {
  for (const item of items) {
    if (state.known.has(item.key)) continue;

    state.known.add(item.key);
    const lane = state.lanes.get(item.lane) ?? openLane(state, item.lane, item.partition);
    insert(lane, item);
    queue(state, lane);
  }

  work(state);
}

function openLane(state: LanesState, name: string, partition: number): Lane {
  const lane: Lane = { name, partition, entries: [], counts: noCounts(), state: 'free' };
  state.lanes.set(name, lane);
  return lane;
}

const noCounts = (): Lane['counts'] => ({ urgent: 0, prompt: 0, bulk: 0 });

/** Almost always last, and never before the one that is being worked on. */
function insert({ entries, counts, state }: Lane, item: Waiting): void {
  const first = state === 'busy' ? 1 : 0;
  let at = entries.length;
  while (at > first && (entries[at - 1]?.item.seq ?? 0) > item.seq) at -= 1;

  entries.splice(at, 0, { item, tries: 0 });
  counts[item.urgency] += 1;
}

/** A lane is as urgent as the most urgent of its items: what came before that one must be done first. */
function queue({ turns }: LanesState, lane: Lane): void {
  if (lane.state !== 'free' && lane.state !== 'queued') return;

  const urgency = URGENCIES.find((each) => lane.counts[each] > 0);
  if (urgency === undefined || urgency === lane.queuedAs) return;

  lane.state = 'queued';
  lane.queuedAs = urgency;
  turns.enter(urgency, lane);
}

/** Begins whatever there is a place for. */
function work(state: LanesState): void {
  const { turns, working, stopped } = state;

  while (!stopped()) {
    const turn = turns.next();
    if (turn === undefined) return;

    const { entry: lane, urgency } = turn;
    if (lane.state !== 'queued' || lane.queuedAs !== urgency) {
      turns.leave(urgency); // it went in a more urgent turn, or is gone
      continue;
    }

    const ended = workOnFirst(state, lane, urgency).catch(state.onError);
    working.set(lane, ended);
  }
}

async function workOnFirst(state: LanesState, lane: Lane, urgency: Urgency): Promise<void> {
  const { turns, working, settle } = state;
  const [first] = lane.entries;
  lane.state = 'busy';
  delete lane.queuedAs;

  // An error here is one of ours: the item waits as after a failed try.
  let settled: Settled = { kind: 'tried', restMs: ERROR_REST_MS };
  try {
    if (first) settled = await settle(first.item, first.tries);
  } finally {
    turns.leave(urgency);
    working.delete(lane);
    goOn(state, lane, settled);
  }
}

function goOn(state: LanesState, lane: Lane, settled: Settled): void {
  const [first] = lane.entries;
  if (first === undefined || state.stopped()) return;

  if (lane.state === 'dropped' || settled.kind === 'done') {
    lane.entries.shift();
    lane.counts[first.item.urgency] -= 1;
    state.known.delete(first.item.key);
  } else if (settled.kind === 'tried') {
    first.tries += 1;
  }

  if (lane.state !== 'dropped') continueLane(state, lane, settled);
  work(state);
}

function continueLane(state: LanesState, lane: Lane, settled: Settled): void {
  lane.state = 'free';
  if (lane.entries.length === 0) closeLane(state, lane);
  else if (settled.kind === 'done') queue(state, lane);
  else void rest(state, lane, settled.restMs).catch(state.onError);
}

async function rest(state: LanesState, lane: Lane, ms: number): Promise<void> {
  lane.state = 'resting';
  await state.wait(ms);
  if (lane.state !== 'resting') return; // dropped meanwhile

  lane.state = 'free';
  queue(state, lane);
  work(state);
}

function closeLane(state: LanesState, lane: Lane): void {
  if (state.lanes.get(lane.name) === lane) state.lanes.delete(lane.name);
  if (state.lanes.size === 0) for (const resolve of state.whenIdle.splice(0)) resolve();
}

function holdLane(state: LanesState, name: string, partition: number): (() => void) | null {
  if (state.lanes.has(name)) return null;

  const lane = openLane(state, name, partition);
  lane.state = 'held';
  return () => {
    if (lane.state !== 'held') return; // dropped meanwhile

    continueLane(state, lane, { kind: 'done' });
    work(state);
  };
}

async function dropPartition(state: LanesState, partition: number): Promise<void> {
  const dropped = [...state.lanes.values()].filter((lane) => lane.partition === partition);
  for (const lane of dropped) forget(state, lane);

  await Promise.all(dropped.map((lane) => state.working.get(lane)));
}

/** An item that is being worked on stays known until it ends. */
function forget(state: LanesState, lane: Lane): void {
  const forgotten = lane.entries.splice(lane.state === 'busy' ? 1 : 0);
  for (const { item } of forgotten) state.known.delete(item.key);

  lane.state = 'dropped';
  closeLane(state, lane);
}
