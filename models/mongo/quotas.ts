// The quota store over MongoDB: a counter per scope and a hold per key. Two documents cannot be written as one, so a counter
// remembers its latest keys until the hold shows them: whoever repeats a step after a crash sees that it was done.

import type { Connection, Model } from 'mongoose';
import type { QuotaRequest, QuotaStore } from '../../ports/quotas';
import { CodedError } from '../../rules/base/errors';
import { guarded } from './failures';
import { insertNew } from './inserts';
import { createForgetting, type Finished, giveUnit, takeEach, uncount } from './quotaCounters';
import { type CounterDocument, type HoldDocument, quotaModels } from './quotaDocuments';

const MAX_RACES = 200;

interface QuotaState {
  readonly counters: Model<CounterDocument>;
  readonly holds: Model<HoldDocument>;
  readonly forget: (steps: readonly Finished[]) => Promise<void>;
}

export function createQuotaStore(connection: Connection): QuotaStore {
  const models = quotaModels(connection);
  const state: QuotaState = { ...models, forget: createForgetting(models.counters) };

  return guarded<QuotaStore>({
    take: (requests) => take(state, requests),
    giveBack: (keys) => giveBack(state, keys),
    used: (scopes) => used(state, scopes),
  });
}

async function take(
  state: QuotaState,
  requests: readonly QuotaRequest[],
): Promise<(string | null)[]> {
  const full = new Map<string, string>();
  await giveBack(state, keysOf(requests.filter(({ takes }) => takes.length === 0)));

  let open = requests.filter(({ takes }) => takes.length > 0);
  for (let race = 0; open.length > 0; race++) {
    if (race >= MAX_RACES)
      throw new CodedError('CONFLICT', `quotas: lost ${MAX_RACES} races in a row`);

    const { held, begun } = await begin(state, open);
    const refused = await takeEach(state.counters, begun);
    await giveUp(state, [...refused.keys()]);
    for (const [key, scope] of refused) full.set(key, scope);

    const finished = await finish(
      state,
      begun.filter(({ key }) => !refused.has(key)),
    );

    open = open.filter(({ key }) => !held.has(key) && !finished.has(key) && !refused.has(key));
  }

  return requests.map(({ key }) => full.get(key) ?? null);
}

/** The requests that are not answered yet but may be taken for now; ends holds that are in their way. */
async function begin(
  state: QuotaState,
  requests: readonly QuotaRequest[],
): Promise<{ readonly held: ReadonlySet<string>; readonly begun: readonly QuotaRequest[] }> {
  const isNew = await insertNew<HoldDocument>(
    state.holds,
    requests.map((request) => ({ _id: request.key, scopes: scopesOf(request), state: 'taking' })),
  );
  const fresh = requests.filter((_, i) => isNew[i]);
  const old = requests.filter((_, i) => !isNew[i]);

  const stateOf = await holdStates(state, old);
  const held = old.filter((request) => stateOf(request) === 'held');
  const taking = old.filter((request) => stateOf(request) === 'taking');
  const inTheWay = old.filter((request) => !held.includes(request) && !taking.includes(request));
  if (inTheWay.length > 0) await giveBack(state, keysOf(inTheWay));

  return { held: new Set(keysOf(held)), begun: [...fresh, ...taking] };
}

/** The state of the hold of a request; `other` when it holds other scopes, or none any more. */
async function holdStates({ holds }: QuotaState, requests: readonly QuotaRequest[]) {
  const known = new Map<string, HoldDocument>();
  if (requests.length > 0)
    for (const hold of await holds.find({ _id: { $in: keysOf(requests) } }).lean<HoldDocument[]>())
      known.set(hold._id, hold);

  return (request: QuotaRequest): HoldDocument['state'] | 'other' => {
    const hold = known.get(request.key);
    return hold?.scopes.join() === scopesOf(request).join() ? hold.state : 'other';
  };
}

/** Answers the keys that hold all their units from now on. */
async function finish(
  state: QuotaState,
  requests: readonly QuotaRequest[],
): Promise<ReadonlySet<string>> {
  const keys = keysOf(requests);
  if (keys.length === 0) return new Set();

  const { matchedCount } = await state.holds.updateMany(
    { _id: { $in: keys }, state: 'taking' },
    { $set: { state: 'held' } },
  );
  if (matchedCount < keys.length) return undoLost(state, requests);

  await state.forget(
    requests.flatMap((request) =>
      scopesOf(request).map((scope) => ({ scope, list: 'taken' as const, key: request.key })),
    ),
  );

  return new Set(keys);
}

/** Some were ended by a rival meanwhile: what was counted since goes back, and their taking begins anew. */
async function undoLost(
  { holds, counters }: QuotaState,
  requests: readonly QuotaRequest[],
): Promise<ReadonlySet<string>> {
  const held = await holds
    .find({ _id: { $in: keysOf(requests) }, state: 'held' }, { _id: 1 })
    .lean();
  const done = new Set(held.map(({ _id }) => _id));

  const lost = requests.filter(({ key }) => !done.has(key));
  const moves = lost.flatMap((request) =>
    scopesOf(request).map((scope) => uncount(request.key, scope)),
  );
  if (moves.length > 0) await counters.bulkWrite(moves);

  return done;
}

async function giveBack(state: QuotaState, keys: readonly string[]): Promise<void> {
  const mine = { _id: { $in: [...keys] } };
  if (keys.length === 0 || (await state.holds.find(mine, { _id: 1 }).lean()).length === 0) return;

  // Unfinished ones first, so that one which a rival finishes in between is not missed.
  await state.holds.updateMany({ ...mine, state: 'taking' }, { $set: { state: 'undoing' } });
  await state.holds.updateMany({ ...mine, state: 'held' }, { $set: { state: 'giving' } });
  await end(state, keys);
}

/** Ends takings of which a scope was full; one that a rival of the same key finished meanwhile stands. */
async function giveUp(state: QuotaState, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;

  await state.holds.updateMany(
    { _id: { $in: [...keys] }, state: 'taking' },
    { $set: { state: 'undoing' } },
  );

  await end(state, keys);
}

/** Takes what ending holds had out of the counters, then the holds themselves. */
async function end(
  { holds, counters, forget }: QuotaState,
  keys: readonly string[],
): Promise<void> {
  const ending = await holds
    .find({ _id: { $in: [...keys] }, state: { $in: ['undoing', 'giving'] } })
    .lean<HoldDocument[]>();

  const moves = ending.flatMap(({ _id, scopes, state }) =>
    scopes.map((scope) => (state === 'undoing' ? uncount(_id, scope) : giveUnit(_id, scope))),
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

async function used({ counters }: QuotaState, scopes: readonly string[]): Promise<number[]> {
  const found = await counters.find({ _id: { $in: [...scopes] } }, { used: 1 }).lean();
  const known = new Map(found.map((counter) => [counter._id, counter.used]));
  return scopes.map((scope) => known.get(scope) ?? 0);
}

const scopesOf = ({ takes }: QuotaRequest): string[] => takes.map(({ scope }) => scope);
const keysOf = (requests: readonly QuotaRequest[]): string[] => requests.map(({ key }) => key);
