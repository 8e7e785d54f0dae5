// What the IOP reports by itself: how a call ended.

import { z } from 'zod';
import type { CallResult } from '../../ports/callbacks';
import { foreignId, id, joinedId, reference } from '../../rules/input/input.schema';
import { saidOutcome } from '../../rules/journey/lead';
import { readInput } from '../json';
import { outcomeWord } from './outcome';

const schema = z.object({
  id: foreignId,
  type: z.literal('call'),
  clientCallId: joinedId,
  callId: reference,
  contactId: id,
  outcome: outcomeWord,
  dialled: z.boolean(),
  at: z.iso.datetime({ offset: true }),
});

/** @throws CodedError INVALID_INPUT with every place that is wrong. */
export function parseIopCallback(json: unknown): CallResult {
  const { outcome, ...result } = readInput(schema, 'IOP call-back', json);
  return { system: 'iop', ...result, ...saidOutcome(outcome) };
}
