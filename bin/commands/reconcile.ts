// `sopflow reconcile`: reads the channels' own records back and says page by page what was missing here; --last shows what the
// latest one found.

import { readArgs, UsageError } from '../../embedded/usage';
import { CodedError } from '../../rules/base/errors';
import type { BookReport } from '../../rules/ledger/bookReport';
import { renderBookReport } from '../../rules/words/bookReport';
import { FOLLOW_MEANS, type FollowMeans } from '../means';
import type { Remote } from '../remote';

const PATH = '/api/v1/reconciles';

/** Looks for the report of a flow that has not begun: no worker runs. */
const MOST_LOOKS_BEFORE = 60;

/** Exit status: 0 everything was read, 1 a system could not be read. */
export async function runReconcile(
  args: readonly string[],
  means: FollowMeans = FOLLOW_MEANS,
): Promise<number> {
  const { last, ...asked } = read(args);
  const remote = means.remote();

  const report = last
    ? await latest(remote)
    : await follow(remote, await begin(remote, asked), means);
  means.output.write(`${renderBookReport(report)}\n`);
  return Object.values(report.parts).some(({ state }) => state === 'failed') ? 1 : 0;
}

function read(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const options = { days: text, from: text, to: text, last: { type: 'boolean' } } as const;
  const { days, last, ...span } = readArgs(args, { options }).values;
  if (days !== undefined && !/^[1-9]\d?$/.test(days))
    throw new UsageError(`--days ${days}: a whole number · 应为整数`);
  return { ...span, last, ...(days !== undefined && { days: Number(days) }) };
}

async function begin(remote: Pick<Remote, 'fetch'>, asked: object): Promise<string> {
  const answer = await remote.fetch(PATH, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(asked),
  });
  return ((await answer.json()) as { reportId: string }).reportId;
}

async function latest(remote: Pick<Remote, 'fetch'>): Promise<BookReport> {
  const answer = await remote.fetch(`${PATH}?flow=reconcile&limit=1`);
  const [report] = ((await answer.json()) as { items: BookReport[] }).items;
  if (!report) throw new CodedError('NOT_FOUND', 'there was no reconcile yet · 尚未对账');
  return report;
}

/** Until its end; what changes on the way is shown. */
async function follow(
  remote: Pick<Remote, 'fetch'>,
  reportId: string,
  { progress, pause }: FollowMeans,
): Promise<BookReport> {
  let shown = '';
  for (let looks = 0; ; looks++) {
    const report = await find(remote, reportId);
    if (report?.endedAt !== undefined) return report;
    if (!report && looks >= MOST_LOOKS_BEFORE)
      throw new CodedError('UNAVAILABLE', `${reportId} does not begin: does a worker run?`);

    const now = report ? (renderBookReport(report).split('\n').at(-1) ?? '') : shown;
    if (now !== shown) progress.write(`${now}\n`);
    shown = now;
    await pause();
  }
}

/** Null: it has not begun. */
async function find(remote: Pick<Remote, 'fetch'>, reportId: string): Promise<BookReport | null> {
  const answer = await remote.fetch(`${PATH}?flow=reconcile&limit=100`);
  const { items } = (await answer.json()) as { items: BookReport[] };
  return items.find((report) => report.reportId === reportId) ?? null;
}
