// What the SMS gateway reports by itself: receipts, and what customers answered.

import { z } from 'zod';
import type { SmsReceipt, SmsUpstream } from '../../ports/callbacks';
import { readInput } from '../json';

const fact = { id: z.string().min(1), at: z.iso.datetime({ offset: true }) };

const receipt = z.object({
  ...fact,
  type: z.literal('receipt'),
  clientMessageId: z.string().min(1),
  messageId: z.string().min(1),
  /** Absent: of a message of one part. */
  part: z.int().min(1).max(255).exactOptional(),
  status: z.enum(['delivered', 'failed']),
  code: z.string().min(1).exactOptional(),
});

const upstream = z.object({
  ...fact,
  type: z.literal('upstream'),
  /** Gateways disagree about the country code; contacts are known by the eleven digits. */
  phone: z
    .string()
    .regex(/^\+?\d{5,15}$/, 'expected 5 to 15 digits')
    .transform((phone) => phone.replace(/^\+?86(?=\d{11}$)|^\+/, '')),
  text: z.string(),
});

const schema = z.discriminatedUnion('type', [receipt, upstream]);

/** @throws CodedError INVALID_INPUT with every place that is wrong. */
export function parseSmsCallback(json: unknown): SmsReceipt | SmsUpstream {
  return { system: 'sms', ...readInput(schema, 'SMS call-back', json) };
}
