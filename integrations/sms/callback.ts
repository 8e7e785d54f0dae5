// What the SMS gateway reports by itself: receipts, and what customers answered.

import { z } from 'zod';
import type { SmsReceipt, SmsUpstream } from '../../ports/callbacks';
import { phone } from '../../rules/contact/phone.schema';
import { foreignId, joinedId, reference } from '../../rules/input/input.schema';
import { readInput } from '../json';

const fact = { id: foreignId, at: z.iso.datetime({ offset: true }) };

const receipt = z.object({
  ...fact,
  type: z.literal('receipt'),
  clientMessageId: joinedId,
  messageId: reference,
  /** Absent: of a message of one part. */
  part: z.int().min(1).max(255).exactOptional(),
  status: z.enum(['delivered', 'failed']),
  code: reference.exactOptional(),
});

const upstream = z.object({
  ...fact,
  type: z.literal('upstream'),
  phone,
  text: z.string().max(2000),
});

const schema = z.discriminatedUnion('type', [receipt, upstream]);

/** @throws CodedError INVALID_INPUT with every place that is wrong. */
export function parseSmsCallback(json: unknown): SmsReceipt | SmsUpstream {
  return { system: 'sms', ...readInput(schema, 'SMS call-back', json) };
}
