// What the inbox keeps in MongoDB: an item under its key, and one document that orders all arrivals.

import { type Connection, type Model, Schema } from 'mongoose';
import type {
  Inbound,
  InboundRef,
  InboxRow,
  InboxState,
  InboxStep,
  ParkedReason,
} from '../../ports/inbox';
import { modelOf } from './model';

export interface InboundDocument extends Omit<InboundRef, 'key'> {
  readonly _id: string;
  /** JSON, as are `reason` and the steps: what others send may hold names that the database would read as paths. */
  readonly payload: string;
  readonly digest: string;
  readonly state: InboxState;
  /** 0: nobody has claimed it. */
  readonly fence: number;
  readonly attempts: number;
  readonly lastError?: string;
  readonly reason?: string;
  readonly history: readonly string[];
}

export interface MarksDocument {
  readonly _id: string;
  /** Of the item that came last. */
  readonly seq: number;
  readonly foreign?: Readonly<Record<string, number>>;
}

export const INBOX_STATES: readonly InboxState[] = ['pending', 'parked', 'done', 'discarded'];

const inbox = new Schema<InboundDocument>(
  {
    _id: { type: String, required: true },
    kind: { type: String, required: true },
    lane: { type: String, required: true },
    behind: String,
    partition: { type: Number, required: true },
    urgency: { type: String, enum: ['urgent', 'prompt', 'bulk'], required: true },
    payload: { type: String },
    digest: { type: String },
    receivedAt: { type: Number, required: true },
    state: { type: String, enum: INBOX_STATES, required: true },
    seq: { type: Number, required: true },
    fence: { type: Number, required: true },
    attempts: { type: Number, required: true },
    lastError: String,
    reason: String,
    history: { type: [String], required: true },
  },
  { collection: 'inbox', versionKey: false, strict: 'throw', id: false },
);
// What waits in a partition, in order; and what people page through.
inbox.index({ state: 1, partition: 1, seq: 1 });
inbox.index({ state: 1, _id: 1 });
// What is old enough to go.
inbox.index({ state: 1, receivedAt: 1 });
// Whether something older waits in a lane.
inbox.index({ state: 1, lane: 1, seq: 1 });

const marks = new Schema<MarksDocument>(
  {
    _id: { type: String, required: true },
    seq: { type: Number, required: true },
    foreign: { type: Object },
  },
  { collection: 'inboxMarks', versionKey: false, strict: 'throw' },
);

export interface InboxModels {
  readonly inbox: Model<InboundDocument>;
  readonly marks: Model<MarksDocument>;
}

export function inboxModels(connection: Connection): InboxModels {
  return {
    inbox: modelOf(connection, 'Inbound', inbox),
    marks: modelOf(connection, 'InboxMarks', marks),
  };
}

type RefFields = Omit<InboundDocument, 'payload' | 'digest' | 'history'>;

export function refFromDocument(document: RefFields): InboundRef {
  const { partition, seq } = document;
  return { ...fieldsOf(document), partition, seq };
}

export const itemFromDocument = (document: InboundDocument): Inbound => ({
  ...fieldsOf(document),
  payload: JSON.parse(document.payload) as Inbound['payload'],
});

const fieldsOf = ({ _id, kind, lane, behind, urgency, receivedAt }: RefFields) => ({
  key: _id,
  kind,
  lane,
  ...(behind !== undefined && { behind }),
  urgency,
  receivedAt,
});

export function inboxRowOf(document: InboundDocument): InboxRow {
  const { state, attempts, lastError, reason, history } = document;
  return {
    ...itemFromDocument(document),
    state,
    attempts,
    ...(lastError !== undefined && { lastError }),
    ...(reason !== undefined && { reason: JSON.parse(reason) as ParkedReason }),
    history: history.map((step) => JSON.parse(step) as InboxStep),
  };
}
