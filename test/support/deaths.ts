// Deaths of a process at its n-th write to the database, counted over all collections.

import { mongo } from 'mongoose';

/** The database's writes that change anything, each by its name. */
const WRITES = [
  'insertMany',
  'updateOne',
  'updateMany',
  'replaceOne',
  'deleteOne',
  'deleteMany',
  'bulkWrite',
] as const;

/** Dies before its n-th write from here on, and every later one: the process is gone. Answers how many writes were tried. */
export function dieAtWrite(n: number): () => number {
  let writes = 0;
  for (const name of WRITES) {
    const original = mongo.Collection.prototype[name] as (...args: unknown[]) => unknown;
    jest.spyOn(mongo.Collection.prototype, name).mockImplementation(function (
      this: unknown,
      ...args: unknown[]
    ) {
      writes += 1;
      if (writes >= n) throw new Error(`died at write ${n}`);
      return original.apply(this, args) as never;
    } as never);
  }
  return () => writes;
}
