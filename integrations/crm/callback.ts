// What the CRM reports by itself: how an order it had accepted ended.

import { z } from 'zod';
import type { OrderChange } from '../../ports/callbacks';
import { readInput } from '../json';

const schema = z.object({
  id: z.string().min(1),
  type: z.literal('order'),
  orderKey: z.string().min(1),
  orderId: z.string().min(1),
  contactId: z.string().min(1),
  product: z.string().min(1),
  state: z.enum(['completed', 'rejected']),
  reason: z.string().exactOptional(),
  at: z.iso.datetime({ offset: true }),
});

/** @throws CodedError INVALID_INPUT with every place that is wrong. */
export function parseCrmCallback(json: unknown): OrderChange {
  return { system: 'crm', ...readInput(schema, 'CRM call-back', json) };
}
