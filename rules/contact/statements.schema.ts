// Statements of consent, as the command line is asked about them.

import { z } from 'zod';
import { parseWith } from '../input/parse';
import { instant, strict, text, touchClass } from '../input/shape.schema';
import { type ConsentStates, consentsOf } from './statements';

const statement = strict({
  channel: text,
  class: touchClass,
  state: z.enum(['granted', 'refused']),
  at: instant.exactOptional(),
  receivedAt: instant,
  own: z.boolean().exactOptional(),
});

const statementsCase = strict({
  name: z.unknown().optional(),
  statements: z.array(statement),
});

/** What follows from the statements of a case. @throws CodedError INVALID_INPUT naming the place, the value and what is allowed */
export function answerStatements(value: unknown): {
  readonly consents: ConsentStates;
  readonly refused: readonly number[];
} {
  return consentsOf(parseWith(statementsCase, value, '').statements);
}
