// Welcome codes over MongoDB, which forgets them by itself.

import { type Connection, type Model, Schema } from 'mongoose';
import type { WelcomeCodeStore } from '../../ports/welcomeCodes';
import { guarded } from './failures';
import { insertNew } from './inserts';
import { modelOf } from './model';

interface WelcomeCodeDocument {
  readonly _id: string;
  readonly code: string;
  readonly until: Date;
}

const schema = new Schema<WelcomeCodeDocument>(
  {
    _id: { type: String, required: true },
    code: { type: String, required: true },
    until: { type: Date, required: true },
  },
  { collection: 'welcomeCodes', versionKey: false, strict: 'throw', id: false },
);
schema.index({ until: 1 }, { expireAfterSeconds: 0 });

export const welcomeCodeModel = (connection: Connection): Model<WelcomeCodeDocument> =>
  modelOf(connection, 'WelcomeCode', schema);

export function createWelcomeCodeStore(connection: Connection): WelcomeCodeStore {
  const codes = welcomeCodeModel(connection);

  const store: WelcomeCodeStore = {
    async keep(id, code, until) {
      await insertNew(codes, [{ _id: id, code, until: new Date(until) }]);
    },
    async find(id) {
      return (await codes.findOne({ _id: id }).lean<WelcomeCodeDocument>())?.code ?? null;
    },
  };

  return guarded(store);
}
