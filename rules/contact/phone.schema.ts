// A phone number, as the command line is asked about it.

import { z } from 'zod';
import { parseWith } from '../input/parse';
import { strict } from '../input/shape.schema';
import { normalisePhone, type PhoneRead } from './phone';

const phoneCase = strict({ name: z.unknown().optional(), phone: z.string() });

/** The number of a case, or why it is none. @throws CodedError INVALID_INPUT naming the place, the value and what is allowed */
export function answerPhone(value: unknown): PhoneRead {
  return normalisePhone(parseWith(phoneCase, value, '').phone);
}
