// The lives of triggers over MongoDB: one document each, changed against its revision.

import { type Connection, type Model, Schema } from 'mongoose';
import type { TriggerBacktest, TriggerLifeStore } from '../../ports/triggers';
import { versionRef } from '../../rules/base/ids';
import type { TriggerLife } from '../../rules/trigger/life';
import { guarded } from './failures';
import { insertNew } from './inserts';
import { modelOf } from './model';
import { withoutId } from './plain';

interface TriggerLifeDocument extends Omit<TriggerLife, 'triggerId'> {
  readonly _id: string;
}

const schema = new Schema<TriggerLifeDocument>(
  {
    _id: { type: String, required: true },
    enabled: Number,
    acts: { type: [Schema.Types.Mixed], required: true },
    revision: { type: Number, required: true },
  },
  { collection: 'triggerLives', versionKey: false, strict: 'throw', id: false },
);

export function triggerLifeModel(connection: Connection): Model<TriggerLifeDocument> {
  return modelOf(connection, 'TriggerLife', schema);
}

interface BacktestDocument extends TriggerBacktest {
  /** `id@version`. */
  readonly _id: string;
}

const backtests = new Schema<BacktestDocument>(
  {
    _id: { type: String, required: true },
    triggerId: { type: String, required: true },
    version: { type: Number, required: true },
    at: { type: String, required: true },
    by: { type: String, required: true },
    report: { type: Schema.Types.Mixed, required: true },
  } as object,
  {
    collection: 'triggerBacktests',
    versionKey: false,
    minimize: false,
    strict: 'throw',
    id: false,
  },
);

export function triggerBacktestModel(connection: Connection): Model<BacktestDocument> {
  return modelOf(connection, 'TriggerBacktest', backtests);
}

export function createTriggerLifeStore(connection: Connection): TriggerLifeStore {
  const lives = triggerLifeModel(connection);
  const played = triggerBacktestModel(connection);

  return guarded<TriggerLifeStore>({
    async find(triggerId) {
      const found = await lives.findOne({ _id: triggerId }).lean<TriggerLifeDocument>();
      return found && lifeFromDocument(found);
    },

    async list() {
      const found = await lives.find().sort({ _id: 1 }).lean<TriggerLifeDocument[]>();
      return found.map(lifeFromDocument);
    },

    async enabled() {
      const found = await lives
        .find({ enabled: { $exists: true } }, { enabled: 1 })
        .sort({ _id: 1 })
        .lean<TriggerLifeDocument[]>();
      return found.flatMap(({ _id: triggerId, enabled: version }) =>
        version === undefined ? [] : { triggerId, version },
      );
    },

    async keepBacktest(backtest) {
      const _id = versionRef(backtest.triggerId, backtest.version);
      await played.replaceOne({ _id }, { _id, ...backtest }, { upsert: true });
    },

    async findBacktest(triggerId, version) {
      const _id = versionRef(triggerId, version);
      const found = await played.findOne({ _id }).lean<BacktestDocument>();
      return found && withoutId(found);
    },

    async keep({ triggerId, ...life }) {
      if (life.revision === 1) {
        const [isNew = false] = await insertNew(lives, [{ _id: triggerId, ...life }]);
        return isNew;
      }

      const before = { _id: triggerId, revision: life.revision - 1 };
      const change = life.enabled === undefined ? { $unset: { enabled: 1 as const } } : {};
      const { modifiedCount } = await lives.updateOne(before, { $set: life, ...change });
      return modifiedCount === 1;
    },
  });
}

const lifeFromDocument = ({ _id, ...life }: TriggerLifeDocument): TriggerLife => ({
  triggerId: _id,
  ...life,
});
