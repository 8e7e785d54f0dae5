// The shape of a trigger as people write it: strict, so that a misspelt field is never lost silently.

import { z } from 'zod';
import { channelName } from '../contact/contact.schema';
import { id, label } from '../input/input.schema';
import { parseWith } from '../input/parse';
import { strict, text, wallTime } from '../input/shape.schema';
import { condition } from './condition.schema';
import { EVERY_CITY, type Trigger } from './trigger';

const MINUTES_OF_A_MONTH = 31 * 24 * 60;
const HOURS_OF_A_YEAR = 366 * 24;
const MOST_FIRINGS = 10_000_000;

const CITY = 'the id of a city, or * for all';

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
};

/** A trigger of a case: of any ids, and with an offer that nobody makes. */
export const anyTrigger = strict({
  ...shape,
  offer: strict({ ...offer, product: text.optional() }),
}) satisfies z.ZodType<Omit<Trigger, 'offer'>>;

/** What a person writes and a library keeps; its id and version stand beside it, and enabling is an act of its own. */
export const triggerBody = strict({
  city: z.string().refine((city) => city === EVERY_CITY || id.safeParse(city).success, CITY),
  name: label.optional(),
  event: id,
  when: condition,
  offer: strict({ ...offer, template: id, product: id }),
  journey: id,
  expiresAfterMinutes: z.number().min(1).max(MINUTES_OF_A_MONTH),
  cooldownHours: z.number().positive().max(HOURS_OF_A_YEAR).optional(),
  maxPerContact: strict({
    count: z.int().min(1).max(1000),
    per: z.enum(['day', 'week', 'month', 'billCycle']),
  }).optional(),
  dailyBudget: z.int().min(0).max(MOST_FIRINGS).optional(),
  priority: z.number().min(-1000).max(1000).optional(),
  activeFrom: wallTime.optional(),
  activeTo: wallTime.optional(),
}).superRefine(({ offer: { channel, fallback = [] } }, context) => {
  fallback.forEach((name, i) => {
    if (name === channel || fallback.indexOf(name) !== i)
      context.addIssue({
        code: 'custom',
        path: ['offer', 'fallback', i],
        message: 'a channel that is not tried before',
      });
  });
});

export type TriggerBody = Omit<Trigger, 'id' | 'version' | 'enabled'>;

/** @param path where it stands, for messages. @throws CodedError naming what is wrong, its place and what is allowed */
export const readTrigger = (body: unknown, path: string): TriggerBody =>
  parseWith<TriggerBody>(triggerBody, body, path, CONDITIONS_OF_TRIGGERS);
