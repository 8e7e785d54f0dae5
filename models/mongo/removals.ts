// What is old goes a page at a time, the oldest first, so that no call holds the database for long. A sweep and no TTL index: what may
// go depends on more than its age, and ages are kept as numbers.

import type { Model } from 'mongoose';

interface Removal {
  readonly filter: object;
  /** The field of the age. */
  readonly by: string;
  readonly limit: number;
}

/** Answers how many went; what has changed meanwhile and does not fit any more stays. */
export async function removeOldest<D>(
  model: Model<D>,
  { filter, by, limit }: Removal,
): Promise<number> {
  const found = await model.collection
    .find(filter, { projection: { _id: 1 } })
    .sort({ [by]: 1 })
    .limit(limit)
    .toArray();
  if (found.length === 0) return 0;

  const ids = found.map(({ _id }) => _id);
  const { deletedCount } = await model.collection.deleteMany({ ...filter, _id: { $in: ids } });
  return deletedCount;
}
