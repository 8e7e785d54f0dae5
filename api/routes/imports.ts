// Files of customers: taken in as they come, read as jobs, with their progress, their sums and the rows that were not taken.

import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { keepFile } from '../../intake/imports/storedFile';
import type { Caller } from '../../ports/auth';
import type { ImportAsked, ImportJob, LeftKind } from '../../ports/imports';
import type { FileFormat } from '../../ports/rowFiles';
import { CodedError } from '../../rules/base/errors';
import { instantOfCell } from '../../rules/contact/file/date';
import { columnMapping } from '../../rules/contact/file/mapping.schema';
import { parseWith } from '../../rules/input/parse';
import { strict, text, zone } from '../../rules/input/shape.schema';
import { formatInstant } from '../../rules/time/instant';
import * as answers from '../answers';
import type { ApiDeps } from '../deps';
import { type Exchange, endpoint } from '../exchange';
import { refusedLines, repeatedLines } from '../leftRows';
import { page, pageQuery } from '../paging';
import { unknown } from '../scope';

/** Later than now by more than this nothing can have been said. */
const CLOCK_TOLERANCE_MS = 5 * 60 * 1000;

const asked = strict({
  /** Name of the file; its ending tells the format. */
  name: text.max(255).exactOptional(),
  format: z.enum(['csv', 'jsonl', 'xlsx']).exactOptional(),
  encoding: text.max(20).exactOptional(),
  delimiter: text.max(1).exactOptional(),
  /** Zone of the dates in the file. */
  timezone: zone.exactOptional(),
  /** JSON: by header, the field that it means. */
  mapping: text.exactOptional(),
  sheet: text.max(60).exactOptional(),
  replace: z.stringbool().default(false),
  dryRun: z.stringbool().default(false),
  /** Of when the file is; absent: of when it is read. */
  date: text.max(40).exactOptional(),
});
type Asked = z.infer<typeof asked>;

const sums = z.object({
  rows: z.int(),
  taken: z.int(),
  unchanged: z.int(),
  refused: z.int(),
  skipped: z.int(),
  repeated: z.int(),
  claiming: z.int().optional(),
});
const job = z.looseObject({
  id: z.string(),
  state: z.enum(['uploading', 'waiting', 'running', 'done', 'failed', 'cancelled']),
  fileName: z.string(),
  digest: z.string(),
  asked: answers.anything,
  total: z.int().optional(),
  sums,
  problem: z.looseObject({ message: z.string(), issues: z.array(answers.issue) }).optional(),
});

export const upload = endpoint({
  summary: [
    '导入客户文件（CSV、JSONL 或 .xlsx），作为任务读取；同一文件接着未完成的任务继续',
    'Import a file of contacts as a job; the same file goes on with the job that it began, while that has not ended',
  ],
  query: asked,
  uploadType: 'application/octet-stream',
  answer: job,
  async handle(exchange) {
    const { deps, caller, query, headers } = exchange;
    const began = jobOf(exchange, query, String(headers['content-type'] ?? ''));
    await deps.stores.imports.create(began);

    const kept = await keepUpload(exchange, began);
    const before = await sameJob(deps, caller, { ...began, ...kept });
    if (before) {
      await drop(deps, began.id, 'cancelled');
      return accepted(before);
    }

    await deps.stores.imports.note(began.id, { state: 'waiting', ...kept });
    return accepted({ ...began, ...kept, state: 'waiting' });
  },
});

const accepted = (started: ImportJob) => ({
  status: 202,
  body: viewOf(started),
  headers: { Location: `/api/v1/imports/${started.id}` },
});

function jobOf(
  { deps, caller }: Pick<Exchange, 'deps' | 'caller'>,
  query: Asked,
  contentType: string,
): ImportJob {
  const now = deps.clock.now();
  const createdAt = formatInstant(now);
  return {
    // Ids ascend with time: the newest is the largest.
    id: `imp-${createdAt.replace(/\D/g, '')}-${randomUUID().slice(0, 8)}`,
    state: 'uploading',
    fileName: query.name ?? 'contacts',
    format: formatOf(query, contentType),
    ...{ bytes: 0, digest: '' },
    asked: askedOf(query, deps, now),
    owner: caller.credential.id,
    author: caller.name,
    ...(caller.cities && { cities: caller.cities }),
    createdAt,
    sums: { rows: 0, taken: 0, unchanged: 0, refused: 0, skipped: 0, repeated: 0 },
  };
}

function askedOf(query: Asked, { timezone }: ApiDeps, now: number): ImportAsked {
  const { encoding, delimiter, sheet, replace, dryRun, mapping, date } = query;
  const fileZone = query.timezone ?? timezone;
  return {
    ...(encoding !== undefined && { encoding }),
    ...(delimiter !== undefined && { delimiter }),
    ...(sheet !== undefined && { sheet }),
    ...(mapping !== undefined && { mapping: mappingOf(mapping) }),
    ...(date !== undefined && { statedAt: statedAtOf(date, fileZone, now) }),
    ...{ timezone: fileZone, replace, dryRun },
  };
}

function mappingOf(json: string) {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw invalid('mapping', `not JSON: ${(error as Error).message}`);
  }
  return parseWith(columnMapping, value, 'mapping');
}

function statedAtOf(date: string, fileZone: string, now: number): string {
  const at = instantOfCell(date, fileZone);
  if (at === null) throw invalid('date', 'not a date with the year first, such as 2024-01-05');
  if (Date.parse(at) > now + CLOCK_TOLERANCE_MS) throw invalid('date', 'later than now');
  return formatInstant(Math.min(Date.parse(at), now));
}

