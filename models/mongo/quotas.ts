// The quota store over MongoDB: a counter per scope and a hold per key. Two documents cannot be written as one, so a counter
// remembers its latest keys until the hold tells what they hold: whoever repeats a step after a crash sees that it was done.

import { type AnyBulkWriteOperation, type Connection, type Model, Schema } from 'mongoose';
import type { QuotaRequest, QuotaStore } from '../../ports/quotas';
import { CodedError } from '../../rules/base/errors';
import type { QuotaTake } from '../../rules/gate/quota';
import { guarded } from './failures';
import { insertNew } from './inserts';
import { modelOf } from './model';

const MAX_RACES = 200;
/** Keys of finished steps that a process leaves in the counters, for executions of the same attempt that still run. */
const REMEMBERED = 200;

interface CounterDocument {
  readonly _id: string;
  readonly used: number;
  /** Latest keys counted, and latest given back: proof of steps whose hold does not tell yet. */
  readonly taken: readonly string[];
  readonly given: readonly string[];
}

interface HoldDocument {
  readonly _id: string;
  readonly scopes: readonly string[];
  /** `undoing` ends a taking that was not finished, `giving` one that was. */
  readonly state: 'taking' | 'held' | 'undoing' | 'giving';
}

const counters = new Schema<CounterDocument>(
  {
    _id: { type: String, required: true },
    used: { type: Number, required: true },
    taken: { type: [String], required: true },
    given: { type: [String], required: true },
  },
  { collection: 'quotaCounters', versionKey: false, strict: 'throw', id: false },
);

const holds = new Schema<HoldDocument>(
  {
    _id: { type: String, required: true },
    scopes: { type: [String], required: true },
    state: { type: String, enum: ['taking', 'held', 'undoing', 'giving'], required: true },
  },
  { collection: 'quotaHolds', versionKey: false, strict: 'throw', id: false },
);

export function quotaModels(connection: Connection): {
  counters: Model<CounterDocument>;
  holds: Model<HoldDocument>;
} {
  return {
    counters: modelOf(connection, 'QuotaCounter', counters),
    holds: modelOf(connection, 'QuotaHold', holds),
  };
}

const scopesOf = ({ takes }: QuotaRequest): string[] => takes.map(({ scope }) => scope);
const keysOf = (asks: readonly QuotaRequest[]): string[] => asks.map(({ key }) => key);

