// A message and its receipts, as the command line is asked about them.

import { z } from 'zod';
import { parseWith } from '../input/parse';
import { instant, strict } from '../input/shape.schema';
import { type DeliveryKnown, deliveryOf } from './receipts';

const receipt = strict({
  part: z.int().min(1).default(1),
  state: z.enum(['delivered', 'failed']),
  at: instant,
});

const receiptsCase = strict({
  name: z.unknown().optional(),
  receipts: z.array(receipt),
  parts: z.int().min(1).default(1),
}).superRefine(({ receipts, parts }, context) => {
  receipts.forEach(({ part }, i) => {
    if (part > parts)
      context.addIssue({
        code: 'custom',
        path: ['receipts', i, 'part'],
        message: `a part from 1 to ${parts}`,
      });
  });
});

/** What became of the message of a case. @throws CodedError INVALID_INPUT naming the place, the value and what is allowed */
export function answerReceipts(value: unknown): DeliveryKnown {
  const { receipts, parts } = parseWith(receiptsCase, value, '');
  return deliveryOf(receipts, parts);
}
