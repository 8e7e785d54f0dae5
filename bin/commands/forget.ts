// `sopflow forget`: takes a person out of sopflow, and says what is gone and what stays.

import { readArgs, UsageError } from '../../embedded/usage';
import { type KeptByLaw, removedLines } from '../../rules/words/forgetting';
import { FOLLOW_MEANS, type FollowMeans } from '../means';
import type { Remote } from '../remote';

/** Runs end within seconds; the rest of the time is for a worker that is being restarted. */
const MOST_LOOKS = 120;

interface Report {
  readonly subject: string;
  readonly state: 'forgetting' | 'forgotten';
  readonly removed?: Readonly<Record<string, number>>;
  readonly kept: readonly KeptByLaw[];
}

/** Exit status: 0 forgotten, 1 begun, and going on by itself. */
export async function runForget(
  args: readonly string[],
  means: FollowMeans = FOLLOW_MEANS,
): Promise<number> {
  const { values, words } = readArgs(args, {
    options: { reason: { type: 'string' } },
    words: ['contactId'],
  });
  const [contactId = ''] = words;
  if (!values.reason) throw new UsageError('缺少 --reason · --reason is missing');

  const remote = means.remote();
  const query = new URLSearchParams({ reason: values.reason });
  const path = `/api/v1/contacts/${encodeURIComponent(contactId)}?${query}`;
  const begun = (await (await remote.fetch(path, { method: 'DELETE' })).json()) as Report;
  const report = await untilForgotten(remote, begun, means);

  means.output.write(`${renderReport(report)}\n`);
  return report.state === 'forgotten' ? 0 : 1;
}

async function untilForgotten(
  remote: Pick<Remote, 'fetch'>,
  begun: Report,
  { progress, pause }: FollowMeans,
): Promise<Report> {
  let report = begun;
  for (let looks = 0; report.state === 'forgetting' && looks < MOST_LOOKS; looks++) {
    if (looks === 0) progress.write('等待进行中的旅程结束 · waiting for running journeys to end\n');
    await pause();
    const path = `/api/v1/forgotten/${encodeURIComponent(report.subject)}`;
    report = (await (await remote.fetch(path)).json()) as Report;
  }
  return report;
}

function renderReport({ subject, state, removed = {}, kept }: Report): string {
  const isDone = state === 'forgotten';
  return [
    isDone
      ? `已遗忘 forgotten, 假名 pseudonym ${subject}`
      : `进行中，稍后自行完成 going on by itself, 假名 pseudonym ${subject}`,
    ...(isDone ? ['已删除或改名 removed or renamed:', ...removedLines(removed)] : []),
    '依法保留 kept by law:',
    ...kept.flatMap(({ what, zh, en }) => [`  ${what}: ${zh}`, `    ${en}`]),
  ].join('\n');
}
