// Servers of the intake on one MongoDB that are killed in the middle of things while items come in, until everything is handled.

import type { Connection } from 'mongoose';
import type { ItemGuard } from '../../intake/fenced';
import { createStores } from '../../models/mongo/stores';
import type { Inbound } from '../../ports/inbox';
import type { Stores } from '../../ports/stores';
import { createFakeTime, type FakeTime } from '../fakes/time';
import { createIntakeProcess, type IntakeProcess } from './intakeProcess';

/** What a server handles items with. Stores answer nothing any more once it is dead. */
export interface ServerMeans {
  readonly stores: Stores;
  readonly living: <T extends object>(target: T) => T;
  readonly time: FakeTime;
}

export interface DyingOptions {
  /** In the order in which they are put: those of a lane one after the other. */
  readonly items: readonly Inbound[];
  readonly kills: number;
  readonly random: () => number;
  /** Connections of their own, one for each server and one for the test. */
  readonly connect: () => Promise<Connection>;
  readonly handlerOf: (means: ServerMeans) => (item: Inbound, guard: ItemGuard) => Promise<void>;
}

export interface DyingResult {
  readonly killed: number;
  /** How often an item was handled to its end. */
  readonly handled: number;
  readonly pending: number;
  readonly parked: number;
}

const SERVERS = 3;
const FED_AT_ONCE = 24;
/** Of time for every round trip to the database: some ten times as fast as a clock. */
const STEP_MS = 20;

interface State extends DyingOptions {
  readonly time: FakeTime;
  readonly watcher: Stores;
  readonly connections: readonly Connection[];
  /** By place; who died is replaced. */
  readonly servers: IntakeProcess[];
  handled: number;
  born: number;
}

export async function runDyingServers(options: DyingOptions): Promise<DyingResult> {
  const state = await begin(options);
  const progress = { isFed: false };
  const fed = feed(state).then(() => {
    progress.isFed = true;
  });

  let killed = 0;
  const { kills, items } = options;
  while (!progress.isFed || (await state.watcher.inbox.count('pending')) > 0) {
    await turn(state);
    if (killed < kills && state.handled >= ((killed + 1) * items.length) / (kills + 2)) {
      killOne(state);
      killed += 1;
    }
  }

  await fed;
  await stopAll(state);
  const { inbox } = state.watcher;
  const { handled } = state;
  return {
    killed,
    handled,
    pending: await inbox.count('pending'),
    parked: await inbox.count('parked'),
  };
}

async function begin(options: DyingOptions): Promise<State> {
  const [own, ...connections] = await Promise.all(
    Array.from({ length: SERVERS + 1 }, () => options.connect()),
  );
  if (!own) throw new Error('no connection');

  const state: State = {
    ...options,
    time: createFakeTime(),
    watcher: createStores(own),
    connections,
    servers: [],
    handled: 0,
    born: 0,
  };
  for (let place = 0; place < SERVERS; place += 1) state.servers.push(bear(state, place));

  return state;
}

function bear(state: State, place: number): IntakeProcess {
  const connection = state.connections[place];
  if (!connection) throw new Error(`no connection for server ${place}`);

  state.born += 1;
  const stores = createStores(connection);
  return createIntakeProcess(`server-${state.born}`, stores, state.time, (living) => {
    const handle = state.handlerOf({ stores, living, time: state.time });
    return async (item, guard) => {
      await handle(item, guard);
      state.handled += 1;
    };
  });
}

/** One round trip to the database, and the time that it takes. */
async function turn({ watcher, time }: State): Promise<void> {
  await watcher.inbox.marks();
  time.pass(STEP_MS);
}

function killOne(state: State): void {
  const place = Math.floor(state.random() * SERVERS);
  state.servers[place]?.kill();
  state.servers[place] = bear(state, place);
}

/** Each through any server. */
async function feed(state: State): Promise<void> {
  const { items } = state;
  const last = new Map<string, Promise<void>>();
  let next = 0;
  const feeder = async (): Promise<void> => {
    for (let item = items[next++]; item; item = items[next++]) {
      const each = item;
      const put = (last.get(each.lane) ?? Promise.resolve()).then(() => putSomewhere(state, each));
      last.set(each.lane, put);
      await put;
    }
  };
  await Promise.all(Array.from({ length: FED_AT_ONCE }, feeder));
}

/** As a sender does: again, elsewhere, until somebody says yes. */
async function putSomewhere(state: State, item: Inbound): Promise<void> {
  for (let isTaken = false; !isTaken; ) {
    const server = state.servers[Math.floor(state.random() * SERVERS)];
    if (!server) continue;
    const taken = server.processor.put([item]).then(
      () => true,
      () => false,
    );
    isTaken = await Promise.race([taken, server.died.then(() => false)]);
  }
}

async function stopAll(state: State): Promise<void> {
  const stopped = Promise.all(state.servers.map((server) => server.stop()));
  const done = { is: false };
  void stopped.then(() => {
    done.is = true;
  });
  while (!done.is) await turn(state);
  await stopped;
}
