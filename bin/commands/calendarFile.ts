// `sopflow calendar import|export`: a sales calendar from a YAML file, and into one.

import { readFile } from 'node:fs/promises';
import { readArgs, UsageError, WRONG_USAGE } from '../../embedded/usage';
import { type Issue, isCodedError } from '../../rules/base/errors';
import { parseVersionRef, versionRef } from '../../rules/base/ids';
import type { CalendarPlan } from '../../rules/calendar/plan';
import type { Phrase } from '../../rules/words/terms';
import { type CalendarFile, readCalendarFile, writeCalendarFile } from '../calendarYaml';
import { FOLLOW_MEANS, type FollowMeans } from '../means';
import { FileFaults, type PlacedFault, placedFaults } from '../yamlPlaces';
import type { RemoteFetch } from './importRemote';

/** Exit status: 0 drafted or written, 1 drafted with errors that keep it from being approved, 2 nothing was done. */
export async function runCalendarFile(
  args: readonly string[],
  means: FollowMeans = FOLLOW_MEANS,
): Promise<number> {
  const [verb, name = ''] = readArgs(args, { words: ['import|export', 'file|id'] }).words;
  const act = verb === 'import' ? importFile : verb === 'export' ? exportFile : undefined;
  if (act === undefined)
    throw new UsageError(`未知动作 · unknown: calendar ${JSON.stringify(verb)}`);

  try {
    return await act(name, means);
  } catch (error) {
    const lines = error instanceof FileFaults ? faultLines(name, error.faults) : undefined;
    means.progress.write(lines ?? `sopflow calendar: ${(error as Error).message}\n`);
    return WRONG_USAGE;
  }
}

const faultLines = (file: string, faults: readonly PlacedFault[]): string =>
  faults.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}\n`).join('');

interface ShownVersion {
  readonly id: string;
  readonly version: number;
  readonly body: CalendarPlan;
}

async function exportFile(ref: string, { remote, output }: FollowMeans): Promise<number> {
  const { id, version, body } = await shownVersion(remote(), ref);
  output.write(writeCalendarFile(id, version, body));
  return 0;
}

/** By `id@version`; an id alone is the version in force, or the newest while none is. */
async function shownVersion(remote: RemoteFetch, ref: string): Promise<ShownVersion> {
  const named = parseVersionRef(ref);
  if (named)
    return await jsonOf(
      remote.fetch(`${PATH}/${encodeURIComponent(named.id)}/versions/${named.version}`),
    );

  const found = await jsonOf<{ readonly version: ShownVersion }>(
    remote.fetch(`${PATH}/${encodeURIComponent(ref)}`),
  );
  return found.version;
}

async function importFile(file: string, means: FollowMeans): Promise<number> {
  const calendar = readCalendarFile(UTF8.decode(await readFile(file)));
  const remote = means.remote();
  const { id, version } = await draft(remote, calendar);
  means.output.write(`已保存草稿 drafted: ${versionRef(id, version)}\n`);

  const { errors, warnings } = await check(remote, `${PATH}/${id}/versions/${version}`, means);
  means.output.write(findingLines(file, calendar, errors, '错误 error'));
  means.output.write(findingLines(file, calendar, warnings, '提醒 warning'));

  return errors.length > 0 ? 1 : 0;
}

const PATH = '/api/v1/calendars';
/** Signs that cannot be decoded are refused, not replaced. */
const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** @throws FileFaults for what the server refuses */
async function draft(remote: RemoteFetch, { id, body, yaml }: CalendarFile): Promise<ShownVersion> {
  const headers = { 'content-type': 'application/json' };
  const asked = remote.fetch(PATH, { method: 'POST', headers, body: JSON.stringify({ id, body }) });

  try {
    return await jsonOf(asked);
  } catch (error) {
    if (!isCodedError(error) || error.issues.length === 0) throw error;
    throw new FileFaults(placedFaults(yaml, error.issues.map(inFile)));
  }
}

/** What the server calls the body is the file. */
const inFile = (issue: Issue): Issue => ({ ...issue, path: issue.path.replace(/^body\.?/, '') });

interface Finding {
  readonly path: string;
  readonly words: Phrase;
}

interface Checked {
  readonly errors: readonly Finding[];
  readonly warnings: readonly Finding[];
}

interface CountJob {
  readonly id: string;
  readonly state: 'running' | 'done' | 'failed' | 'cancelled';
  readonly progress: { readonly read: number; readonly of: number };
  readonly report?: { readonly warnings: readonly Finding[] };
}

/** With what the count of a large population finds in the end. */
async function check(
  remote: RemoteFetch,
  version: string,
  { progress, pause }: FollowMeans,
): Promise<Checked> {
  const checked = await jsonOf<Checked & { readonly job: CountJob }>(
    remote.fetch(`${version}:validate`, { method: 'POST' }),
  );
  let { job } = checked;
  // What it has found by then is among the warnings.
  if (job.state === 'done') return checked;

  while (job.state === 'running') {
    const { read, of } = job.progress;
    progress.write(`统计客群 counting audiences ${read}/${of}\n`);
    await pause();
    job = await jsonOf(remote.fetch(`/api/v1/calendar-counts/${job.id}`));
  }

  if (job.state !== 'done') progress.write(`客群未统计 audiences are not counted: ${job.state}\n`);
  return { ...checked, warnings: [...checked.warnings, ...(job.report?.warnings ?? [])] };
}

const findingLines = (
  file: string,
  { yaml }: CalendarFile,
  findings: readonly Finding[],
  kind: string,
): string =>
  findings
    .map(({ path, words }) => {
      const { line, column } = yaml.place(path, 'value');
      return `${file}:${line}:${column}: ${kind} ${path}: ${words['zh-CN']} · ${words.en}\n`;
    })
    .join('');

async function jsonOf<T>(asked: Promise<Response>): Promise<T> {
  return (await (await asked).json()) as T; // as the API documents it
}
