// Phone numbers as they come in from outside.

import { z } from 'zod';
import { parseWith } from '../input/parse';
import { strict } from '../input/shape.schema';
import { normalisePhone, type PhoneRead, type PhoneRefusal } from './phone';

const MAX_LENGTH = 64;

const phoneCase = strict({ name: z.unknown().optional(), phone: z.string() });

/** The number of a case, or why it is none. @throws CodedError INVALID_INPUT naming the place, the value and what is allowed */
export function answerPhone(value: unknown): PhoneRead {
  return normalisePhone(parseWith(phoneCase, value, '').phone);
}

/** A number in whatever way it is written; it goes on in its one form. */
export const phone = z
  .string()
  .max(MAX_LENGTH)
  .transform((text, context) => {
    const read = normalisePhone(text);
    if ('phone' in read) return read.phone;

    context.addIssue({ code: 'custom', message: allowedFor(read.refused, text.trim()) });
    return z.NEVER;
  });

function allowedFor(refused: PhoneRefusal, text: string): string {
  switch (refused) {
    case 'scientific':
      return `one phone number with all its digits; this one is shown by a spreadsheet as ${text}: format the column as text`;
    case 'several':
      return 'one phone number, not several in one field';
    case 'ambiguous':
      return 'a mobile number with 86 or without any country; this one has the + and lacks the 86, or is of North America';
    case 'not-a-number':
      return 'a mobile number, a landline with its area code, or a number of another country with + and its code';
  }
}
