// The operator's CRM as a desk for orders. It makes one order per Idempotency-Key, so placing may always be repeated.

import { z } from 'zod';
import type { OrderDesk } from '../../ports/orders';
import { createSystem, doneOf, type Refusal, type SystemOptions } from '../system';

const order = z.object({
  orderId: z.string().min(1),
  state: z.enum(['accepted', 'completed', 'rejected']),
  reason: z.string().exactOptional(),
});

/** The CRM's own words that this customer cannot have this product. */
const FINAL: ReadonlySet<string> = new Set([
  'PRODUCT_UNKNOWN',
  'CONTACT_MISSING',
  'CONTACT_UNKNOWN',
  'NOT_ELIGIBLE',
  'ALREADY_ORDERED',
]);

/** A proxy's word is none, and neither is one that nobody has told us of. */
const isRejection = ({ status, isFinal }: Refusal): boolean => isFinal && status === 422;

export function createOrderDesk(options: SystemOptions): OrderDesk {
  const call = createSystem('crm', options);
  return {
    async place({ orderKey, contactId, product, staffId }) {
      const body = { contactId, product, ...(staffId !== undefined && { staffId }) };
      const headers = { 'idempotency-key': orderKey };
      const outcome = await call(
        { method: 'POST', path: '/orders', headers, body, final: FINAL },
        order,
      );
      if (outcome.kind === 'refused' && isRejection(outcome.refusal))
        // The CRM made no order, so our own key stands for it: journeys hear of a rejection like any other.
        return { orderId: orderKey, state: 'rejected', reason: outcome.refusal.code };

      return doneOf(outcome);
    },
  };
}
