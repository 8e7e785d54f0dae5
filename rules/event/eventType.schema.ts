// A type of event that an admin registers beside those that sopflow knows of itself.

import { z } from 'zod';
import { foreignId, id, label, utc } from '../input/input.schema';
import { strict } from '../input/shape.schema';
import { type DataSchema, dataSchema } from './dataSchema.schema';
import { EVENT_DATA } from './eventTypes.schema';

export const EVENT_TYPES: readonly string[] = Object.keys(EVENT_DATA);

const NAME = /^[a-z][a-z0-9-]{0,39}$/;
const NAME_FORM = '1 to 40 small letters, digits or dashes, beginning with a letter';

export const ownTypeName = z
  .string()
  .regex(NAME, NAME_FORM)
  .refine(
    (name) => !EVENT_TYPES.includes(name),
    `a name that no built-in type has (${EVENT_TYPES.join(', ')})`,
  );

/** A version of such a type. */
export interface OwnEventType {
  /** What people call it. */
  readonly name?: string;
  readonly schema: DataSchema;
}

export const ownEventType = strict({ name: label.exactOptional(), schema: dataSchema });

/** An event of such a type, with the version of the type that took it. */
export interface OwnEvent {
  readonly eventId: string;
  readonly type: string;
  readonly contactId: string;
  /** UTC. */
  readonly occurredAt: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly typeVersion: number;
}

/** What every event has beside its data. */
export const eventFrame = {
  eventId: foreignId,
  type: z.string().regex(NAME, NAME_FORM),
  contactId: id,
  occurredAt: utc,
};

/** As it was taken: its data was read by that version. */
export const takenOwnEvent = strict({
  ...eventFrame,
  data: z.record(z.string(), z.unknown()),
  typeVersion: z.int().min(1),
});
