// `sopflow preview`: what would become of every contact of a calendar, rehearsed by a running sopflow before anything is sent.

import { readArgs, UsageError } from '../../embedded/usage';
import type { PreviewJob } from '../../ports/previews';
import { renderPreview } from '../../rules/words/preview';
import { FOLLOW_MEANS, type FollowMeans } from '../means';
import type { Remote } from '../remote';

/** Exit status: 0 previewed, 1 it could not be. */
export async function runPreview(
  args: readonly string[],
  means: FollowMeans = FOLLOW_MEANS,
): Promise<number> {
  const text = { type: 'string' } as const;
  const { values, words } = readArgs(args, {
    options: { from: text, to: text, json: { type: 'boolean' } },
    words: ['calendar[@version]'],
  });
  const { json = false, ...span } = values;
  const remote = means.remote();
  const path = await versionPath(remote, words[0] ?? '');

  const job = await untilEnded(remote, await begin(remote, path, span), means);
  if (!job.report) {
    means.progress.write(`预演 preview ${job.state}${job.error ? `: ${job.error}` : ''}\n`);
    return 1;
  }

  means.output.write(`${json ? JSON.stringify(job.report) : renderPreview(job.report)}\n`);
  return 0;
}

/** Without a version the newest is meant. @throws UsageError */
async function versionPath(remote: Pick<Remote, 'fetch'>, ref: string): Promise<string> {
  const [, id = '', version] = /^(.+?)(?:@([1-9]\d*))?$/.exec(ref) ?? [];
  if (id === '') throw new UsageError(`日历有误 · no calendar: ${JSON.stringify(ref)}`);

  const path = `/api/v1/calendars/${encodeURIComponent(id)}`;
  if (version !== undefined) return `${path}/versions/${version}`;

  const { newest } = (await (await remote.fetch(path)).json()) as { readonly newest: number };
  return `${path}/versions/${newest}`;
}

async function begin(
  remote: Pick<Remote, 'fetch'>,
  path: string,
  span: { readonly from?: string | undefined; readonly to?: string | undefined },
): Promise<PreviewJob> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify(span);
  const answer = await remote.fetch(`${path}:preview`, { method: 'POST', headers, body });
  return (await answer.json()) as PreviewJob;
}

async function untilEnded(
  remote: Pick<Remote, 'fetch'>,
  begun: PreviewJob,
  { progress, pause }: FollowMeans,
): Promise<PreviewJob> {
  let job = begun;
  while (job.state === 'running') {
    await pause();
    job = (await (await remote.fetch(`/api/v1/previews/${job.id}`)).json()) as PreviewJob;
    const { read, contacts, waves, ofWaves } = job.progress;
    progress.write(
      `已读 read ${read}, 参与 taking part ${contacts}, 波次 waves ${waves}/${ofWaves}\n`,
    );
  }
  return job;
}
