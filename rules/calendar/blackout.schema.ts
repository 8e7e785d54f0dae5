// The shape of a table of blackouts as people publish it.

import { z } from 'zod';
import { label, reasonGiven } from '../input/input.schema';
import { date, strict } from '../input/shape.schema';
import { parseDate } from '../time/civil';
import type { BlackoutTable } from './blackout';

/** Longer than a year is no blackout, but a calendar that nobody wants. */
const MAX_DAYS = 366;

const blackout = strict({
  from: date,
  to: date,
  cities: z.array(label).min(1, 'a list of cities that is not empty').max(500).exactOptional(),
  reason: reasonGiven,
  by: label,
}).refine(({ from, to }) => from <= to && parseDate(to) - parseDate(from) < MAX_DAYS, {
  path: ['to'],
  message: `a date from \`from\` on, within ${MAX_DAYS} days`,
});

export const blackoutTable = strict({
  blackouts: z.array(blackout).max(1000),
}) satisfies z.ZodType<BlackoutTable>;
