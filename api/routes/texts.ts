// A version of a text as customers would get it, and whom of an audience it lacks a word for.

import { z } from 'zod';
import { CodedError } from '../../rules/base/errors';
import { versionRef } from '../../rules/base/ids';
import { id, label } from '../../rules/input/input.schema';
import { parseWith } from '../../rules/input/parse';
import { strict } from '../../rules/input/shape.schema';
import { version } from '../answers';
import type { ApiDeps } from '../deps';
import { endpoint } from '../exchange';
import { scopeOf, unknown } from '../scope';
import { publishedTexts } from '../texts';

const versionNumber = z.coerce.number().int().min(1);

const answer = z.looseObject({
  ref: z.string(),
  texts: z.array(z.looseObject({ channel: z.string(), example: z.string().optional() })),
  lacking: z.array(z.object({ journey: z.string(), channel: z.string() })),
  audience: z.object({
    contacts: z.number(),
    variables: z.array(
      z.object({ variable: z.string(), required: z.boolean(), contacts: z.number() }),
    ),
  }),
});

export const withdraw = endpoint({
  summary: [
    '撤回话术版本：等待中的触达改用生效版本或就此结束',
    'Withdraw a version of a text: touches that wait take the version in force, or end',
  ],
  // biome-ignore lint/suspicious/noThenProperty: a word of the API; nobody awaits the schema
  body: strict({ then: z.enum(['latest', 'end']), reason: label }),
  answer: version,
  async handle({ deps, caller, params, body: { then: use, reason } }) {
    const { id: name = '' } = params;
    const number = parseWith(versionNumber, params.version, 'version');
    const ref = versionRef(name, number);
    const { templates } = deps.stores;
    if ((await templates.find(name, number))?.state !== 'published')
      throw unknown('published template', ref);
    if (use === 'latest') await assertSuccessor(templates, name, number);

    // Before the withdrawal, so that no crash can part the two: the flow waits until it finds it.
    await deps.engine.reviewTasks({ version: 1, rules: 'templates', id: name, number });
    const at = new Date(deps.clock.now()).toISOString();
    const withdrawn = { use, reason, author: caller.name, at };
    const version = await templates.withdraw(name, number, withdrawn);
    if (version === null) throw unknown('published template', ref);

    return { body: version };
  },
});

/** Those who wait need words to take. @throws CodedError CONFLICT */
async function assertSuccessor(
  templates: ApiDeps['stores']['templates'],
  name: string,
  number: number,
): Promise<void> {
  const publications = await templates.publications(name);
  const others = publications.filter(({ version: other }) => other !== number);
  const found = await Promise.all(others.map(({ version: other }) => templates.find(name, other)));
  if (found.some((each) => each !== null && each.withdrawn === undefined)) return;

  throw new CodedError(
    'CONFLICT',
    `template ${name} has no other published version: publish the corrected one first, or let the touches end`,
    [{ path: 'then', message: 'no other version', value: 'latest', allowed: 'end' }],
  );
}

export const audience = endpoint({
  summary: [
    '话术预览与缺失变量统计（按地市、品牌）',
    'A text as customers would get it, and how many contacts of an audience lack which variable',
  ],
  query: strict({ city: id.exactOptional(), brand: label.exactOptional() }),
  answer,
  async handle({ deps, caller, params, query: { city, brand } }) {
    const name = params.id ?? '';
    const number = parseWith(versionNumber, params.version, 'version');
    const version = await deps.stores.templates.find(name, number);
    if (version === null) throw unknown('template', versionRef(name, number));

    const meant = { ...scopeOf(caller, city), ...(brand !== undefined && { brand }) };
    return { body: await publishedTexts(version, deps, meant) };
  },
});
