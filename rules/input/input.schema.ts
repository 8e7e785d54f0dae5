// Building blocks of what comes in from outside: ids that may stand inside other ids, instants made comparable as texts.

import { z } from 'zod';
import { formatInstant, parseInstant } from '../time/instant';
import { instant } from './shape.schema';

/** An id that becomes part of others: no separator (`/`, `#`, `!`) and nothing a URL would have to escape. */
export const id = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._@-]{0,79}$/,
    '1 to 80 letters, digits, dots, dashes, underscores or @, not starting with a sign',
  );

/** As `id`, for what another system named. */
export const foreignId = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._@:|-]{0,127}$/,
    '1 to 128 letters, digits, or any of . _ @ : | -',
  );

/** A full id of a run, a touch or an order: business ids joined with `/`. A sign is a byte, so that it fits wherever ids are kept. */
export const joinedId = z
  .string()
  .regex(/^[!-~]{1,512}$/, '1 to 512 ASCII letters, digits or signs, without spaces');

/** What another system calls a thing of its own; it is kept and shown, and never becomes part of an id. */
export const reference = z
  .string()
  .regex(/^[!-~]{1,256}$/, '1 to 256 ASCII letters, digits or signs, without spaces');

/** An instant in UTC with milliseconds, so that texts compare as the instants do. */
export const utc = instant.transform((text) => formatInstant(parseInstant(text)));

/** Why somebody did what stays on record; no blanks around it. */
export const reasonGiven = z.string().trim().min(1).max(200);

/** A label that people read; personal ones never leave the store. */
export const label = z
  .string()
  .min(1)
  .max(120)
  .refine((text) => !text.includes('\uFFFD'), 'a text without signs that could not be decoded');

export const fen = z.int().min(-1_000_000_000).max(1_000_000_000);
export const percent = z.number().min(0).max(100_000);
