// Counters of shared limits: units are counted per scope, and a counter remembers its latest keys, so that a step repeated after
// a crash is seen to have been done.

import type { AnyBulkWriteOperation, Model } from 'mongoose';
import type { QuotaRequest } from '../../ports/quotas';
import { CodedError } from '../../rules/base/errors';
import type { QuotaTake } from '../../rules/gate/quota';
import { insertNew } from './inserts';
import type { CounterDocument } from './quotaDocuments';

type Counters = Model<CounterDocument>;

const MAX_RACES = 200;
/** Keys of finished steps that a process leaves in the counters, for executions of the same attempt that still run. */
const REMEMBERED = 200;

/** Walks through the scopes side by side; answers per key the scope that was full. */
export async function takeEach(
  counters: Counters,
  requests: readonly QuotaRequest[],
): Promise<ReadonlyMap<string, string>> {
  const full = new Map<string, string>();
  const most = Math.max(0, ...requests.map(({ takes }) => takes.length));

  for (let nth = 0; nth < most; nth++) {
    const open = requests.filter(({ key }) => !full.has(key));
    const refused = await Promise.all(
      byScope(open, nth).map(async ({ take, keys }) => {
        const got = await takeUnits(counters, take, keys);
        return keys.filter((key) => !got.has(key)).map((key) => [key, take.scope] as const);
      }),
    );

    for (const [key, scope] of refused.flat()) full.set(key, scope);
  }

  return full;
}

interface TakesOfScope {
  readonly take: QuotaTake;
  readonly keys: string[];
}

/** The nth take of each request, together with all others of its scope. */
function byScope(requests: readonly QuotaRequest[], nth: number): TakesOfScope[] {
  const together = new Map<string, TakesOfScope>();
  for (const { key, takes } of requests) {
    const take = takes[nth];
    if (!take) continue;

    const known = together.get(take.scope) ?? { take, keys: [] };
    known.keys.push(key);
    together.set(take.scope, known);
  }

  return [...together.values()];
}

/** The keys that hold a unit of the scope now, earlier ones first when there are not enough. */
async function takeUnits(
  counters: Counters,
  { scope, limit }: QuotaTake,
  keys: readonly string[],
): Promise<ReadonlySet<string>> {
  let counted: readonly string[] = [];
  let wanted = keys;

  for (let race = 0; race < MAX_RACES; race++) {
    if (await count(counters, { scope, limit }, wanted)) return new Set([...counted, ...wanted]);

    const counter = await counters.findOne({ _id: scope }).lean<CounterDocument>();
    if (!counter) await insertNew(counters, [{ _id: scope, used: 0, taken: [], given: [] }]);

    const taken = new Set(counter?.taken);
    const left = Math.max(0, limit - (counter?.used ?? 0));
    counted = keys.filter((key) => taken.has(key));
    wanted = keys.filter((key) => !taken.has(key)).slice(0, left);
    if (wanted.length === 0) return new Set(counted);
  }

  throw new CodedError('CONFLICT', `quota ${scope}: lost ${MAX_RACES} races in a row`);
}

/** Counts all of the keys, or none: false when one is counted already or there is no room for them. */
async function count(
  counters: Counters,
  { scope, limit }: QuotaTake,
  keys: readonly string[],
): Promise<boolean> {
  const { matchedCount } = await counters.updateOne(
    { _id: scope, used: { $lte: limit - keys.length }, taken: { $nin: [...keys] } },
    {
      $inc: { used: keys.length },
      $push: { taken: { $each: keys } },
      $pullAll: { given: keys },
    },
  );
  return matchedCount === 1;
}

/** Takes back what an unfinished taking counted. */
export const uncount = (key: string, scope: string): AnyBulkWriteOperation<CounterDocument> => ({
  updateOne: {
    filter: { _id: scope, taken: key },
    update: { $inc: { used: -1 }, $pullAll: { taken: [key] } },
  },
});

/** Gives back what a finished taking counted. */
export const giveUnit = (key: string, scope: string): AnyBulkWriteOperation<CounterDocument> => ({
  updateOne: {
    filter: { _id: scope, given: { $ne: key } },
    update: { $inc: { used: -1 }, $push: { given: key }, $pullAll: { taken: [key] } },
  },
});

/** A step that the document of its hold shows by now. */
export interface Finished {
  readonly scope: string;
  readonly list: 'taken' | 'given';
  readonly key: string;
}

/** Takes keys out of the counters some time after their holds show the same, so that counters stay small whatever their limits. */
export function createForgetting(
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
