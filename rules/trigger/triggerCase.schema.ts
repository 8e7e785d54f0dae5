// One whole case of testing triggers, as the vectors and the command line give it.

import { z } from 'zod';
import { parseWith } from '../input/parse';
import { instant, strict, text, zone } from '../input/shape.schema';
import type { OpportunityEvent, Trigger, TriggerContact } from './trigger';
import { anyTrigger, CONDITIONS_OF_TRIGGERS } from './trigger.schema';

/** Its other fields are for conditions, with their nulls. */
const contact = z.looseObject({
  contactId: text,
  city: text,
  timezone: zone.nullish(),
  billDay: z.int().min(1).max(31).nullish(),
});

const event = strict({
  eventId: text,
  type: text,
  contactId: text,
  occurredAt: instant,
  receivedAt: instant,
  data: z.record(z.string(), z.unknown()).default({}),
});

const triggerCase = strict({
  timezone: zone,
  contacts: z.array(contact),
  triggers: z.array(anyTrigger),
  events: z.array(event),
  name: z.unknown().optional(),
  expect: z.unknown().optional(),
}).superRefine(({ triggers, contacts }, context) => {
  refuseTwice(
    triggers.map(({ id }) => id),
    ['triggers', 'id'],
    context,
  );
  refuseTwice(
    contacts.map(({ contactId }) => contactId),
    ['contacts', 'contactId'],
    context,
  );
});

function refuseTwice(
  ids: readonly string[],
  [list, field]: readonly [string, string],
  context: z.RefinementCtx,
): void {
  ids.forEach((each, i) => {
    if (ids.indexOf(each) !== i)
      context.addIssue({
        code: 'custom',
        path: [list, i, field],
        message: 'an id that no other one has',
      });
  });
}

export interface TriggerCase {
  readonly timezone: string;
  readonly contacts: readonly TriggerContact[];
  readonly triggers: readonly Trigger[];
  /** In the order in which they are taken. */
  readonly events: readonly OpportunityEvent[];
}

/** Reads one case of `sopflow triggers`; a malformed one is an error naming the place, the value and what is allowed. */
export function parseTriggerCase(value: unknown): TriggerCase {
  const verbatim = [...CONDITIONS_OF_TRIGGERS, 'contacts', 'data'];
  return withoutNullsOfContacts(parseWith(triggerCase, value, '', verbatim));
}

/** Only the fields that are read by name: conditions see the nulls of the others. */
function withoutNullsOfContacts(given: z.infer<typeof triggerCase>): TriggerCase {
  const contacts = given.contacts.map(({ timezone, billDay, ...others }) => ({
    ...others,
    ...(typeof timezone === 'string' && { timezone }),
    ...(typeof billDay === 'number' && { billDay }),
  }));
  return { ...given, contacts } as TriggerCase;
}
