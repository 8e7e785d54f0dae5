// Servers of the intake that are killed while customers' events come in: in which order each customer's took effect.

import { type Connection, type Model, Schema } from 'mongoose';
import { modelOf } from '../../models/mongo/model';
import { createStores } from '../../models/mongo/stores';
import type { Inbound } from '../../ports/inbox';
import { createFakeTime, type FakeTime } from '../fakes/time';
import { createIntakeProcess, type IntakeProcess } from './intakeProcess';

export interface ChaosOptions {
  readonly events: number;
  readonly lanes: number;
  readonly kills: number;
  readonly random: () => number;
  /** Connections of their own, one for each server and one for the test. */
  readonly connect: () => Promise<Connection>;
}

export interface ChaosResult {
  readonly killed: number;
  /** Customers whose events did not take effect exactly once each and in the order they came. */
  readonly wrong: readonly { readonly lane: string; readonly effects: readonly string[] }[];
  readonly effects: number;
  /** Times that an item was handled again, because its process died before it could say that it was done. */
  readonly repeats: number;
  readonly pending: number;
  readonly parked: number;
}

const SERVERS = 3;
const FED_AT_ONCE = 24;
/** Of time for every round trip to the database: some ten times as fast as a clock. */
const STEP_MS = 20;

interface LaneEffects {
  readonly _id: string;
  readonly keys: readonly string[];
}

const schema = new Schema<LaneEffects>(
  { _id: { type: String, required: true }, keys: { type: [String], required: true } },
  { collection: 'chaosEffects', versionKey: false },
);

interface ChaosState extends ChaosOptions {
  readonly time: FakeTime;
  readonly effects: Model<LaneEffects>;
  readonly watcher: ReturnType<typeof createStores>;
  readonly connections: readonly Connection[];
  /** By place; who died is replaced. */
  readonly servers: IntakeProcess[];
  handled: number;
  born: number;
}

export async function runIntakeChaos(options: ChaosOptions): Promise<ChaosResult> {
  const state = await begin(options);
  const progress = { isFed: false };
  const fed = feed(state).then(() => {
    progress.isFed = true;
  });

  let killed = 0;
  while (!progress.isFed || (await state.watcher.inbox.count('pending')) > 0) {
    await turn(state);
    if (
      killed < options.kills &&
      state.handled >= ((killed + 1) * options.events) / (options.kills + 2)
    ) {
      killOne(state);
      killed += 1;
    }
  }

  await fed;
  await stopAll(state);
  return await resultOf(state, killed);
}

async function begin(options: ChaosOptions): Promise<ChaosState> {
  const [own, ...connections] = await Promise.all(
    Array.from({ length: SERVERS + 1 }, () => options.connect()),
  );
  if (!own) throw new Error('no connection');

  const state: ChaosState = {
    ...options,
    time: createFakeTime(),
    effects: modelOf<LaneEffects>(own, 'ChaosEffects', schema),
    watcher: createStores(own),
    connections,
    servers: [],
    handled: 0,
    born: 0,
  };
  for (let lane = 0; lane < options.lanes; lane += 1)
    await state.effects.create({ _id: laneName(lane), keys: [] });
  for (let place = 0; place < SERVERS; place += 1) state.servers.push(bear(state, place));

  return state;
}

const laneName = (lane: number): string => `contact/c-${lane}`;

function bear(state: ChaosState, place: number): IntakeProcess {
  const connection = state.connections[place];
  if (!connection) throw new Error(`no connection for server ${place}`);

  state.born += 1;
  return createIntakeProcess(
    `server-${state.born}`,
    createStores(connection),
    state.time,
    async ({ key, lane }) => {
      // Harmless when repeated, as every handler's effects are.
      await state.effects.updateOne({ _id: lane, keys: { $ne: key } }, { $push: { keys: key } });
      state.handled += 1;
    },
  );
}

/** One round trip to the database, and the time that it takes. */
async function turn({ watcher, time }: ChaosState): Promise<void> {
  await watcher.inbox.marks();
  time.pass(STEP_MS);
}

function killOne(state: ChaosState): void {
  const place = Math.floor(state.random() * SERVERS);
  state.servers[place]?.kill();
  state.servers[place] = bear(state, place);
}

/** The events of each customer one after the other, those of all customers shuffled, each through any server. */
async function feed(state: ChaosState): Promise<void> {
  const { events, lanes, random } = state;
  const order = Array.from({ length: events }, (_, i) => i % lanes);
  for (let i = order.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
  }

  const last = new Map<number, Promise<void>>();
  const count = new Map<number, number>();
  let next = 0;
  const feeder = async (): Promise<void> => {
    for (let i = next++; i < order.length; i = next++) {
      const lane = order[i] ?? 0;
      const n = count.get(lane) ?? 0;
      count.set(lane, n + 1);
      const put = (last.get(lane) ?? Promise.resolve()).then(() => putSomewhere(state, lane, n));
      last.set(lane, put);
      await put;
    }
  };
  await Promise.all(Array.from({ length: FED_AT_ONCE }, feeder));
}

/** As a sender does: again, elsewhere, until somebody says yes. */
async function putSomewhere(state: ChaosState, lane: number, n: number): Promise<void> {
  const item: Inbound = {
    key: eventKey(lane, n),
    kind: 'event',
    lane: laneName(lane),
    urgency: n % 7 === 0 ? 'urgent' : n % 5 === 0 ? 'bulk' : 'prompt',
    payload: { n },
    receivedAt: n,
  };

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

const eventKey = (lane: number, n: number): string => `event/${lane}-${n}`;

async function stopAll(state: ChaosState): Promise<void> {
  const stopped = Promise.all(state.servers.map((server) => server.stop()));
  const done = { is: false };
  void stopped.then(() => {
    done.is = true;
  });
  while (!done.is) await turn(state);
  await stopped;
}

async function resultOf(state: ChaosState, killed: number): Promise<ChaosResult> {
  const { events, lanes, effects, watcher, handled } = state;
  const found = await effects.find({}).lean<LaneEffects[]>();
  const wrong = found.filter(({ _id, keys }) => {
    const lane = Number(_id.slice(laneName(0).length - 1));
    const expected = Array.from({ length: keys.length }, (_, n) => eventKey(lane, n));
    return expected.some((key, n) => key !== keys[n]);
  });
  const total = found.reduce((sum, { keys }) => sum + keys.length, 0);

  return {
    killed,
    wrong: wrong.map(({ _id: lane, keys }) => ({ lane, effects: keys })),
    effects: total,
    repeats: handled - events,
    pending: await watcher.inbox.count('pending'),
    parked: await watcher.inbox.count('parked'),
    ...(found.length === lanes ? {} : { effects: -1 }),
  };
}
