// Building blocks of the input schemas. Wherever a message is given here, it says what is allowed (see parse.ts).

import { z } from 'zod';
import { parseDate } from '../time/civil';
import { INSTANT_FORM, parseInstant } from '../time/instant';
import { isZone } from '../time/zone';

/** An object in which every other key is an error. */
export function strict<Shape extends z.ZodRawShape>(
  shape: Shape,
): z.ZodObject<Shape, z.core.$strict> {
  const keys = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? keys : undefined),
  });
}

export const text = z.string().min(1);

export const instant = z
  .string()
  .refine((value) => !Number.isNaN(parseInstant(value)), INSTANT_FORM);

export const date = z
  .string()
  .refine((value) => !Number.isNaN(parseDate(value)), 'a date YYYY-MM-DD that exists');

export const wallTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a wall time HH:mm from 00:00 to 23:59');

/** A window of the local clock; one that ends before it begins goes over midnight. */
export const wallWindow = strict({ from: wallTime, to: wallTime });

/** Exceptions by date (`YYYY-MM-DD`); otherwise Monday to Friday are work days. */
export const holidayDays = z.record(date, z.enum(['rest', 'work']));

export const zone = z.string().refine(isZone, 'an IANA time zone such as Asia/Shanghai');

export const touchClass = z.enum(['transactional', 'service', 'marketing', 'reply']);

/** What a schema gives is not changed by those who read it. */
export type ReadonlyDeep<T> = T extends object
  ? { readonly [Key in keyof T]: ReadonlyDeep<T[Key]> }
  : T;

export type WallWindow = ReadonlyDeep<z.infer<typeof wallWindow>>;
