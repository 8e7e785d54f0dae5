// Tombstones over MongoDB, and who is meant by those that are not done yet.

import { type Connection, type Model, Schema } from 'mongoose';
import type { ForgettingStore, Person, Tombstone } from '../../ports/forgetting';
import type { LedgerKey } from '../../rules/ledger/chain';
import { createErase } from './erase';
import { guarded } from './failures';
import { insertNew } from './inserts';
import { modelOf } from './model';

interface TombstoneDocument extends Omit<Tombstone, 'subject'> {
  readonly _id: string;
  readonly person?: Person;
}

const free = Schema.Types.Mixed;

const schema = new Schema<TombstoneDocument>(
  {
    _id: { type: String, required: true },
    state: { type: String, enum: ['forgetting', 'forgotten'], required: true },
    reason: { type: String, required: true },
    by: { type: String, required: true },
    at: { type: String, required: true },
    endedAt: String,
    names: { type: [String], required: true },
    life: Number,
    removed: free,
    person: free,
  },
  { collection: 'forgotten', versionKey: false, strict: 'throw', id: false },
);
schema.index({ names: 1 });
schema.index({ state: 1 });

export function tombstoneModel(connection: Connection): Model<TombstoneDocument> {
  return modelOf(connection, 'Tombstone', schema);
}

/** @param key signs the ledger, and knows the pseudonyms; absent: nothing can be erased. */
export function createForgettingStore(connection: Connection, key?: LedgerKey): ForgettingStore {
  const tombstones = tombstoneModel(connection);

  return guarded<ForgettingStore>({
    async begin({ subject, ...tombstone }, person) {
      await insertNew(tombstones, [{ _id: subject, ...tombstone, person }]);
      const kept = await tombstones.findOne({ _id: subject }).lean<TombstoneDocument>();
      return kept ? tombstoneOf(kept) : { subject, ...tombstone };
    },

    async find(subject) {
      const found = await tombstones.findOne({ _id: subject }).lean<TombstoneDocument>();
      return found && tombstoneOf(found);
    },

    async open() {
      const found = await tombstones.find({ state: 'forgetting' }).lean<TombstoneDocument[]>();
      return found.flatMap((each) =>
        each.person ? [{ tombstone: tombstoneOf(each), person: each.person }] : [],
      );
    },

    async ofNames(names) {
      const filter = { names: { $in: [...names] } };
      const found = await tombstones.find(filter).sort({ at: 1 }).lean<TombstoneDocument[]>();
      return found.map(tombstoneOf);
    },

    erase: createErase(connection, key),

    async end(subject, removed, endedAt) {
      const done = { state: 'forgotten' as const, removed, endedAt };
      await tombstones.updateOne({ _id: subject }, { $set: done, $unset: { person: '' } });
    },
  });
}

const tombstoneOf = ({ _id, person: _, ...tombstone }: TombstoneDocument): Tombstone => ({
  subject: _id,
  ...tombstone,
});
