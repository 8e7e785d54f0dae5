// The operator's CRM as a desk for orders. It makes one order per Idempotency-Key, so placing may always be repeated.

import { z } from 'zod';
import type { OrderDesk } from '../../ports/orders';
import { createSystem, doneOf, type Refusal, type SystemOptions } from '../system';

const order = z.object({
  orderId: z.string().min(1),
  state: z.enum(['accepted', 'completed', 'rejected']),
  reason: z.string().exactOptional(),
});

/** The CRM's own word that this order cannot be; a proxy's is none. */
const isRejection = ({ status, isFinal }: Refusal): boolean => isFinal && status === 422;

export function createOrderDesk(options: SystemOptions): OrderDesk {
  const call = createSystem('crm', options);
  return {
    async place({ orderKey, contactId, product, staffId }) {
      const body = { contactId, product, ...(staffId !== undefined && { staffId }) };
      const headers = { 'idempotency-key': orderKey };
      const outcome = await call({ method: 'POST', path: '/orders', headers, body }, order);
      if (outcome.kind === 'refused' && isRejection(outcome.refusal))
        // The CRM made no order, so our own key stands for it: journeys hear of a rejection like any other.
        return { orderId: orderKey, state: 'rejected', reason: outcome.refusal.code };

      return doneOf(outcome);
    },
  };
}
