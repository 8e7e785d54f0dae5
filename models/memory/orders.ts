// Orders in memory, each with the city of its contact.

import type { Order, OrderState, OrderStore } from '../../ports/orders';
import { orderAfter } from '../../rules/journey/orderState';
import { isInCities } from './cities';
import type { ContactRows } from './contacts';
import { copy, sorted, take } from './copy';

type OrderFilter = Parameters<OrderStore['list']>[0];

interface OrderRow {
  readonly order: Order;
  readonly city: string | undefined;
}

export function createMemoryOrders(contacts: ContactRows): OrderStore {
  const rows = new Map<string, OrderRow>();

  return {
    async save(order) {
      const known = rows.get(order.orderKey);
      const after = known ? orderAfter(known.order, order) : order;
      rows.set(order.orderKey, { order: copy(after), city: contacts.get(after.contactId)?.city });
    },

    find: async (orderKey) => copy(rows.get(orderKey)?.order) ?? null,

    async list(filter) {
      const { after, limit } = filter;
      const listed = take(sorted(rows, after), limit, (row) => isListed(row, filter));
      return listed.map(({ order }) => order);
    },

    async totals() {
      const totals: Record<OrderState, number> = { accepted: 0, completed: 0, rejected: 0 };
      for (const { order } of rows.values()) totals[order.state] += 1;
      return totals;
    },
  };
}

const isListed = ({ order, city }: OrderRow, { contactId, cities }: OrderFilter): boolean =>
  (contactId === undefined || order.contactId === contactId) && isInCities(city, cities);
