// What this process holds by lease: it beats, takes its share of what is free or of the dead, and gives back what others lack.

import type { Clock } from '../ports/clock';
import type { LeaseStore, LeaseTable } from '../ports/leases';
import type { Log } from '../ports/log';
import { planLeases } from './leasePlan';

export interface LeasesDeps {
  readonly store: LeaseStore;
  /** Unique, without dots. */
  readonly process: string;
  /** Names that are shared evenly among the processes, group by group. */
  readonly groups: readonly (readonly string[])[];
  /** One that is never set back or forward: only spans are measured. */
  readonly clock: Clock;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly log: Log;
}

export interface LeaseWork {
  /** Resolves when nothing under a lease that is going to be given back is being done any more. */
  readonly finish: (name: string) => Promise<void>;
  /** What is held has changed. */
  readonly changed: () => void;
}

export interface Leases {
  /** By name, the fence of what is surely ours; the same map until it changes. */
  held(): ReadonlyMap<string, number>;
  /** True while what began under this fence may go on. */
  mayGoOn(name: string, fence: number): boolean;
  /** True when no other process was seen to live. */
  isAlone(): boolean;
  start(work: LeaseWork): void;
  /** Gives everything back. */
  stop(): Promise<void>;
}

const BEAT_MS = 1000;
/** Whose beat stood still for so long is dead: with the beats before and after, others have what it held within eight seconds. */
const DEAD_MS = 6000;
/** A holder that could not beat stops this much earlier, for its clock may run a little slower than theirs. */
const MARGIN_MS = 1500;

const NOTHING: ReadonlyMap<string, number> = new Map();

interface Beat {
  readonly count: number;
  /** When it was first seen. */
  readonly since: number;
}

interface LeasesState extends LeasesDeps {
  readonly stopping: AbortController;
  work: LeaseWork;
  /** By name, its fence; replaced, never changed. */
  mine: ReadonlyMap<string, number>;
  /** Being given back: nothing new begins, what is being done ends. */
  readonly ending: Map<string, number>;
  /** Until then nobody takes us for dead. */
  sureUntil: number;
  readonly seen: Map<string, Beat>;
  isAlone: boolean;
}

export function createLeases(deps: LeasesDeps): Leases {
  const state: LeasesState = {
    ...deps,
    stopping: new AbortController(),
    work: { finish: async () => {}, changed: () => {} },
    mine: NOTHING,
    ending: new Map(),
    sureUntil: Number.NEGATIVE_INFINITY,
    seen: new Map(),
    isAlone: false,
  };
  let running: Promise<void> = Promise.resolve();

  return {
    held: () => (isSure(state) ? state.mine : NOTHING),
    mayGoOn: (name, fence) =>
      isSure(state) && (state.mine.get(name) ?? state.ending.get(name)) === fence,
    isAlone: () => state.isAlone,
    start(work) {
      state.work = work;
      running = beatUntilStopped(state);
    },
    async stop() {
      state.stopping.abort();
      await running;
      await leave(state);
    },
  };
}

const isSure = ({ clock, sureUntil }: LeasesState): boolean => clock.now() < sureUntil;

async function beatUntilStopped(state: LeasesState): Promise<void> {
  const { stopping, log, wait } = state;

  while (!stopping.signal.aborted) {
    await beat(state).catch((error: unknown) => {
      // While we could not look, a beat may well have gone on.
      state.seen.clear();
      log.warn({ err: error }, 'the leases cannot be read; trying again');
    });
    await wait(BEAT_MS, stopping.signal);
  }
}

async function beat(state: LeasesState): Promise<void> {
  const { store, process, clock, groups, log } = state;
  const began = clock.now();
  const table = await store.beat(process);
  state.sureUntil = began + DEAD_MS - MARGIN_MS;

  keepMine(state, table);
  const dead = deadOf(state, table);
  if (dead.size > 0) log.warn({ dead: [...dead] }, 'other processes of the intake have died');
  const living = Object.keys(table.beats).filter((each) => !dead.has(each));
  state.isAlone = living.length === 1;

  for (const names of groups) {
    const mine = new Set([...state.mine.keys(), ...state.ending.keys()]);
    const plan = planLeases({ names, leases: table.leases, process, mine, living });
    for (const name of plan.giveBack) void giveBack(state, name);
    for (const name of plan.take) await take(state, table, name);
  }
  for (const each of dead) if (!holdsAny(table, each)) await store.forget(each);
}

/** What others took while we were thought dead is ours no more. */
function keepMine(state: LeasesState, { leases }: LeaseTable): void {
  const kept = [...state.mine].filter(([name, fence]) => {
    const lease = leases[name];
    return lease?.holder === state.process && lease.fence === fence;
  });
  if (kept.length < state.mine.size) change(state, new Map(kept));
}

/** Those whose beat stood still for long. */
function deadOf({ seen, clock, process }: LeasesState, { beats }: LeaseTable): Set<string> {
  const now = clock.now();
  const dead = new Set<string>();

  for (const [each, count] of Object.entries(beats)) {
    const before = seen.get(each);
    if (before?.count !== count) seen.set(each, { count, since: now });
    else if (each !== process && now - before.since >= DEAD_MS) dead.add(each);
  }
  for (const each of seen.keys()) if (!(each in beats)) seen.delete(each);

  return dead;
}

const holdsAny = ({ leases }: LeaseTable, process: string): boolean =>
  Object.values(leases).some(({ holder }) => holder === process);

async function take(state: LeasesState, table: LeaseTable, name: string): Promise<void> {
  if (state.ending.has(name) || state.stopping.signal.aborted) return;

  const fence = await state.store.take(name, table.leases[name], state.process);
  if (fence !== null) change(state, new Map([...state.mine, [name, fence]]));
}

async function giveBack(state: LeasesState, name: string): Promise<void> {
  const fence = state.mine.get(name);
  if (fence === undefined) return;

  state.ending.set(name, fence);
  change(state, new Map([...state.mine].filter(([each]) => each !== name)));

  try {
    await state.work.finish(name);
    await state.store.release(name, fence);
  } catch (error) {
    // Ours in the table, and of no use: the next beat takes it again, under a new fence.
    state.log.warn({ name, err: error }, 'a lease could not be given back');
  } finally {
    state.ending.delete(name);
  }
}

function change(state: LeasesState, mine: ReadonlyMap<string, number>): void {
  state.mine = mine;
  state.work.changed();
}

async function leave(state: LeasesState): Promise<void> {
  await Promise.all([...state.mine.keys()].map((name) => giveBack(state, name)));
  await state.store
    .forget(state.process)
    .catch((error: unknown) => state.log.warn({ err: error }, 'the others will find us gone'));
}
