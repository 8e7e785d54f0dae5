// Servers of the intake that are killed while customers' events come in: in which order each customer's took effect.

import { type Connection, type Model, Schema } from 'mongoose';
import { modelOf } from '../../models/mongo/model';
import type { Inbound } from '../../ports/inbox';
import { runDyingServers } from './dyingServers';

export interface ChaosOptions {
  readonly events: number;
  readonly lanes: number;
  readonly kills: number;
  readonly random: () => number;
  /** Connections of their own, one for each server and two for the test. */
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

interface LaneEffects {
  readonly _id: string;
  readonly keys: readonly string[];
}

const schema = new Schema<LaneEffects>(
  { _id: { type: String, required: true }, keys: { type: [String], required: true } },
  { collection: 'chaosEffects', versionKey: false },
);

export async function runIntakeChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { events, lanes, kills, random, connect } = options;
  const effects: Model<LaneEffects> = modelOf<LaneEffects>(await connect(), 'ChaosEffects', schema);
  for (let lane = 0; lane < lanes; lane += 1)
    await effects.create({ _id: laneName(lane), keys: [] });

  const { handled, ...ended } = await runDyingServers({
    items: shuffledItems(options),
    ...{ kills, random, connect },
    // Harmless when repeated, as every handler's effects are.
    handlerOf:
      () =>
      async ({ key, lane }) => {
        await effects.updateOne({ _id: lane, keys: { $ne: key } }, { $push: { keys: key } });
      },
  });

  const found = await effects.find({}).lean<LaneEffects[]>();
  const wrong = found.filter(isWrong).map(({ _id: lane, keys }) => ({ lane, effects: keys }));
  const total = found.reduce((sum, { keys }) => sum + keys.length, 0);
  const isWhole = found.length === lanes;
  return { ...ended, wrong, effects: isWhole ? total : -1, repeats: handled - events };
}

const laneName = (lane: number): string => `contact/c-${lane}`;
const eventKey = (lane: number, n: number): string => `event/${lane}-${n}`;

function isWrong({ _id, keys }: LaneEffects): boolean {
  const lane = Number(_id.slice(laneName(0).length - 1));
  const expected = Array.from({ length: keys.length }, (_, n) => eventKey(lane, n));
  return expected.some((key, n) => key !== keys[n]);
}

/** The events of each customer one after the other, those of all customers shuffled. */
function shuffledItems({ events, lanes, random }: ChaosOptions): readonly Inbound[] {
  const order = Array.from({ length: events }, (_, i) => i % lanes);
  for (let i = order.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
  }

  const count = new Map<number, number>();
  return order.map((lane) => {
    const n = count.get(lane) ?? 0;
    count.set(lane, n + 1);
    return itemOf(lane, n);
  });
}

const itemOf = (lane: number, n: number): Inbound => ({
  key: eventKey(lane, n),
  kind: 'event',
  lane: laneName(lane),
  urgency: n % 7 === 0 ? 'urgent' : n % 5 === 0 ? 'bulk' : 'prompt',
  payload: { n },
  receivedAt: n,
});
