// What the IOP reports by itself: how a call ended.

import { z } from 'zod';
import type { CallResult } from '../../ports/callbacks';
import { LEAD_OUTCOMES } from '../../rules/journey/lead';
import { readInput } from '../json';

const schema = z.object({
  id: z.string().min(1),
  type: z.literal('call'),
  clientCallId: z.string().min(1),
  callId: z.string().min(1),
  contactId: z.string().min(1),
  outcome: z.enum(LEAD_OUTCOMES),
  dialled: z.boolean(),
  at: z.iso.datetime({ offset: true }),
});

/** @throws CodedError INVALID_INPUT with every place that is wrong. */
export function parseIopCallback(json: unknown): CallResult {
  return { system: 'iop', ...readInput(schema, 'IOP call-back', json) };
}
