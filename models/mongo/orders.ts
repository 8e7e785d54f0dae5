// Orders over MongoDB, each with the city of its contact, so that city operators see those of their own cities.

import { type Connection, type Model, Schema } from 'mongoose';
import type { Order, OrderState, OrderStore } from '../../ports/orders';
import { contactModel } from './contactDocument';
import { guarded, isDuplicate } from './failures';
import { modelOf } from './model';

interface OrderDocument extends Omit<Order, 'orderKey'> {
  readonly _id: string;
  /** Absent: of a contact that sopflow does not know, seen by those who see all cities. */
  readonly city?: string;
}

const schema = new Schema<OrderDocument>(
  {
    _id: { type: String, required: true },
    contactId: { type: String, required: true },
    product: { type: String, required: true },
    staffId: String,
    orderId: { type: String, required: true },
    state: { type: String, enum: ['accepted', 'completed', 'rejected'], required: true },
    reason: String,
    workflowId: String,
    at: { type: String, required: true },
    city: String,
  },
  { collection: 'orders', versionKey: false, strict: 'throw', id: false },
);
schema.index({ contactId: 1 });
schema.index({ city: 1, _id: 1 });

export function orderModel(connection: Connection): Model<OrderDocument> {
  return modelOf(connection, 'Order', schema);
}

const orderOf = ({ _id, city: _city, ...order }: OrderDocument): Order => ({
  orderKey: _id,
  ...order,
});

export function createOrderStore(connection: Connection): OrderStore {
  const orders = orderModel(connection);
  const contacts = contactModel(connection);

  const store: OrderStore = {
    async save({ orderKey, ...order }) {
      const contact = await contacts
        .findOne({ _id: order.contactId }, { city: 1 })
        .lean<{ city: string }>();
      const document = { ...order, ...(contact && { city: contact.city }) };
      // The CRM's "accepted" may be learnt after its "completed": an end is never undone.
      const filter = {
        _id: orderKey,
        ...(order.state === 'accepted' && { state: 'accepted' as const }),
      };
      try {
        await orders.replaceOne(filter, document, { upsert: true });
      } catch (error) {
        if (!isDuplicate(error)) throw error; // it is there and ended
      }
    },

    async find(orderKey) {
      const found = await orders.findOne({ _id: orderKey }).lean<OrderDocument>();
      return found && orderOf(found);
    },

    async list({ contactId, after = '', limit, cities }) {
      const found = await orders
        .find({
          _id: { $gt: after },
          ...(contactId !== undefined && { contactId }),
          ...(cities && { city: { $in: [...cities] } }),
        })
        .sort({ _id: 1 })
        .limit(limit)
        .lean<OrderDocument[]>();
      return found.map(orderOf);
    },

    async totals() {
      const totals: Record<OrderState, number> = { accepted: 0, completed: 0, rejected: 0 };
      const groups = await orders.aggregate<{ _id: OrderState; count: number }>([
        { $group: { _id: '$state', count: { $sum: 1 } } },
      ]);
      for (const { _id, count } of groups) totals[_id] = count;
      return totals;
    },
  };
  return guarded(store);
}