const invalid = (path: string, message: string): CodedError =>
  new CodedError('INVALID_INPUT', `${path}: ${message}`, [{ path, message }]);

const TYPES: readonly (readonly [RegExp, FileFormat])[] = [
  [/spreadsheetml/, 'xlsx'],
  [/ndjson|jsonl/, 'jsonl'],
  [/csv|tab-separated/, 'csv'],
];
const ENDINGS: Readonly<Record<string, FileFormat>> = {
  ...{ csv: 'csv', tsv: 'csv', txt: 'csv', xlsx: 'xlsx', xlsm: 'xlsx' },
  ...{ jsonl: 'jsonl', ndjson: 'jsonl' },
};

function formatOf({ format, name = '' }: Asked, contentType: string): FileFormat {
  const ending = /\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  const byEnding = Object.hasOwn(ENDINGS, ending) ? ENDINGS[ending] : undefined;
  const byType = TYPES.find(([type]) => type.test(contentType))?.[1];
  const found = format ?? byEnding ?? byType;
  if (found) return found;

  const allowed = '.csv .tsv .txt .jsonl .ndjson .xlsx';
  throw new CodedError('INVALID_INPUT', `${name || 'the file'}: allowed: ${allowed}`, [
    { path: 'name', message: `未知的文件格式 unknown format; allowed: ${allowed}`, allowed },
  ]);
}

/** A file that does not come whole leaves nothing behind. */
async function keepUpload(
  { deps, upload: content }: Pick<Exchange, 'deps' | 'upload'>,
  { id }: ImportJob,
) {
  try {
    return await keepFile(deps.stores.imports, id, content);
  } catch (error) {
    await drop(deps, id, 'failed');
    throw error;
  }
}

async function drop(
  { stores, clock }: ApiDeps,
  id: string,
  state: 'failed' | 'cancelled',
): Promise<void> {
  await stores.imports.end(id, state, formatInstant(clock.now()));
  await stores.imports.removeFile(id);
}

/** The job that the same caller began with the same file, if it has not ended. */
async function sameJob(
  { stores }: ApiDeps,
  { credential }: Caller,
  { digest, asked: wanted, format }: ImportJob,
): Promise<ImportJob | undefined> {
  const known = await stores.imports.list({ owner: credential.id, digest, limit: 100 });
  const isSame = (other: ImportJob): boolean =>
    ['waiting', 'running'].includes(other.state) &&
    other.format === format &&
    isDeepStrictEqual(other.asked, wanted);
  return known.find(isSame);
}

export const listImports = endpoint({
  summary: [
    '导入任务列表（新在前；只列自己的，管理员列全部）',
    'Imports, newest first: your own, or all for an admin',
  ],
  query: strict({ ...pageQuery, digest: text.max(64).exactOptional() }),
  answer: answers.pageOf(job),
  async handle({ deps, caller, query: { after, limit, digest } }) {
    const listing = {
      ...(caller.role !== 'admin' && { owner: caller.credential.id }),
      ...(after !== undefined && { after }),
      ...(digest !== undefined && { digest }),
      limit,
    };
    const found = await deps.stores.imports.list(listing);
    return { body: page(found.map(viewOf), limit, ({ id }) => id) };
  },
});

export const showImport = endpoint({
  summary: [
    '导入进度与合计：行数 = 导入 + 未变 + 拒绝 + 跳过',
    'How far an import is, and its sums: rows = taken + unchanged + refused + skipped',
  ],
  answer: job,
  handle: async (exchange) => ({ body: viewOf(await visibleImport(exchange)) }),
});

export const cancelImport = endpoint({
  summary: ['取消导入；已导入的行保留', 'Cancel an import; rows that were taken stay'],
  answer: job,
  async handle(exchange) {
    const { deps } = exchange;
    const { id } = await visibleImport(exchange);
    await deps.stores.imports.end(id, 'cancelled', formatInstant(deps.clock.now()));
    return { body: viewOf(await visibleImport(exchange)) };
  },
});

export const refusedRows = endpoint({
  summary: [
    '被拒绝的行（CSV，含行号与原因，改好后可再次导入）',
    'The rows that were refused, as CSV with line and reason: mend them and import the file again',
  ],
  answerType: 'text/csv',
  handle: (exchange) => csvOf(exchange, 'refused'),
});

export const repeatedRows = endpoint({
  summary: [
    '重复客户的行（CSV）：同一客户以最后一行为准',
    'The rows of contacts that come again later in the file, as CSV: the last row counts',
  ],
  answerType: 'text/csv',
  handle: (exchange) => csvOf(exchange, 'repeated'),
});

async function csvOf(exchange: Pick<Exchange, 'deps' | 'caller' | 'params'>, kind: LeftKind) {
  const found = await visibleImport(exchange);
  const rows = exchange.deps.stores.imports.left(found.id, kind);
  const lines = kind === 'refused' ? refusedLines(found, rows) : repeatedLines(rows);
  return { type: 'text/csv; charset=utf-8', stream: Readable.from(lines) };
}

/** Rows hold whole phones and names: only who brought a file, and an admin, sees it. */
async function visibleImport({
  deps,
  caller,
  params,
}: Pick<Exchange, 'deps' | 'caller' | 'params'>): Promise<ImportJob> {
  const found = await deps.stores.imports.find(params.id ?? '');
  const isVisible = caller.role === 'admin' || found?.owner === caller.credential.id;
  if (!found || !isVisible) throw unknown('import', params.id ?? '');
  return found;
}

const viewOf = ({ owner: _owner, ...shown }: ImportJob) => shown;
