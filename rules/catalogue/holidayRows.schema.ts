// The shape of the rows that a holiday table is brought up to date with: `date,kind,name`.

import { z } from 'zod';
import { label } from '../input/input.schema';
import { date, strict } from '../input/shape.schema';
import { DAY_KIND_WORDS, holidayIdsOf } from '../time/holidayRows';

const kind = z
  .string()
  .refine((word) => Object.hasOwn(DAY_KIND_WORDS, word), Object.keys(DAY_KIND_WORDS).join(', '))
  .transform((word) => DAY_KIND_WORDS[word] ?? 'rest');

const row = strict({ date, kind, name: label.exactOptional() }).transform(
  ({ name = '', ...rest }) => ({ ...rest, names: holidayIdsOf(name) }),
);

export const holidayRows = z
  .array(row)
  .min(1)
  .max(2000)
  .superRefine((rows, context) => {
    const kinds = new Map<string, string>();
    rows.forEach((one, i) => {
      const known = kinds.get(one.date) ?? one.kind;
      kinds.set(one.date, known);
      if (known !== one.kind)
        context.addIssue({
          code: 'custom',
          path: [i, 'kind'],
          message: `${known}, as another row of ${one.date} says, or no second row`,
        });
    });
  });
