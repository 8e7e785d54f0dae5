// Runs of journeys: listed, looked into, stopped, held and let go on.

import { z } from 'zod';
import type { RunRecord } from '../../ports/runs';
import { id, joinedId } from '../../rules/input/input.schema';
import { parseWith } from '../../rules/input/parse';
import { strict } from '../../rules/input/shape.schema';
import { JOURNEY_KINDS, type JourneyKind } from '../../rules/journey/kinds';
import type { JourneyMessage } from '../../rules/journey/messages';
import * as answers from '../answers';
import { type ApiAnswer, type Endpoint, type Exchange, endpoint } from '../exchange';
import { page, pageQuery } from '../paging';
import { allows, scopeOf, unknown } from '../scope';
import { runView } from '../views';

const journeyKind = z.enum(JOURNEY_KINDS);
const ran = answers.run.extend({
  status: z.string().optional(),
  progress: z.unknown().optional(),
  pending: z
    .array(z.object({ activity: z.string(), attempt: z.number(), failure: z.string().optional() }))
    .optional(),
});
const signalledAnswer = z.object({ workflowId: z.string(), told: z.literal(true) });
/** An id holds slashes: it stands in the path URL-encoded, or in the query as it is. */
const runQuery = strict({ id: joinedId.exactOptional() });

export const listRuns = endpoint({
  summary: [
    '旅程运行列表（按客户、城市、状态，游标分页）',
    'Runs of a journey by contact, city and state',
  ],
  query: strict({
    ...pageQuery,
    contactId: id.exactOptional(),
    city: id.exactOptional(),
    state: z.enum(['running', 'closed']).exactOptional(),
  }),
  answer: answers.pageOf(answers.run),
  async handle({ deps, caller, params, query: { city, limit, ...filter } }) {
    const journey: JourneyKind = parseWith(journeyKind, params.kind, 'kind');
    const runs = await deps.stores.runs.list({
      ...filter,
      ...scopeOf(caller, city),
      journey,
      limit,
    });

    return {
      body: page(
        runs.map((run) => ({ ...run, ...runView(deps, run) })),
        limit,
        (run) => run.workflowId,
      ),
    };
  },
});

export const showRun = endpoint({
  summary: [
    '旅程运行详情：当前步骤与 Temporal 链接',
    'Where a run stands, with its link to the Temporal UI',
  ],
  query: runQuery,
  answer: ran,
  async handle(exchange) {
    const { deps } = exchange;
    const run = await runOf(exchange);
    const { status, progress, outcome, pending } =
      (await deps.engine.describe(run.workflowId)) ?? {};
    return {
      body: {
        ...runView(deps, run),
        ...(status !== undefined && { status }),
        ...(progress !== undefined && { progress }),
        ...(outcome !== undefined && { outcome }),
        ...(pending !== undefined && { pending }),
      },
    };
  },
});

export const stop = signalling(
  ['停止旅程', 'Stop a run for good'],
  strict({ why: z.string().max(200).exactOptional() }),
  (by, { why }) => ({ signal: 'stop', body: { by, ...(why !== undefined && { why }) } }),
);
export const pause = signalling(
  ['暂停旅程', 'Hold a run: no new touch until it is resumed'],
  strict({}),
  (by) => ({
    signal: 'pause',
    body: { by },
  }),
);
export const resumeRun = signalling(['恢复旅程', 'Let a held run go on'], strict({}), (by) => ({
  signal: 'resume',
  body: { by },
}));

function signalling<Body>(
  summary: Endpoint['summary'],
  body: z.ZodType<Body>,
  messageOf: (by: string, body: Body) => JourneyMessage,
): Endpoint {
  return endpoint<Body, z.infer<typeof runQuery>>({
    summary,
    body,
    query: runQuery,
    answer: signalledAnswer,
    async handle(exchange): Promise<ApiAnswer> {
      const { workflowId, state } = await runOf(exchange);
      const heard =
        state === 'running' &&
        (await exchange.deps.engine.signal(
          workflowId,
          messageOf(exchange.caller.name, exchange.body),
        ));
      if (!heard) throw unknown('running run', workflowId);

      return { body: { workflowId, told: true } };
    },
  });
}

/** @throws CodedError NOT_FOUND, also for a run in a city the caller may not see. */
async function runOf({
  deps,
  caller,
  params,
  query,
}: Exchange<unknown, { readonly id?: string }>): Promise<RunRecord> {
  const workflowId = params.id ?? query.id ?? '';
  const run = await deps.stores.runs.find(workflowId);
  if (run === null || !allows(caller, run.city)) throw unknown('run', workflowId);
  return run;
}
