// What the IOP reports by itself: how a call ended.

import { z } from 'zod';
import type { CallResult } from '../../ports/callbacks';
import { saidOutcome } from '../../rules/journey/lead';
import { readInput } from '../json';
import { outcomeWord } from './outcome';

const schema = z.object({
  id: z.string().min(1),
  type: z.literal('call'),
  clientCallId: z.string().min(1),
  callId: z.string().min(1),
  contactId: z.string().min(1),
  outcome: outcomeWord,
  dialled: z.boolean(),
  at: z.iso.datetime({ offset: true }),
});

/** @throws CodedError INVALID_INPUT with every place that is wrong. */
export function parseIopCallback(json: unknown): CallResult {
  const { outcome, ...result } = readInput(schema, 'IOP call-back', json);
  return { system: 'iop', ...result, ...saidOutcome(outcome) };
}
