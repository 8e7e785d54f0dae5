// `sopflow import holidays`: a notice or a whole table becomes a new version of the holiday table `cn`.

import { readArgs, UsageError, WRONG_USAGE } from '../../embedded/usage';
import { unannouncedYears } from '../../rules/time/announced';
import type { HolidayTable } from '../../rules/time/holidays';
import { HOLIDAY_FILES, type HolidayFile, readHolidayFile } from '../holidayFile';
import { FOLLOW_MEANS, type FollowMeans } from '../means';
import type { Remote } from '../remote';

const TABLE = 'cn';

interface Drafted {
  readonly version: number;
  readonly body: HolidayTable;
}

/** Exit status: 0 drafted, and published when that was asked; 2 the file or the server refused. */
export async function runImportHolidays(
  args: readonly string[],
  { remote: findSopflow, output, progress }: Omit<FollowMeans, 'pause'> = FOLLOW_MEANS,
): Promise<number> {
  const { values, words } = readArgs(args, {
    words: ['holidays', 'file'],
    options: { publish: { type: 'boolean' } },
  });
  const [, file = ''] = words;
  if (!HOLIDAY_FILES.test(file))
    throw new UsageError(`不能导入 · cannot import holidays of ${JSON.stringify(file)}`);

  try {
    const remote = findSopflow();
    const drafted = await draft(remote, await readHolidayFile(file));
    output.write(`${tellDraft(drafted)}\n`);
    if (values.publish) await publish(remote, drafted);
    output.write(`${values.publish ? PUBLISHED : publishHint(drafted)}\n`);
    return 0;
  } catch (error) {
    progress.write(`sopflow import: ${(error as Error).message}\n`);
    return WRONG_USAGE;
  }
}

async function draft(remote: Pick<Remote, 'fetch'>, file: HolidayFile): Promise<Drafted> {
  const [path, body] =
    file.kind === 'rows'
      ? [`/api/v1/holidays/${TABLE}:import`, { rows: file.rows }]
      : ['/api/v1/holidays', { id: TABLE, body: file.table }];
  const headers = { 'content-type': 'application/json' };
  const answer = await remote.fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });

  return (await answer.json()) as Drafted;
}

const publish = (remote: Pick<Remote, 'fetch'>, { version }: Drafted): Promise<Response> =>
  remote.fetch(`/api/v1/holidays/${TABLE}/versions/${version}:publish`, { method: 'POST' });

function tellDraft({ version, body }: Drafted): string {
  const years = [...new Set(Object.keys(body.days).map((date) => date.slice(0, 4)))].sort();
  const last = Number(years.at(-1) ?? 0);
  const gaps = unannouncedYears(body, Number(years[0] ?? 0), last).map(({ year }) => year);
  const warning =
    gaps.length === 0 ? '' : `；缺少 ${gaps.join('、')} 年 · missing: ${gaps.join(', ')}`;

  return `节假日表 ${TABLE}@${version}：${years.join('、')} 年 · holiday table ${TABLE}@${version}: ${years.join(', ')}${warning}`;
}

const PUBLISHED = '已发布 published';

const publishHint = ({ version }: Drafted): string =>
  `草稿，尚未发布：加 --publish，或发布版本 ${version} · a draft: add --publish, or publish version ${version}`;
