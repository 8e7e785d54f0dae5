// Back-tests: the ledger of the last days played through a policy that is not in force; nothing is sent and nothing written.

import { z } from 'zod';
import type { PolicyReplayJob } from '../../reports/policyReplay/jobs';
import { inPieces, readSince, runPolicyReplay } from '../../reports/policyReplay/run';
import { CodedError } from '../../rules/base/errors';
import { id } from '../../rules/input/input.schema';
import { strict } from '../../rules/input/shape.schema';
import type { PolicyDocument } from '../../rules/policy/document.schema';
import { reasonWords } from '../../rules/words/reasons';
import * as answers from '../answers';
import { type Exchange, endpoint } from '../exchange';
import { policyBody, readPolicy } from '../policies';
import { unknown } from '../scope';

const asked = strict({
  /** A proposal that is not kept anywhere; otherwise `id` and `version` name one that is. */
  policy: policyBody.exactOptional(),
  id: id.exactOptional(),
  version: z.int().min(1).exactOptional(),
  days: z.int().min(1).max(366),
});

const job = z.looseObject({
  id: z.string(),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  policy: z.string(),
  days: z.int(),
  progress: z.object({ read: z.int(), played: z.int() }),
  report: answers.anything.optional(),
  error: z.string().optional(),
});

export const startBacktest = endpoint({
  summary: [
    '回测：用拟定策略重放近 n 天台账（同一时间只运行一个；重启后丢失）',
    'Play the ledger of the last days through a proposed policy; one runs at a time, and a restart loses it',
  ],
  everyCity: true,
  body: asked,
  answer: job,
  async handle(exchange) {
    const { deps, caller, body } = exchange;
    const { ref, policy } = await proposed(exchange, body);
    const holidays = await deps.stores.holidays.current('cn');
    const now = deps.clock.now();
    const input = {
      rows: inPieces(deps.stores.touches.export(readSince(policy, body.days, now))),
      policy,
      holidays: holidays?.body.days ?? {},
      days: body.days,
      until: new Date(now).toISOString(),
    };
    const started = deps.policyReplays.start(
      { policy: ref, days: body.days, author: caller.name },
      (means) => runPolicyReplay({ ...input, ...means }),
    );

    return { status: 202, body: started, headers: { Location: `/api/v1/backtests/${started.id}` } };
  },
});

async function proposed(
  { deps }: Pick<Exchange, 'deps'>,
  body: z.infer<typeof asked>,
): Promise<Proposed> {
  const { policy, id: name, version } = body;
  const isNamed = name !== undefined && version !== undefined;
  const isGiven = policy !== undefined && name === undefined && version === undefined;
  if (isGiven) return { ref: 'proposed', policy: readPolicy(policy, 'default', 'policy') };

  if (!isNamed || policy !== undefined)
    throw new CodedError(
      'INVALID_INPUT',
      'which policy? give either `policy`, or `id` and `version`',
      [
        {
          path: 'policy',
          message: 'not one of the two',
          allowed: '`policy`, or `id` and `version`',
        },
      ],
    );

  const found = await deps.stores.policies.find(name, version);
  if (!found) throw unknown('policy', `${name}@${version}`);

  return { ref: `${name}@${version}`, policy: found.body };
}

interface Proposed {
  readonly ref: string;
  readonly policy: PolicyDocument;
}

export const listBacktests = endpoint({
  summary: ['回测列表（新在前）', 'Back-tests of this server, newest first'],
  everyCity: true,
  answer: answers.listOf(job),
  handle: ({ deps }) => ({
    body: { items: deps.policyReplays.list().map(({ report: _report, ...rest }) => rest) },
  }),
});

export const showBacktest = endpoint({
  summary: ['回测进度与结果', 'How far a back-test is, and at its end what it found'],
  everyCity: true,
  answer: job,
  handle: ({ deps, params }) => found(deps.policyReplays.find(params.id ?? ''), params.id),
});

export const cancel = endpoint({
  summary: ['取消回测', 'Cancel a back-test'],
  everyCity: true,
  answer: job,
  handle: ({ deps, params }) => found(deps.policyReplays.cancel(params.id ?? ''), params.id),
});

/** With its reasons in words. */
function found(job: PolicyReplayJob | undefined, id = '') {
  if (!job) throw unknown('back-test', id);

  const { report } = job;
  const groups = report?.groups.map((group) => ({
    ...group,
    words: {
      'zh-CN': reasonWords(group.reason, group.rule, 'zh-CN'),
      en: reasonWords(group.reason, group.rule, 'en'),
    },
  }));

  return { body: { ...job, ...(report && { report: { ...report, groups } }) } };
}
