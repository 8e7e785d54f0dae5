// A version of a text as customers would get it, and whom of an audience it lacks a word for.

import { z } from 'zod';
import { versionRef } from '../../rules/base/ids';
import { id, label } from '../../rules/input/input.schema';
import { parseWith } from '../../rules/input/parse';
import { strict } from '../../rules/input/shape.schema';
import { endpoint } from '../exchange';
import { scopeOf, unknown } from '../scope';
import { publishedTexts } from '../texts';

const answer = z.looseObject({
  ref: z.string(),
  texts: z.array(z.looseObject({ channel: z.string(), example: z.string() })),
  lacking: z.array(z.object({ journey: z.string(), channel: z.string() })),
  audience: z.object({
    contacts: z.number(),
    variables: z.array(
      z.object({ variable: z.string(), required: z.boolean(), contacts: z.number() }),
    ),
  }),
});

export const audience = endpoint({
  summary: [
    '话术预览与缺失变量统计（按地市、品牌）',
    'A text as customers would get it, and how many contacts of an audience lack which variable',
  ],
  query: strict({ city: id.exactOptional(), brand: label.exactOptional() }),
  answer,
  async handle({ deps, caller, params, query: { city, brand } }) {
    const name = params.id ?? '';
    const number = parseWith(z.coerce.number().int().min(1), params.version, 'version');
    const version = await deps.stores.templates.find(name, number);
    if (version === null) throw unknown('template', versionRef(name, number));

    const meant = { ...scopeOf(caller, city), ...(brand !== undefined && { brand }) };
    return { body: await publishedTexts(version, deps, meant) };
  },
});
