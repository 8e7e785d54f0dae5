// The shape of a promotion: at most one opening for a city, and one for all others.

import { z } from 'zod';
import { channelName } from '../contact/contact.schema';
import { id, label } from '../input/input.schema';
import { date, strict } from '../input/shape.schema';

const opening = strict({
  city: label.exactOptional(),
  channels: z.array(channelName).min(1).max(channelName.options.length),
  from: date.exactOptional(),
  to: date.exactOptional(),
  easyRecommendIndex: z.number().min(0).max(100),
}).refine(({ from = '', to = '9999-12-31' }) => from <= to, {
  path: ['to'],
  message: 'a date that is not before `from`',
});

export const promotion = strict({
  id,
  name: label,
  product: id,
  description: z.string().min(1).max(2000).exactOptional(),
  openings: z.array(opening).min(1).max(500),
}).superRefine(({ openings }, context) => {
  const cities = openings.map(({ city }) => city);
  cities.forEach((city, i) => {
    if (cities.indexOf(city) === i) return;
    const message =
      city === undefined ? 'one opening for all other cities' : 'a city that has no other opening';
    context.addIssue({ code: 'custom', path: ['openings', i, 'city'], message });
  });
});
