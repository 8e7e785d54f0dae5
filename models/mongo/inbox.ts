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

interface InboxState {
  readonly inbox: Model<InboundDocument>;
  /** The `seq` of the item that came last. */
  lastSeq: number;
}

export function createInbox(connection: Connection): Inbox {
  const inbox = inboxModel(connection);
  const state: InboxState = { inbox, lastSeq: 0 };

  return guarded<Inbox>({
    put: (items) => putItems(state, items),
    pending: (limit) => pendingItems(state, limit),

    done: (key) => endItem(state, key, { state: 'done' }),
    failed: (key, lastError) => countFailure(state, key, lastError),
    refuse: (key, lastError) => endItem(state, key, { state: 'refused', lastError }),

    depth: () => inbox.countDocuments({ state: 'pending' }).exec(),
  });
}

async function putItems(state: InboxState, items: readonly Inbound[]): Promise<boolean[]> {
  const documents = items.map((item) => documentFromItem(item, nextSeq(state, item)));
  return await insertNew(state.inbox, documents);
}

function nextSeq(state: InboxState, { receivedAt }: Inbound): number {
  state.lastSeq = Math.max(state.lastSeq + 1, receivedAt * 1000);
  return state.lastSeq;
}

async function pendingItems({ inbox }: InboxState, limit: number): Promise<Inbound[]> {
  const found = await inbox
    .find({ state: 'pending' })
    .sort({ seq: 1 })
    .limit(limit)
    .lean<InboundDocument[]>();
  return found.map(itemFromDocument);
}

/** Answers how many there were. */
async function countFailure(
  { inbox }: InboxState,
  key: string,
  lastError: string,
): Promise<number> {
  const counted = await inbox
    .findOneAndUpdate(
      { _id: key },
      { $inc: { attempts: 1 }, $set: { lastError } },
      { returnDocument: 'after' },
    )
    .lean<InboundDocument>();
  if (!counted) throw unknownItem(key);

  return counted.attempts;
}

async function endItem(
  { inbox }: InboxState,
  key: string,
  change: { readonly state: 'done' | 'refused'; readonly lastError?: string },
): Promise<void> {
  const { matchedCount } = await inbox.updateOne({ _id: key }, { $set: change });
  if (matchedCount === 0) throw unknownItem(key);
}

const unknownItem = (key: string): CodedError =>
  new CodedError('NOT_FOUND', `the inbox has no item ${key}`);

const documentFromItem = ({ key, payload, ...item }: Inbound, seq: number): InboundDocument => ({
  _id: key,
  ...item,
  payload: JSON.stringify(payload),
  state: 'pending',
  seq,
  attempts: 0,
});

const itemFromDocument = ({ _id, kind, lane, payload, receivedAt }: InboundDocument): Inbound => ({
  key: _id,
  kind,
  lane,
  payload: JSON.parse(payload) as Inbound['payload'],
  receivedAt,
});
