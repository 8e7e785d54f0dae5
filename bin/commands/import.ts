// `sopflow import contacts`: hands a file to the server, follows the job, and says what became of every row.

import { access, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { readArgs, UsageError, WRONG_USAGE } from '../../embedded/usage';
import { isCodedError } from '../../rules/base/errors';
import type { ColumnMapping } from '../../rules/contact/file/mapping.schema';
import { importSumsWords } from '../../rules/words/importSums';
import { findRemote } from '../remote';
import {
  type FileAsked,
  findImport,
  firstRepeats,
  openImport,
  type RemoteFetch,
  type ShownImport,
  uploadFile,
  writeRefused,
} from './importRemote';

const ENDINGS = /\.(csv|tsv|txt|jsonl|ndjson|xlsx|xlsm)$/i;
const POLL_MS = 500;
/** Without a terminal, progress is told this often. */
const TELL_MS = 10_000;
/** A server that is started again is waited for. */
const PATIENCE_MS = 120_000;
const SHOWN_REPEATS = 20;

interface Terminal {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

interface ImportMeans {
  readonly remote: () => RemoteFetch;
  readonly output: { write(text: string): unknown };
  readonly progress: Terminal;
  readonly pause: (ms: number) => Promise<unknown>;
}

const MEANS: ImportMeans = {
  remote: () => findRemote(process.env),
  output: process.stdout,
  progress: process.stderr,
  pause: sleep,
};

/** Exit status: 0 every row that counts was read, 1 some were refused, 2 the file was not read to its end. */
export async function runImport(
  args: readonly string[],
  means: ImportMeans = MEANS,
): Promise<number> {
  const { file, ...typed } = readImportArgs(args);
  try {
    await access(file);
    const { mapping: mappingFile, ...rest } = typed;
    const mapping = mappingFile === undefined ? {} : { mapping: await mappingIn(mappingFile) };
    return await importFile(file, { ...rest, ...mapping }, means);
  } catch (error) {
    means.progress.write(`sopflow import: ${(error as Error).message}\n`);
    return WRONG_USAGE;
  }
}

function readImportArgs(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const { values, words } = readArgs(args, {
    words: ['contacts', 'file'],
    options: {
      ...{
        encoding: text,
        delimiter: text,
        timezone: text,
        mapping: text,
        sheet: text,
        date: text,
      },
      ...{ replace: flag, 'dry-run': flag },
    },
  });
  const [what, file = ''] = words;
  if (what !== 'contacts' || !ENDINGS.test(file))
    throw new UsageError(`不能导入 · cannot import ${what} of ${JSON.stringify(file)}`);

  const { replace = false, 'dry-run': dryRun = false, delimiter, ...texts } = values;
  const tab = delimiter === 'tab' || delimiter === '\\t' ? '\t' : delimiter;
  return { file, replace, dryRun, ...texts, ...(tab !== undefined && { delimiter: tab }) };
}

async function mappingIn(file: string): Promise<ColumnMapping> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as ColumnMapping; // the server checks it
  } catch (error) {
    throw new Error(`--mapping ${file}: ${(error as Error).message}`);
  }
}

async function importFile(file: string, asked: FileAsked, means: ImportMeans): Promise<number> {
  const remote = means.remote();
  const begun = await openImport(remote, file, asked);
  if (begun) means.progress.write(`继续未完成的任务 going on with ${begun.id}\n`);
  const { id } = begun ?? (await uploadFile(remote, file, asked));
  if (!begun)
    means.progress.write(`任务 job ${id}（Ctrl-C 不会中断它 Ctrl-C leaves it running）\n`);

  const job = await follow(remote, id, means);
  return await report(remote, job, file, means);
}

async function follow(
  remote: RemoteFetch,
  id: string,
  { progress, pause }: ImportMeans,
): Promise<ShownImport> {
  let silentMs = 0;
  let untoldMs = TELL_MS;

  for (;;) {
    const job = await findImport(remote, id).catch((error: unknown) => {
      silentMs += POLL_MS;
      if (!isCodedError(error) || silentMs > PATIENCE_MS) throw error;
      return undefined;
    });
    if (job) silentMs = 0;
    if (job?.endedAt !== undefined) {
      if (progress.isTTY) progress.write('\r');
      return job;
    }

    untoldMs += POLL_MS;
    if (job && (progress.isTTY || untoldMs >= TELL_MS)) {
      progress.write(progress.isTTY ? `\r${progressOf(job)} ` : `${progressOf(job)}\n`);
      untoldMs = 0;
    }
    await pause(POLL_MS);
  }
}

function progressOf({ total, sums: { rows, refused } }: ShownImport): string {
  if (total === undefined) return '检查文件 looking through the file';
  return `${rows}/${total} 行 rows，拒绝 ${refused} refused`;
}

async function report(
  remote: RemoteFetch,
  job: ShownImport,
  file: string,
  { output, progress }: ImportMeans,
): Promise<number> {
  const { id, state, sums, asked, problem } = job;
  const told = readingOf(job);
  if (told !== '') progress.write(`${told}\n`);
  if (problem) progress.write(`${problem.message}\n`);
  if (sums.repeated > 0) await tellRepeats(remote, job, progress);
  if (sums.claiming !== undefined) progress.write(`${claimsWords(sums.claiming)}\n`);
  if (sums.refused > 0) {
    const name = await writeRefused(remote, id, file);
    progress.write(`拒绝的行与原因 refused rows with their reasons: ${name}\n`);
  }

  const trial = asked.dryRun ? '（试运行，未写入 dry run, nothing was written）' : '';
  output.write(`${importSumsWords(sums)}${trial}\n`);
  if (state !== 'done') {
    progress.write(`未读完 not read to the end: ${state}\n`);
    return WRONG_USAGE;
  }
  return sums.refused > 0 ? 1 : 0;
}

/** How the file was read. */
function readingOf({ reading, columns = [] }: ShownImport): string {
  if (!reading) return '';

  const { encoding, delimiter, sheet, otherSheets = [] } = reading;
  const ignored = columns.filter(({ path }) => path === '').map(({ header }) => header);
  const parts = [
    encoding !== undefined && `编码 encoding ${encoding}`,
    delimiter !== undefined && `分隔符 delimiter ${JSON.stringify(delimiter)}`,
    sheet !== undefined && `表 sheet ${sheet}`,
    otherSheets.length > 0 && `未读的表 sheets not read: ${otherSheets.join(', ')}`,
    ignored.length > 0 && `忽略的列 columns ignored: ${ignored.join(', ')}`,
  ];
  return parts.filter(Boolean).join('; ');
}

const claimsWords = (rows: number): string =>
  `${rows} 行的号码或 unionid 属于其他地市的客户，待有两地权限者确认 · ` +
  `rows without a name that a contact of another city has, until it is granted: ${rows}, see GET /api/v1/claims`;

async function tellRepeats(
  remote: RemoteFetch,
  { id, sums: { repeated } }: ShownImport,
  progress: Terminal,
): Promise<void> {
  for (const line of await firstRepeats(remote, id, SHOWN_REPEATS)) {
    const [at, by, contactId] = line.split(',');
    progress.write(
      `第 ${at} 行：客户 ${contactId} 重复，以第 ${by} 行为准 · line ${at} is repeated in line ${by}\n`,
    );
  }
  if (repeated > SHOWN_REPEATS)
    progress.write(
      `另有 ${repeated - SHOWN_REPEATS} 行重复 more repeats: GET /api/v1/imports/${id}/repeated\n`,
    );
}
