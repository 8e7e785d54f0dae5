// The shapes of what people publish besides policies: templates, holiday tables and quotas (catalogues: catalogue.schema.ts).

import { z } from 'zod';
import { channelName } from '../contact/contact.schema';
import type { QuotaLimits } from '../gate/quota';
import { label } from '../input/input.schema';
import { parseWith } from '../input/parse';
import { date, strict, touchClass } from '../input/shape.schema';
import type { HolidayTable } from '../time/holidays';
import type { Template } from './texts';

/** WeCom takes 4,000 bytes, SMS less; the channel's own limit is measured on the rendered text. */
const MAX_TEXT = 4000;

const templateText = z.string().min(1).max(MAX_TEXT);
/** What answers an act of the customer is worded as a service: only the product's own code says that it does. */
const textClass = touchClass.exclude(['reply']);

/** One text for one channel, or a text for each: one shape, so that what is wrong is named by its place. */
export const template = strict({
  class: textClass,
  channel: channelName.exactOptional(),
  text: templateText.exactOptional(),
  texts: z
    .partialRecord(channelName, templateText)
    .refine((texts) => Object.keys(texts).length > 0, 'a text for at least one channel')
    .exactOptional(),
}).superRefine(({ channel, text, texts }, context) => {
  const wrong = (field: string, message: string) =>
    context.addIssue({ code: 'custom', path: [field], message });
  if (texts === undefined && channel === undefined)
    wrong('channel', channelName.options.join(', '));
  if (texts === undefined && text === undefined) wrong('text', 'a text, or `texts` by channel');
  if (texts !== undefined && text !== undefined) wrong('text', 'absent beside `texts`');
  if (texts !== undefined && channel !== undefined) wrong('channel', 'absent beside `texts`');
});

/** In one of its two forms. @throws CodedError naming every place that is wrong */
export const readTemplateBody = (body: unknown, path: string): Template =>
  parseWith(template, body, path) as Template; // the refinement leaves only the two forms

const holidayKinds = z.record(date, z.enum(['rest', 'work']));

export const holidayTable = strict({
  days: holidayKinds,
  predicted: holidayKinds.exactOptional(),
  names: z.record(z.string().min(1).max(60), z.array(date).max(200)),
}).superRefine(({ days, predicted = {} }, context) => {
  for (const day of Object.keys(predicted))
    if (day in days)
      context.addIssue({
        code: 'custom',
        path: ['predicted', day],
        message: 'a date that is not among `days`: what is arranged is not predicted',
      });
}) satisfies z.ZodType<HolidayTable>;

const units = z.int().min(0).max(1_000_000_000);

export const quotaLimits = strict({
  cities: z.record(label, units).exactOptional(),
  default: units.exactOptional(),
  staffPerDay: units.exactOptional(),
  staffOpen: units.exactOptional(),
  campaigns: z
    .record(label, strict({ total: units.exactOptional(), perDay: units.exactOptional() }))
    .exactOptional(),
}) satisfies z.ZodType<QuotaLimits>;
