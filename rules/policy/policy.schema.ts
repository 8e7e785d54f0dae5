// The shape of a policy: consent needs, quiet hours, gaps, caps and the holdout.

import { z } from 'zod';
import { parseWith } from '../input/parse';
import { type ReadonlyDeep, strict, text, touchClass, wallTime, zone } from '../input/shape.schema';

const classes = z.array(touchClass).optional();
const channels = z.array(text).optional();
const onHit = z.enum(['defer', 'suppress']).optional();
const hours = z.number().positive();
const dimension = z.enum(['channel', 'category', 'campaign', 'product', 'staffId', 'city']);
const per = z.array(dimension).optional();

const consent = strict({ classes, channels, need: z.enum(['granted', 'not-refused']) });

const quietWindow = strict({
  id: text,
  classes,
  channels,
  from: wallTime,
  to: wallTime,
  days: z.array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])).optional(),
  dayKinds: z.array(z.enum(['work', 'rest'])).optional(),
  onHit,
});

const gap = strict({
  id: text,
  classes,
  counts: classes,
  channels,
  per,
  hours,
  openCounts: z.enum(['asked', 'deadline']).optional(),
  onHit,
});

const window = z.discriminatedUnion(
  'kind',
  [
    strict({ kind: z.literal('calendar'), unit: z.enum(['day', 'week', 'month', 'billCycle']) }),
    strict({ kind: z.literal('rolling'), hours }),
  ],
  { error: (issue) => (issue.code === 'invalid_union' ? 'calendar, rolling' : undefined) },
);

const cap = strict({
  id: text,
  classes,
  counts: classes,
  channels,
  per,
  limit: z.number().nonnegative().multipleOf(1),
  window,
  onHit,
});

const holdout = strict({
  classes,
  channels,
  percent: z.number().min(0).max(100),
  salt: z.string(),
  by: z.enum(['contact', 'campaign']),
});

/** A list whose entries have ids of their own. */
function distinct<Entry extends z.ZodType<{ id: string }>>(entry: Entry) {
  return z.array(entry).superRefine((entries, context) => {
    const seen = new Set<string>();
    entries.forEach(({ id }, i) => {
      if (seen.has(id))
        context.addIssue({
          code: 'custom',
          path: [i, 'id'],
          message: 'an id that no other rule of this kind has',
        });
      seen.add(id);
    });
  });
}

export const policySchema = strict({
  id: text,
  version: z.int(),
  timezone: zone,
  maxDeferHours: z.number().nonnegative().optional(),
  consent: z.array(consent).optional(),
  quietHours: distinct(quietWindow).optional(),
  gaps: distinct(gap).optional(),
  caps: distinct(cap).optional(),
  holdout: holdout.optional(),
});

export type Policy = ReadonlyDeep<z.infer<typeof policySchema>>;
/** A field of a touch per which a gap or cap can count. */
export type Dimension = z.infer<typeof dimension>;

/** Reads a policy; anything malformed is an error naming the place, the value and what is allowed. */
export function parsePolicy(value: unknown, path = 'policy'): Policy {
  return parseWith(policySchema, value, path);
}
