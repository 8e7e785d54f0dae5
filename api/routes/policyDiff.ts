// A policy before it is published: what is wrong with it, what it says that was hardly meant, and what it changes, in words.

import { z } from 'zod';
import type { Version } from '../../ports/library';
import { isCodedError } from '../../rules/base/errors';
import { versionRef } from '../../rules/base/ids';
import { parseWith } from '../../rules/input/parse';
import { strict } from '../../rules/input/shape.schema';
import { policyFor } from '../../rules/policy/cities';
import { diffPolicies } from '../../rules/policy/diff';
import type { PolicyDocument } from '../../rules/policy/document.schema';
import type { Policy } from '../../rules/policy/policy.schema';
import { holidayWarnings, type KnownHolidays, policyWarnings } from '../../rules/policy/warnings';
import { DAY_MS } from '../../rules/time/durations';
import { changeWords } from '../../rules/words/policy';
import { type PolicyWarning, withWords } from '../../rules/words/policyWarning';
import * as answers from '../answers';
import type { ApiDeps } from '../deps';
import { type Exchange, endpoint } from '../exchange';
import { jsonOf } from '../middleware/body';
import { policyBody, policyInForce, readPolicy } from '../policies';
import { unknown } from '../scope';

const versionNumber = z.coerce.number().int().min(1);
const words = z.object({ 'zh-CN': z.string(), en: z.string() });

export const validate = endpoint({
  summary: ['校验管控策略（不保存）', 'Check a policy document; nothing is kept'],
  body: policyBody,
  rows: true,
  answer: z.object({
    valid: z.boolean(),
    issues: z.array(answers.issue),
    warnings: z.array(
      z.looseObject({ path: z.string(), kind: z.string(), words, city: z.string().optional() }),
    ),
  }),
  async handle({ raw, deps }) {
    const given = jsonOf(raw);
    const known = await knownHolidays(deps);
    try {
      const warnings = warningsOf(readPolicy(given, 'default', ''), known);
      return { body: { valid: true, issues: [], warnings } };
    } catch (error) {
      if (!isCodedError(error)) throw error;
      return { body: { valid: false, issues: error.issues, warnings: [] } };
    }
  },
});

/** From November on the holidays of the next year are due, and what is published now soon decides in it. */
const AHEAD_MS = 60 * DAY_MS;

async function knownHolidays({
  stores,
  clock,
}: Pick<ApiDeps, 'stores' | 'clock'>): Promise<KnownHolidays> {
  const table = await stores.holidays.current('cn');
  const now = clock.now();
  const yearAt = (instant: number) => new Date(instant).getUTCFullYear();
  return {
    ...(table?.body ?? { days: {} }),
    fromYear: yearAt(now),
    toYear: yearAt(now + AHEAD_MS),
  };
}

/** Of the province, and of each city what its own rules add; a city's paths are those of its rules put together. */
function warningsOf(
  document: PolicyDocument,
  known: KnownHolidays,
): readonly (PolicyWarning & { readonly city?: string })[] {
  const found = (policy: Policy) =>
    [...policyWarnings(policy), ...holidayWarnings(policy, known)].map(withWords);
  const province = found(policyFor(document, undefined));
  const said = new Set(province.map(({ words }) => words.en));
  const own = Object.keys(document.cities ?? {}).flatMap((city) =>
    found(policyFor(document, city))
      .filter(({ words }) => !said.has(words.en))
      .map((warning) => ({ ...warning, city })),
  );

  return [...province, ...own];
}

export const diff = endpoint({
  summary: [
    '策略两个版本的差异（中英文逐条说明；缺省与生效版本比较）',
    'What a version of a policy changes, in words; against another version, or else the one in force',
  ],
  query: strict({ against: versionNumber.exactOptional() }),
  answer: z.object({
    before: z.string(),
    after: z.string(),
    items: z.array(z.looseObject({ part: z.string(), change: z.string(), words })),
  }),
  async handle(exchange) {
    const { params, query } = exchange;
    const id = params.id ?? '';
    const after = await versionOf(
      exchange,
      id,
      parseWith(versionNumber, params.version, 'version'),
    );

    const before =
      query.against === undefined
        ? await inForce(exchange, id)
        : await versionOf(exchange, id, query.against);

    const items = diffPolicies(before.body, after.body).map((change) => ({
      ...change,
      words: { 'zh-CN': changeWords(change, 'zh-CN'), en: changeWords(change, 'en') },
    }));

    return {
      body: { before: versionRef(id, before.version), after: versionRef(id, after.version), items },
    };
  },
});

async function versionOf({ deps }: Pick<Exchange, 'deps'>, id: string, version: number) {
  return known(await deps.stores.policies.find(id, version), versionRef(id, version));
}

async function inForce({ deps }: Pick<Exchange, 'deps'>, id: string) {
  return known(await policyInForce(deps.stores, id, new Date(deps.clock.now()).toISOString()), id);
}

function known(version: Version<PolicyDocument> | null, ref: string): Version<PolicyDocument> {
  if (version === null) throw unknown('policy', ref);
  return version;
}
