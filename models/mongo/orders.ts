// Orders over MongoDB, each with the city of its contact, so that city operators see those of their own cities.

import { type Connection, type Model, Schema } from 'mongoose';
import type { Order, OrderState, OrderStore } from '../../ports/orders';
import { type ContactDocument, contactModel } from './contactDocument';
import { guarded, isDuplicate } from './failures';
import { modelOf } from './model';

interface OrderDocument extends Omit<Order, 'orderKey'> {
  readonly _id: string;
  /** Absent: of a contact that sopflow does not know, seen by those who see all cities. */
  readonly city?: string;
}

type OrderFilter = Parameters<OrderStore['list']>[0];

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

interface OrderStoreState {
  readonly orders: Model<OrderDocument>;
  readonly contacts: Model<ContactDocument>;
}

export function createOrderStore(connection: Connection): OrderStore {
  const state: OrderStoreState = {
    orders: orderModel(connection),
    contacts: contactModel(connection),
  };

  return guarded<OrderStore>({
    save: (order) => saveOrder(state, order),
    find: (orderKey) => findOrder(state, orderKey),
    list: (filter) => listOrders(state, filter),
    totals: () => orderTotals(state),
  });
}

async function saveOrder(
  { orders, contacts }: OrderStoreState,
  { orderKey, ...order }: Order,
): Promise<void> {
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
}

async function findOrder({ orders }: OrderStoreState, orderKey: string): Promise<Order | null> {
  const found = await orders.findOne({ _id: orderKey }).lean<OrderDocument>();
  return found && orderFromDocument(found);
}

async function listOrders(
  { orders }: OrderStoreState,
  { contactId, after = '', limit, cities }: OrderFilter,
): Promise<Order[]> {
  const found = await orders
    .find({
      _id: { $gt: after },
      ...(contactId !== undefined && { contactId }),
      ...(cities && { city: { $in: [...cities] } }),
    })
    .sort({ _id: 1 })
    .limit(limit)
    .lean<OrderDocument[]>();
  return found.map(orderFromDocument);
}

async function orderTotals({ orders }: OrderStoreState): Promise<Record<OrderState, number>> {
  const groups = await orders.aggregate<{ _id: OrderState; count: number }>([
    { $group: { _id: '$state', count: { $sum: 1 } } },
  ]);

  const totals: Record<OrderState, number> = { accepted: 0, completed: 0, rejected: 0 };
  for (const { _id, count } of groups) totals[_id] = count;
  return totals;
}

const orderFromDocument = ({ _id, city: _city, ...order }: OrderDocument): Order => ({
  orderKey: _id,
  ...order,
});
