// Orders placed at the CRM.

import { id } from '../../rules/input/input.schema';
import { strict } from '../../rules/input/shape.schema';
import * as answers from '../answers';
import { endpoint } from '../exchange';
import { page, pageQuery } from '../paging';
import { scopeOf } from '../scope';

export const listOrders = endpoint({
  summary: ['订单列表', 'Orders, by contact'],
  query: strict({ ...pageQuery, contactId: id.exactOptional() }),
  answer: answers.pageOf(answers.order),
  async handle({ deps, caller, query: { limit, ...filter } }) {
    const orders = await deps.stores.orders.list({ ...filter, ...scopeOf(caller), limit });
    return { body: page(orders, limit, (order) => order.orderKey) };
  },
});
