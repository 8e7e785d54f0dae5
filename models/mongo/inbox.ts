// The inbox over MongoDB: a document per fact under its own key, so that a repeat is refused by the server itself.

import { type Connection, type Model, Schema } from 'mongoose';
import type { Inbound, Inbox } from '../../ports/inbox';
import { CodedError } from '../../rules/base/errors';
import { guarded } from './failures';
import { insertNew } from './inserts';
import { modelOf } from './model';

interface InboundDocument extends Omit<Inbound, 'key' | 'payload'> {
  readonly _id: string;
  /** JSON: what others send may hold names that the database would read as paths. */
  readonly payload: string;
  readonly state: 'pending' | 'done' | 'refused';
  /** Order of arrival: microseconds of `receivedAt`, and one more for each that came at the same time. */
  readonly seq: number;
  readonly attempts: number;
  readonly lastError?: string;
}

const schema = new Schema<InboundDocument>(
  {
    _id: { type: String, required: true },
    kind: { type: String, required: true },
    lane: { type: String, required: true },
    payload: { type: String },
    receivedAt: { type: Number, required: true },
    state: { type: String, enum: ['pending', 'done', 'refused'], required: true },
    seq: { type: Number, required: true },
    attempts: { type: Number, required: true },
    lastError: String,
  },
  { collection: 'inbox', versionKey: false, strict: 'throw', id: false },
);
schema.index({ state: 1, seq: 1 });

export function inboxModel(connection: Connection): Model<InboundDocument> {
  return modelOf(connection, 'Inbound', schema);
}

export function createInbox(connection: Connection): Inbox {
  const inbox = inboxModel(connection);
  let lastSeq = 0;

  function documentOf({ key, payload, ...item }: Inbound): InboundDocument {
    lastSeq = Math.max(lastSeq + 1, item.receivedAt * 1000);
    return {
      _id: key,
      ...item,
      payload: JSON.stringify(payload),
      state: 'pending',
      seq: lastSeq,
      attempts: 0,
    };
  }

  const itemOf = ({ _id, kind, lane, payload, receivedAt }: InboundDocument): Inbound => ({
    key: _id,
    kind,
    lane,
    payload: JSON.parse(payload) as Inbound['payload'],
    receivedAt,
  });

  async function end(
    key: string,
    change: { readonly state: 'done' | 'refused'; readonly lastError?: string },
  ): Promise<void> {
    const { matchedCount } = await inbox.updateOne({ _id: key }, { $set: change });
    if (matchedCount === 0) throw unknown(key);
  }

  const store: Inbox = {
    put: (items) => insertNew(inbox, items.map(documentOf)),

    async pending(limit) {
      const found = await inbox
        .find({ state: 'pending' })
        .sort({ seq: 1 })
        .limit(limit)
        .lean<InboundDocument[]>();
      return found.map(itemOf);
    },

    done: (key) => end(key, { state: 'done' }),

    async failed(key, lastError) {
      const counted = await inbox
        .findOneAndUpdate(
          { _id: key },
          { $inc: { attempts: 1 }, $set: { lastError } },
          { returnDocument: 'after' },
        )
        .lean<InboundDocument>();
      if (!counted) throw unknown(key);
      return counted.attempts;
    },

    refuse: (key, lastError) => end(key, { state: 'refused', lastError }),

    depth: () => inbox.countDocuments({ state: 'pending' }).exec(),
  };
  return guarded(store);
}

const unknown = (key: string): CodedError =>
  new CodedError('NOT_FOUND', `the inbox has no item ${key}`);
