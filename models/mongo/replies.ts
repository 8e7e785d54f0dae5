// Unclear answers over MongoDB.

import { type Connection, type Model, Schema } from 'mongoose';
import type { ReplyStore, UnclearReply } from '../../ports/replies';
import { guarded } from './failures';
import { insertNew } from './inserts';
import { modelOf } from './model';

interface ReplyDocument extends Omit<UnclearReply, 'replyId'> {
  readonly _id: string;
}

const free = Schema.Types.Mixed;

const schema = new Schema(
  {
    _id: { type: String, required: true },
    channel: { type: String, required: true },
    source: { type: String, required: true },
    address: { type: free, required: true },
    item: { type: String, required: true },
    contactIds: { type: [String], required: true },
    cities: { type: [String], required: true },
    at: { type: String, required: true },
    receivedAt: { type: String, required: true },
    state: { type: String, enum: ['open', 'resolved'], required: true },
    resolution: free,
  },
  { collection: 'replies', versionKey: false, minimize: false, strict: 'throw', id: false },
);
schema.index({ state: 1, _id: 1 });

export function replyModel(connection: Connection): Model<ReplyDocument> {
  return modelOf(connection, 'Reply', schema);
}

export function createReplyStore(connection: Connection): ReplyStore {
  const replies = replyModel(connection);

  return guarded<ReplyStore>({
    async open({ replyId: _id, ...reply }) {
      await insertNew(replies, [{ _id, ...reply }]);
      const kept = await replies.findOne({ _id }).lean<ReplyDocument>();
      return kept ? replyOf(kept) : { replyId: _id, ...reply };
    },

    async find(replyId) {
      const found = await replies.findOne({ _id: replyId }).lean<ReplyDocument>();
      return found && replyOf(found);
    },

    async list({ state, cities, after, limit }) {
      const filter = {
        state,
        ...(after !== undefined && { _id: { $gt: after } }),
        ...(cities && { cities: { $in: [...cities] } }),
      };
      const found = await replies
        .find(filter)
        .sort({ _id: 1 })
        .limit(limit)
        .lean<ReplyDocument[]>();
      return found.map(replyOf);
    },

    async resolve(replyId, resolution) {
      const filter = { _id: replyId, resolution: { $exists: false } };
      return (await replies.updateOne(filter, { $set: { resolution } })).matchedCount === 1;
    },

    async close(replyId) {
      const filter = { _id: replyId, resolution: { $exists: true } };
      await replies.updateOne(filter, { $set: { state: 'resolved' } });
    },
  });
}

const replyOf = ({ _id, ...reply }: ReplyDocument): UnclearReply => ({ replyId: _id, ...reply });
