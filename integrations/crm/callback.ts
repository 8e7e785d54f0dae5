// What the CRM reports by itself: how an order it had accepted ended.

import { z } from 'zod';
import type { OrderChange } from '../../ports/callbacks';
import { foreignId, id, joinedId, reference } from '../../rules/input/input.schema';
import { readInput } from '../json';

const schema = z.object({
  id: foreignId,
  type: z.literal('order'),
  orderKey: joinedId,
  orderId: reference,
  contactId: id,
  product: id,
  state: z.enum(['completed', 'rejected']),
  reason: z.string().max(200).exactOptional(),
  at: z.iso.datetime({ offset: true }),
});

/** @throws CodedError INVALID_INPUT with every place that is wrong. */
export function parseCrmCallback(json: unknown): OrderChange {
  return { system: 'crm', ...readInput(schema, 'CRM call-back', json) };
}
