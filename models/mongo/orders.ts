// Orders over MongoDB, each with the city of its contact, so that city operators see those of their own cities.

import { isDeepStrictEqual } from 'node:util';
import { type Connection, type Model, Schema } from 'mongoose';
import type { Order, OrderState, OrderStore } from '../../ports/orders';
import { CodedError } from '../../rules/base/errors';
import { orderAfter } from '../../rules/journey/orderState';
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

/** Races lost before giving up. */
const MAX_RACES = 50;

async function saveOrder(state: OrderStoreState, order: Order): Promise<void> {
  for (let race = 0; race < MAX_RACES; race++) {
    const known = await findOrder(state, order.orderKey);
    const isSaved = known
      ? await replaceOrder(state, known, orderAfter(known, order))
      : await insertOrder(state, order);
    if (isSaved) return;
  }

  throw new CodedError('CONFLICT', `order ${order.orderKey}: lost ${MAX_RACES} races in a row`);
}

/** False when a rival was faster. */
async function insertOrder(state: OrderStoreState, order: Order): Promise<boolean> {
  try {
    await state.orders.create([{ _id: order.orderKey, ...(await documentOf(state, order)) }]);
    return true;
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    return false;
  }
}

/** False when a rival has changed it meanwhile. */
async function replaceOrder(state: OrderStoreState, known: Order, after: Order): Promise<boolean> {
  if (isDeepStrictEqual(after, known)) return true;

  const { orderKey: _id, state: was, at } = known;
  const document = await documentOf(state, after);
  const { matchedCount } = await state.orders.replaceOne({ _id, state: was, at }, document);
  return matchedCount === 1;
}

async function documentOf(
  { contacts }: OrderStoreState,
  { orderKey: _, ...order }: Order,
): Promise<Omit<OrderDocument, '_id'>> {
  const contact = await contacts
    .findOne({ _id: order.contactId }, { city: 1 })
    .lean<{ city: string }>();
  return { ...order, ...(contact && { city: contact.city }) };
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
