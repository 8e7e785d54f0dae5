// What of a customer's bundles is used up: data, voice and SMS, each by share or by amount.

import { z } from 'zod';
import { percent } from '../input/input.schema';
import { strict } from '../input/shape.schema';

const amount = z.number().min(0).max(1_000_000_000);

/** Of data in MB, of voice in minutes, of SMS in messages. Whoever tells no percent tells both amounts. */
const used = strict({
  used: amount.exactOptional(),
  total: amount.exactOptional(),
  percent: percent.exactOptional(),
}).transform((told, context) => {
  const share = told.percent ?? shareOf(told);
  if (share !== null) return { ...told, percent: share };

  context.addIssue({
    code: 'custom',
    path: ['percent'],
    message: 'percent, or used with a total above 0',
  });
  return z.NEVER;
});

/** In percent, to two places. */
function shareOf({ used: part, total }: { used?: number; total?: number }): number | null {
  if (part === undefined || total === undefined || total === 0) return null;
  const share = Math.round((part / total) * 10_000) / 100;
  return percent.safeParse(share).success ? share : null;
}

/**
 * The share of data under the name of ours (`dataUsedPct`), under that of other systems (`percent`), or whole (`data`): once. What
 * this gives is read again from the inbox, so it has `dataUsedPct` beside a `data` that says the same.
 */
export const usage = strict({
  dataUsedPct: percent.exactOptional(),
  percent: percent.exactOptional(),
  data: used.exactOptional(),
  voice: used.exactOptional(),
  sms: used.exactOptional(),
})
  .superRefine((told, context) => {
    const { dataUsedPct, percent: share, data, voice, sms } = told;
    const shares = [dataUsedPct, share, data?.percent].filter((each) => each !== undefined);
    const isTwice = dataUsedPct !== undefined && share !== undefined;
    if (isTwice || new Set(shares).size > 1)
      context.addIssue({
        code: 'custom',
        path: [share === undefined ? 'dataUsedPct' : 'percent'],
        message: 'either dataUsedPct or percent, the same as that of data',
      });
    if (shares.length === 0 && !voice && !sms)
      context.addIssue({
        code: 'custom',
        path: ['dataUsedPct'],
        message: 'either dataUsedPct or percent, or data, voice or sms',
      });
  })
  .transform(({ dataUsedPct, percent: share, ...bundles }) => {
    const known = dataUsedPct ?? share ?? bundles.data?.percent;
    return { ...bundles, ...(known !== undefined && { dataUsedPct: known }) };
  });