export function createQuotaStore(connection: Connection): QuotaStore {
  const { counters, holds } = quotaModels(connection);
  const forget = createForgetting(counters);

  /** The keys that hold a unit of the scope now, earlier ones first when there are not enough. */
  async function takeUnits(
    { scope, limit }: QuotaTake,
    keys: readonly string[],
  ): Promise<ReadonlySet<string>> {
    let counted: readonly string[] = [];
    let wanted = keys;
    for (let race = 0; race < MAX_RACES; race++) {
      const { matchedCount } = await counters.updateOne(
        { _id: scope, used: { $lte: limit - wanted.length }, taken: { $nin: [...wanted] } },
        {
          $inc: { used: wanted.length },
          $push: { taken: { $each: wanted } },
          $pullAll: { given: wanted },
        },
      );
      if (matchedCount === 1) return new Set([...counted, ...wanted]);
      const counter = await counters.findOne({ _id: scope }).lean<CounterDocument>();
      if (!counter) await insertNew(counters, [{ _id: scope, used: 0, taken: [], given: [] }]);
      const taken = new Set(counter?.taken);
      counted = keys.filter((key) => taken.has(key));
      wanted = keys
        .filter((key) => !taken.has(key))
        .slice(0, Math.max(0, limit - (counter?.used ?? 0)));
      if (wanted.length === 0) return new Set(counted);
    }
    throw new CodedError('CONFLICT', `quota ${scope}: lost ${MAX_RACES} races in a row`);
  }

  /** Walks through the scopes side by side; answers per key the scope that was full. */
  async function takeEach(asks: readonly QuotaRequest[]): Promise<Map<string, string>> {
    const full = new Map<string, string>();
    const most = Math.max(0, ...asks.map(({ takes }) => takes.length));
    for (let nth = 0; nth < most; nth++) {
      const wanting = new Map<string, { readonly take: QuotaTake; readonly keys: string[] }>();
      for (const { key, takes } of asks) {
        const take = takes[nth];
        if (!take || full.has(key)) continue;
        const together = wanting.get(take.scope) ?? { take, keys: [] };
        together.keys.push(key);
        wanting.set(take.scope, together);
      }
      await Promise.all(
        [...wanting.values()].map(async ({ take, keys }) => {
          const got = await takeUnits(take, keys);
          for (const key of keys) if (!got.has(key)) full.set(key, take.scope);
        }),
      );
    }
    return full;
  }

  /** Takes back what an unfinished taking counted. */
  const undo = (key: string, scope: string): AnyBulkWriteOperation<CounterDocument> => ({
    updateOne: {
      filter: { _id: scope, taken: key },
      update: { $inc: { used: -1 }, $pullAll: { taken: [key] } },
    },
  });

  const give = (key: string, scope: string): AnyBulkWriteOperation<CounterDocument> => ({
    updateOne: {
      filter: { _id: scope, given: { $ne: key } },
      update: { $inc: { used: -1 }, $push: { given: key }, $pullAll: { taken: [key] } },
    },
  });

  async function giveBack(keys: readonly string[]): Promise<void> {
    const mine = { _id: { $in: [...keys] } };
    if (keys.length === 0 || (await holds.find(mine, { _id: 1 }).lean()).length === 0) return;
    // Unfinished ones first, so that one which a rival finishes in between is not missed.
    await holds.updateMany({ ...mine, state: 'taking' }, { $set: { state: 'undoing' } });
    await holds.updateMany({ ...mine, state: 'held' }, { $set: { state: 'giving' } });
    await end(keys);
  }

  /** Ends takings of which a scope was full; one that a rival of the same key finished meanwhile stands. */
  async function giveUp(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    await holds.updateMany(
      { _id: { $in: [...keys] }, state: 'taking' },
      { $set: { state: 'undoing' } },
    );
    await end(keys);
  }

  async function end(keys: readonly string[]): Promise<void> {
    const mine = { _id: { $in: [...keys] } };
    const ending = await holds
      .find({ ...mine, state: { $in: ['undoing', 'giving'] } })
      .lean<HoldDocument[]>();
    const moves = ending.flatMap(({ _id, scopes, state }) =>
      scopes.map((scope) => (state === 'undoing' ? undo(_id, scope) : give(_id, scope))),
    );
    if (moves.length > 0) await counters.bulkWrite(moves);
    await holds.deleteMany({
      _id: { $in: ending.map(({ _id }) => _id) },
      state: { $in: ['undoing', 'giving'] },
    });
    await forget(
      ending.flatMap(({ _id, scopes }) =>
        scopes.map((scope) => ({ scope, list: 'given' as const, key: _id })),
      ),
    );
  }

  /** The asks that are not answered yet but may be taken for now; ends holds that are in their way. */
  async function begin(
    asks: readonly QuotaRequest[],
  ): Promise<{ held: Set<string>; begun: QuotaRequest[] }> {
    const isNew = await insertNew<HoldDocument>(
      holds,
      asks.map((ask) => ({ _id: ask.key, scopes: scopesOf(ask), state: 'taking' })),
    );
    const old = asks.filter((_, i) => !isNew[i]);
    const known = new Map<string, HoldDocument>();
    if (old.length > 0)
      for (const hold of await holds.find({ _id: { $in: keysOf(old) } }).lean<HoldDocument[]>())
        known.set(hold._id, hold);
    const stateOf = (ask: QuotaRequest) => {
      const hold = known.get(ask.key);
      return hold?.scopes.join() === scopesOf(ask).join() ? hold.state : 'other';
    };
    const held = old.filter((ask) => stateOf(ask) === 'held');
    const taking = old.filter((ask) => stateOf(ask) === 'taking');
    const inTheWay = old.filter((ask) => !held.includes(ask) && !taking.includes(ask));
    if (inTheWay.length > 0) await giveBack(keysOf(inTheWay));
    return { held: new Set(keysOf(held)), begun: [...asks.filter((_, i) => isNew[i]), ...taking] };
  }

  /** Answers the keys that hold all their units from now on. */
  async function finish(asks: readonly QuotaRequest[]): Promise<Set<string>> {
    const keys = keysOf(asks);
    if (keys.length === 0) return new Set();
    const { matchedCount } = await holds.updateMany(
      { _id: { $in: keys }, state: 'taking' },
      { $set: { state: 'held' } },
    );
    if (matchedCount < keys.length) {
      const held = await holds.find({ _id: { $in: keys }, state: 'held' }, { _id: 1 }).lean();
      const done = new Set(held.map(({ _id }) => _id));
      // Ended by a rival meanwhile: what was counted since goes back, and the taking begins anew.
      const lost = asks.filter(({ key }) => !done.has(key));
      const moves = lost.flatMap((ask) => scopesOf(ask).map((scope) => undo(ask.key, scope)));
      if (moves.length > 0) await counters.bulkWrite(moves);
      return done;
    }
    await forget(
      asks.flatMap((ask) =>
        scopesOf(ask).map((scope) => ({ scope, list: 'taken' as const, key: ask.key })),
      ),
    );
    return new Set(keys);
  }

  const book: QuotaStore = {
    async take(asks) {
      const full = new Map<string, string>();
      await giveBack(keysOf(asks.filter(({ takes }) => takes.length === 0)));
      let open = asks.filter(({ takes }) => takes.length > 0);
      for (let race = 0; open.length > 0; race++) {
        if (race >= MAX_RACES)
          throw new CodedError('CONFLICT', `quotas: lost ${MAX_RACES} races in a row`);
        const { held, begun } = await begin(open);
        const refused = await takeEach(begun);
        await giveUp([...refused.keys()]);
        for (const [key, scope] of refused) full.set(key, scope);
        const finished = await finish(begun.filter(({ key }) => !refused.has(key)));
        open = open.filter(({ key }) => !held.has(key) && !finished.has(key) && !refused.has(key));
      }
      return asks.map(({ key }) => full.get(key) ?? null);
    },

    giveBack,

    async used(scopes) {
      const found = await counters.find({ _id: { $in: [...scopes] } }, { used: 1 }).lean();
      const known = new Map(found.map(({ _id, used }) => [_id, used]));
      return scopes.map((scope) => known.get(scope) ?? 0);
    },
  };
  return guarded(book);
}

interface Finished {
  readonly scope: string;
  readonly list: 'taken' | 'given';
  readonly key: string;
}

/** Takes keys out of the counters some time after their holds tell the same: counters stay small whatever their limits. */
function createForgetting(
  counters: Model<CounterDocument>,
): (steps: readonly Finished[]) => Promise<void> {
  const remembered: Finished[] = [];
  return async (steps) => {
    remembered.push(...steps);
    if (remembered.length <= 2 * REMEMBERED) return;
    const old = new Map<string, { scope: string; list: Finished['list']; keys: string[] }>();
    for (const { scope, list, key } of remembered.splice(0, remembered.length - REMEMBERED)) {
      const together = old.get(`${list} ${scope}`) ?? { scope, list, keys: [] };
      together.keys.push(key);
      old.set(`${list} ${scope}`, together);
    }
    await counters.bulkWrite(
      [...old.values()].map(({ scope, list, keys }) => ({
        updateOne: { filter: { _id: scope }, update: { $pullAll: { [list]: keys } } },
      })),
    );
  };
}
