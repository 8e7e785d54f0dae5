// Looks into the channels' own records: begun by people, and what they and the nightly ones have found.

import { z } from 'zod';
import { CodedError } from '../../rules/base/errors';
import { utc } from '../../rules/input/input.schema';
import { strict } from '../../rules/input/shape.schema';
import type { ReconcileInput } from '../../rules/journey/messages';
import { MAX_RECONCILE_DAYS } from '../../rules/ledger/bookReport';
import { DAY_MS } from '../../rules/time/durations';
import * as answers from '../answers';
import { endpoint } from '../exchange';
import { unknown } from '../scope';

const days = z.int().min(1).max(MAX_RECONCILE_DAYS);

const asked = strict({
  days: days.exactOptional(),
  from: utc.exactOptional(),
  to: utc.exactOptional(),
});

export const startReconcile = endpoint({
  summary: [
    '与各渠道对账：补记漏失的送达、好友关系、回执与订单',
    "Reads the channels' own records back and makes good what is missing here",
  ],
  everyCity: true,
  body: asked,
  answer: z.object({ reportId: z.string() }),
  async handle({ deps: { engine, clock }, body }) {
    assertSpan(body);
    const reportId = `reconcile-${new Date(clock.now()).toISOString()}`;
    const input: ReconcileInput = { version: 1, ...body };
    await engine.startReconcile(reportId, input);
    return { status: 202, body: { reportId } };
  },
});

/** Either the last days, or a span that WeCom can list. */
function assertSpan({ days, from, to }: z.infer<typeof asked>): void {
  const isWrong =
    (days !== undefined && (from !== undefined || to !== undefined)) ||
    (from === undefined) !== (to === undefined) ||
    (from !== undefined && to !== undefined && !isListable(Date.parse(from), Date.parse(to)));
  if (isWrong)
    throw new CodedError('INVALID_INPUT', 'bad span of a reconcile', [
      {
        path: 'from',
        message: 'bad span',
        allowed: `days alone, or from before to, at most ${MAX_RECONCILE_DAYS} days apart`,
      },
    ]);
}

const isListable = (from: number, to: number): boolean =>
  from < to && to - from <= MAX_RECONCILE_DAYS * DAY_MS;

export const list = endpoint({
  summary: ['对账与逾期回收的报告，新的在前', 'Reports of reconciles and reapers, newest first'],
  everyCity: true,
  query: strict({
    flow: z.enum(['reap', 'reconcile']).exactOptional(),
    limit: z.coerce.number().int().min(1).max(100).default(20),
  }),
  answer: answers.listOf(answers.bookReport),
  handle: async ({ deps: { stores }, query }) => ({
    body: { items: await stores.bookReports.list(query) },
  }),
});

export const show = endpoint({
  summary: ['一次对账的进度与结果', 'How far a reconcile is, and what it has found'],
  everyCity: true,
  answer: answers.bookReport,
  async handle({ deps: { stores }, params }) {
    const reportId = params.id ?? '';
    const report = await stores.bookReports.find(reportId);
    if (report === null) throw unknown('report', reportId);
    return { body: report };
  },
});
