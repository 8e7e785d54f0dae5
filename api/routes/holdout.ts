// The holdout over HTTP: what the touches of a period brought, against those who were held out.

import { z } from 'zod';
import { reportHoldout } from '../../reports/holdout';
import { CodedError } from '../../rules/base/errors';
import { id, label, utc } from '../../rules/input/input.schema';
import { strict } from '../../rules/input/shape.schema';
import { holdoutWords } from '../../rules/words/holdout';
import { archivedUntil } from '../archivedUntil';
import { endpoint } from '../exchange';
import { scopeOf } from '../scope';

const interval = z.tuple([z.number(), z.number()]);
const arm = z.object({
  contacts: z.int(),
  conversions: z.int(),
  rate: z.number().nullable(),
  interval,
});
const DEFAULT_DAYS = 30;

export const holdout = endpoint({
  summary: [
    '对照组报告：触达组与对照组的转化率及 95% 置信区间',
    'Conversions of those treated against those held out, with 95% confidence intervals',
  ],
  query: strict({
    from: utc,
    to: utc,
    campaign: label.exactOptional(),
    city: id.exactOptional(),
    /** An order within so many days after the first decision is a conversion. */
    days: z.coerce.number().int().min(1).max(366).default(DEFAULT_DAYS),
  }),
  answer: z.object({
    treated: arm,
    heldOut: arm,
    difference: z.number().nullable(),
    interval,
    lift: z.number().nullable(),
    significant: z.boolean(),
    mixed: z.int(),
    /** The touches before it are in archives, and not in these figures. */
    archivedUntil: z.string().optional(),
    words: z.object({ 'zh-CN': z.string(), en: z.string() }),
  }),
  async handle({ deps, caller, query: { city, ...asked } }) {
    if (asked.from >= asked.to)
      throw new CodedError('INVALID_INPUT', `to: ${asked.to} is not after from`, [
        {
          path: 'to',
          message: 'not after `from`',
          value: asked.to,
          allowed: `later than ${asked.from}`,
        },
      ]);

    const report = await reportHoldout(deps.stores, {
      ...asked,
      cities: scopeOf(caller, city).cities,
    });
    const words = { 'zh-CN': holdoutWords(report, 'zh-CN'), en: holdoutWords(report, 'en') };
    return { body: { ...report, ...(await archivedUntil(deps.stores, asked.from)), words } };
  },
});
