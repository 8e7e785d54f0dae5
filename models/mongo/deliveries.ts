// Deliveries over MongoDB: one document a touch, holding its latest attempt.

import { type Connection, type Model, Schema } from 'mongoose';
import type { DeliveryRecord, DeliveryStore, Opened } from '../../ports/deliveries';
import { CodedError } from '../../rules/base/errors';
import { guarded } from './failures';
import { insertNew } from './inserts';
import { modelOf } from './model';

interface DeliveryDocument extends Omit<DeliveryRecord, 'touchId'> {
  readonly _id: string;
}

const MAX_RACES = 50;

const schema = new Schema<DeliveryDocument>(
  {
    _id: { type: String, required: true },
    contactId: { type: String, required: true },
    text: { type: String },
    phone: String,
    externalUserId: String,
    staffId: String,
    welcomeCode: String,
    askedAt: { type: Number, required: true },
    expiresAt: Number,
    attempt: { type: Number, required: true },
    channel: { type: String, required: true },
    workflowId: { type: String, required: true },
    answer: Schema.Types.Mixed,
  },
  { collection: 'deliveries', versionKey: false, strict: 'throw', id: false },
);

export function deliveryModel(connection: Connection): Model<DeliveryDocument> {
  return modelOf(connection, 'Delivery', schema);
}

const recordOf = ({ _id, ...record }: DeliveryDocument): DeliveryRecord => ({
  touchId: _id,
  ...record,
});

export function createDeliveryStore(connection: Connection): DeliveryStore {
  const deliveries = deliveryModel(connection);

  /** Opens an attempt whose touch has a record already. */
  async function reopen(record: DeliveryRecord): Promise<Opened> {
    const { touchId, ...rest } = record;
    for (let race = 0; race < MAX_RACES; race++) {
      const known = await store.find(touchId);
      if (known && known.attempt >= record.attempt) return { opened: false, record: known };
      if (known) {
        const { matchedCount } = await deliveries.replaceOne(
          { _id: touchId, attempt: known.attempt },
          rest,
        );
        if (matchedCount === 1) return { opened: true, record };
      } else {
        const [isNew] = await insertNew(deliveries, [{ _id: touchId, ...rest }]);
        if (isNew) return { opened: true, record };
      }
    }
    throw new CodedError('CONFLICT', `delivery of ${touchId}: lost ${MAX_RACES} races in a row`);
  }

  const store: DeliveryStore = {
    open: async (record) => (await store.openMany([record]))[0] ?? { opened: false, record },

    async openMany(records) {
      const documents = records.map(({ touchId, ...rest }) => ({ _id: touchId, ...rest }));
      const isNew = await insertNew(deliveries, documents);
      return await Promise.all(
        records.map((record, i) => (isNew[i] ? { opened: true, record } : reopen(record))),
      );
    },

    answer: (touchId, attempt, answer) => store.answerMany([{ touchId, attempt, answer }]),

    async answerMany(answers) {
      if (answers.length === 0) return;
      // The driver's own call: the channel's answer is kept as it is.
      const { matchedCount } = await deliveries.collection.bulkWrite(
        answers.map(({ touchId, attempt, answer }) => ({
          updateOne: { filter: { _id: touchId, attempt } as object, update: { $set: { answer } } },
        })),
        { ordered: false },
      );
      if (matchedCount === answers.length) return;
      const known = await store.findMany(answers.map(({ touchId }) => touchId));
      const attempts = new Map(known.map(({ touchId, attempt }) => [touchId, attempt]));
      const other = answers.find(({ touchId, attempt }) => attempts.get(touchId) !== attempt);
      if (other)
        throw new CodedError(
          'CONFLICT',
          `attempt ${other.attempt} of touch ${other.touchId} is not the one being delivered`,
        );
    },

    async find(touchId) {
      const found = await deliveries.findOne({ _id: touchId }).lean<DeliveryDocument>();
      return found && recordOf(found);
    },

    async findMany(touchIds) {
      const found = await deliveries
        .find({ _id: { $in: [...touchIds] } })
        .lean<DeliveryDocument[]>();
      return found.map(recordOf);
    },
  };
  return guarded(store);
}
