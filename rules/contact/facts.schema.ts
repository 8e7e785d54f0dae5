// Events of a customer, as the command line is asked what follows from them.

import { z } from 'zod';
import { parseWith } from '../input/parse';
import { instant, strict, text } from '../input/shape.schema';
import { factsOf, type KnownFact } from './facts';

const event = strict({
  eventId: text,
  type: text,
  occurredAt: instant,
  receivedAt: instant,
  data: z.record(z.string(), z.unknown()).default({}),
});

const eventsCase = strict({
  name: z.unknown().optional(),
  events: z.array(event),
}).superRefine(({ events }, context) => {
  const seen = new Set<string>();
  events.forEach(({ eventId }, i) => {
    if (seen.has(eventId))
      context.addIssue({
        code: 'custom',
        path: ['events', i, 'eventId'],
        message: 'each id once',
      });
    seen.add(eventId);
  });
});

/** What follows from the events of a case. @throws CodedError INVALID_INPUT naming the place, the value and what is allowed */
export function answerEvents(value: unknown): {
  readonly facts: Readonly<Record<string, KnownFact>>;
  readonly refused: readonly string[];
} {
  return factsOf(parseWith(eventsCase, value, '').events);
}
