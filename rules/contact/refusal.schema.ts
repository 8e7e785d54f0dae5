// An answer of a customer, as the command line is asked about it.

import { z } from 'zod';
import { parseWith } from '../input/parse';
import { strict } from '../input/shape.schema';
import { type ReplyMeaning, refusalReader } from './refusal';

const replyCase = strict({
  name: z.unknown().optional(),
  reply: z.string(),
  note: z.string().exactOptional(),
});

/** Whether the answer of a case refuses. @throws CodedError INVALID_INPUT naming the place, the value and what is allowed */
export function answerReply(value: unknown): { readonly refusal: ReplyMeaning } {
  const { reply, ...vocabulary } = parseWith(replyCase, value, '');
  return { refusal: refusalReader(vocabulary)(reply) };
}
