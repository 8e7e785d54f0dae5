// The operator's CRM as a desk for orders. It makes one order per Idempotency-Key, so placing may always be repeated.

import { z } from 'zod';
import type { OrderDesk } from '../../ports/orders';
import { createSystem, doneOf, foundOf, type SystemOptions } from '../system';

const order = z.object({
  orderId: z.string().min(1),
  state: z.enum(['accepted', 'completed', 'rejected']),
  reason: z.string().exactOptional(),
});

const fen = z.number().int().exactOptional();

const facts = z.object({
  plan: z.object({ id: z.string().min(1), fee: z.number() }).exactOptional(),
  balanceFen: fen,
  billDueFen: fen,
  dataUsedPct: z.number().exactOptional(),
  monthlySpendFen: fen,
  overDataMonths: z.number().int().exactOptional(),
});

export function createOrderDesk(options: SystemOptions): OrderDesk {
  const call = createSystem('crm', options);
  return {
    async place({ orderKey, contactId, product, staffId }) {
      const body = { contactId, product, ...(staffId !== undefined && { staffId }) };
      const headers = { 'idempotency-key': orderKey };
      const outcome = await call({ method: 'POST', path: '/orders', headers, body }, order);
      if (outcome.kind === 'refused' && outcome.refusal.status === 422)
        // The CRM made no order, so our own key stands for it: journeys hear of a rejection like any other.
        return { orderId: orderKey, state: 'rejected', reason: outcome.refusal.code };
      return doneOf(outcome);
    },

    async find(orderKey) {
      return foundOf(
        await call({ method: 'GET', path: `/orders/${encodeURIComponent(orderKey)}` }, order),
      );
    },

    async facts(contactId) {
      return foundOf(
        await call({ method: 'GET', path: `/customers/${encodeURIComponent(contactId)}` }, facts),
      );
    },
  };
}
