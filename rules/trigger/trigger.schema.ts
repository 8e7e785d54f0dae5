// The shape of a trigger as people write it: strict, so that a misspelt field is never lost silently.

import { z } from 'zod';
import { channelName } from '../contact/contact.schema';
import { strict, text, wallTime } from '../input/shape.schema';
import { condition } from './condition.schema';
import type { Trigger } from './trigger';

/** Their nulls are values, not absent fields. */
export const CONDITIONS_OF_TRIGGERS = ['when'];

/** What holds of every trigger, whoever wrote it. */
const shape = {
  id: text,
  version: z.int(),
  city: text,
  name: z.string().optional(),
  enabled: z.boolean(),
  event: text,
  when: condition,
  journey: text,
  expiresAfterMinutes: z.number().min(0),
  cooldownHours: z.number().min(0).optional(),
  maxPerContact: strict({
    count: z.int().min(0),
    per: z.enum(['day', 'week', 'month', 'billCycle']),
  }).optional(),
  dailyBudget: z.int().min(0).optional(),
  priority: z.number().optional(),
  activeFrom: wallTime.optional(),
  activeTo: wallTime.optional(),
};

const offer = {
  template: text,
  channel: channelName,
  fallback: z.array(channelName).optional(),
  sizeToNeed: z.boolean().optional(),
};

/** A trigger of a case: of any ids. */
export const anyTrigger = strict({
  ...shape,
  offer: strict({ ...offer, product: text.optional() }),
}) satisfies z.ZodType<Trigger>;

export type TriggerBody = Omit<Trigger, 'id' | 'version' | 'enabled'>;
