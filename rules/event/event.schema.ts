// The events that operators' systems report of a customer.

import { z } from 'zod';
import { foreignId, id, utc } from '../input/input.schema';
import { type ReadonlyDeep, strict } from '../input/shape.schema';
import { EVENT_DATA, type EventType } from './eventTypes.schema';

interface EventOf<Type extends EventType> {
  readonly eventId: string;
  readonly type: Type;
  readonly contactId: string;
  /** UTC. */
  readonly occurredAt: string;
  readonly data: ReadonlyDeep<z.infer<(typeof EVENT_DATA)[Type]>>;
}

export type CustomerEvent = { [Type in EventType]: EventOf<Type> }[EventType];

function event<Type extends string, Data extends z.ZodType>(type: Type, data: Data) {
  return strict({
    eventId: foreignId,
    type: z.literal(type),
    contactId: id,
    occurredAt: utc,
    data,
  });
}

const { usage, ...others } = EVENT_DATA;

// Made of the table, of which the type above is made, too.
export const customerEvent = z.discriminatedUnion('type', [
  event('usage', usage),
  ...Object.entries(others).map(([type, data]) => event(type, data)),
]) as z.ZodType<unknown> as z.ZodType<CustomerEvent>;
