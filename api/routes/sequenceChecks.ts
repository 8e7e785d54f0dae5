// A sequence before it is published: what is wrong with it, what it does in words, and what a version changes.

import { z } from 'zod';
import type { Version } from '../../ports/library';
import { type Issue, isCodedError } from '../../rules/base/errors';
import { versionRef } from '../../rules/base/ids';
import { id } from '../../rules/input/input.schema';
import { parseWith } from '../../rules/input/parse';
import { strict } from '../../rules/input/shape.schema';
import { diffSequences } from '../../rules/sequence/diff';
import type { Sequence } from '../../rules/sequence/sequence';
import { readSequence, sequenceBody } from '../../rules/sequence/sequence.schema';
import { sequenceChangeWords, startWords, stepWords } from '../../rules/words/sequence';
import * as answers from '../answers';
import type { ApiDeps } from '../deps';
import { endpoint } from '../exchange';
import { jsonOf } from '../middleware/body';
import { unknown } from '../scope';
import { faultsOfSequence, issueOf } from '../sequenceChecks';
import { versionNumber } from './calendars';

const words = z.object({ 'zh-CN': z.string(), en: z.string() });
const asked = strict({ id, body: z.unknown() });

export const validateSequence = endpoint({
  summary: [
    '校验 SOP 序列（不保存），并逐步说明其内容',
    'Check a sequence; nothing is kept. Answers what it does in words, step by step',
  ],
  body: strict({ id, body: sequenceBody }),
  // The nulls of conditions are values, so the body is read here.
  rows: true,
  answer: z.object({
    valid: z.boolean(),
    issues: z.array(answers.issue),
    start: words.optional(),
    steps: z.array(z.object({ id: z.string(), words })),
  }),
  async handle({ raw, deps }) {
    const { id: name, body } = parseWith(asked, jsonOf(raw), '', ['body']);
    const read = readOrIssues(body);
    if ('issues' in read) return { body: { valid: false, issues: read.issues, steps: [] } };

    const { sequence } = read;
    const faults = await faultsOfSequence(deps.stores, name, sequence);
    return {
      body: {
        valid: faults.length === 0,
        issues: faults.map((fault) => withBody(issueOf(fault))),
        start: startWords(sequence.start),
        steps: sequence.steps.map((step) => ({ id: step.id, words: stepWords(step) })),
      },
    };
  },
});

/** Where it stands in what was sent. */
const withBody = (issue: Issue): Issue => ({ ...issue, path: `body.${issue.path}` });

function readOrIssues(
  body: unknown,
): { readonly sequence: Sequence } | { readonly issues: readonly Issue[] } {
  try {
    return { sequence: readSequence(body, 'body') };
  } catch (error) {
    if (!isCodedError(error)) throw error;
    return { issues: error.issues };
  }
}

export const diffSequence = endpoint({
  summary: [
    'SOP 序列两个版本的差异（中英文逐条说明；缺省与生效版本比较）',
    'What a version of a sequence changes, in words; against another version, or else the one in force',
  ],
  query: strict({ against: versionNumber.exactOptional() }),
  answer: z.object({
    before: z.string(),
    after: z.string(),
    items: z.array(z.looseObject({ part: z.string(), change: z.string(), words })),
  }),
  async handle({ deps, params, query }) {
    const name = params.id ?? '';
    const number = parseWith(versionNumber, params.version, 'version');
    const after = await versionOf(deps, name, number);
    const before = await versionOf(deps, name, query.against);

    return {
      body: {
        before: versionRef(name, before.version),
        after: versionRef(name, after.version),
        items: diffSequences(before.body, after.body).map((change) => ({
          ...change,
          words: sequenceChangeWords(change),
        })),
      },
    };
  },
});

/** @param number absent: the version in force. @throws CodedError NOT_FOUND */
async function versionOf(
  { stores: { sequences } }: ApiDeps,
  name: string,
  number: number | undefined,
): Promise<Version<Sequence>> {
  const found =
    number === undefined ? await sequences.current(name) : await sequences.find(name, number);
  if (found) return found;

  throw unknown('sequence', number === undefined ? name : versionRef(name, number));
}
