// Deliveries over MongoDB: one document a touch, holding its latest attempt.

import { type Connection, type Model, Schema } from 'mongoose';
import type { DeliveryRecord, DeliveryStore } from '../ports/deliveries';
import { CodedError } from '../rules/errors';
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

const recordOf = ({ _id, ...record }: DeliveryDocument): DeliveryRecord => ({ touchId: _id, ...record });

export function createDeliveryStore(connection: Connection): DeliveryStore {
  const deliveries = deliveryModel(connection);

  const store: DeliveryStore = {
    async open(record) {
      const { touchId, ...rest } = record;
      for (let race = 0; race < MAX_RACES; race++) {
        const [isNew] = await insertNew(deliveries, [{ _id: touchId, ...rest }]);
        if (isNew) return { opened: true, record };
        const known = await store.find(touchId);
        if (!known) continue;
        if (known.attempt >= record.attempt) return { opened: false, record: known };
        const { matchedCount } = await deliveries.replaceOne({ _id: touchId, attempt: known.attempt }, rest);
        if (matchedCount === 1) return { opened: true, record };
      }
      throw new CodedError('CONFLICT', `delivery of ${touchId}: lost ${MAX_RACES} races in a row`);
    },

    async answer(touchId, attempt, answer) {
      const { matchedCount } = await deliveries.updateOne({ _id: touchId, attempt }, { $set: { answer } });
      if (matchedCount === 0)
        throw new CodedError('CONFLICT', `attempt ${attempt} of touch ${touchId} is not the one being delivered`);
    },

    async find(touchId) {
      const found = await deliveries.findOne({ _id: touchId }).lean<DeliveryDocument>();
      return found && recordOf(found);
    },
  };
  return guarded(store);
}
