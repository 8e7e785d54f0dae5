// What keeps outside systems from working: a handful of documents, shared by all servers and workers.

import { type Connection, type Model, Schema } from 'mongoose';
import type { ConditionStore, SystemCondition } from '../../ports/conditions';
import { guarded } from './failures';
import { modelOf } from './model';

type ConditionDocument = SystemCondition & { readonly _id: string };

const schema = new Schema<ConditionDocument>(
  {
    _id: { type: String, required: true },
    system: { type: String, required: true },
    code: { type: String, required: true },
    fault: { type: String, required: true },
    isWide: { type: Boolean, required: true },
    since: { type: String, required: true },
    lastAt: { type: String, required: true },
    times: { type: Number, required: true },
  },
  { collection: 'conditions', versionKey: false, strict: 'throw' },
);

const conditionModel = (connection: Connection): Model<ConditionDocument> =>
  modelOf(connection, 'Condition', schema);

export function createConditionStore(connection: Connection): ConditionStore {
  const conditions = conditionModel(connection);

  const store: ConditionStore = {
    async meet({ at, times, ...meeting }) {
      const _id = `${meeting.system}/${meeting.code}`;
      await conditions.updateOne(
        { _id },
        { $set: meeting, $setOnInsert: { since: at }, $max: { lastAt: at }, $inc: { times } },
        { upsert: true },
      );
    },

    async worked(system, { at, quietSince }) {
      await conditions.deleteMany({
        system,
        $or: [
          { isWide: true, lastAt: { $lt: at } },
          { isWide: false, lastAt: { $lt: quietSince } },
        ],
      });
    },

    async list() {
      const found = await conditions.find().sort({ _id: 1 }).lean();
      return found.map(({ _id, ...condition }) => condition);
    },
  };

  return guarded(store);
}
