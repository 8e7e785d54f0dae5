// `sopflow import contacts`: CSV or JSONL to the API in batches; each bad row is named with its line, the good ones are taken.

import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { CsvError, parse } from 'csv-parse';
import { readArgs, UsageError } from '../../embedded/usage';
import { linesOf } from '../../reports/lines';
import { findRemote, type Remote } from '../remote';
import { contactFromCsv } from './csvContact';

const BATCH = 1_000;

interface Row {
  readonly line: number;
  readonly contact: unknown;
}

interface CsvLine {
  readonly record: Record<string, string>;
  readonly info: { readonly lines: number; readonly error?: CsvError };
}

interface RowAnswer {
  readonly row: number;
  readonly status: 'accepted' | 'duplicate' | 'refused';
  readonly issues?: readonly { readonly path: string; readonly message: string }[];
}

export async function runImport(args: readonly string[]): Promise<number> {
  const [what, file = ''] = readArgs(args, { words: ['contacts', 'file'] }).words;
  if (what !== 'contacts' || !/\.(csv|jsonl)$/.test(file))
    throw new UsageError(`不能导入 · cannot import ${what} of ${JSON.stringify(file)}`);

  const remote = findRemote(process.env);
  let taken = 0;
  let refused = 0;

  for await (const batch of inBatches(file.endsWith('.csv') ? csvRows(file) : jsonRows(file))) {
    const good = batch.filter((row) => !(row.contact instanceof Error));
    const errors = [
      ...batch.flatMap((row) =>
        row.contact instanceof Error ? [`line ${row.line}: ${row.contact.message}`] : [],
      ),
      ...(await send(remote, good)),
    ];
    for (const error of errors) process.stderr.write(`${error}\n`);
    refused += errors.length;
    taken += batch.length - errors.length;
    if (process.stderr.isTTY) process.stderr.write(`\r${taken} taken, ${refused} refused `);
  }

  process.stdout.write(
    `${taken} contacts taken, ${refused} refused · 导入 ${taken} 个客户，拒绝 ${refused} 行\n`,
  );

  return refused > 0 ? 1 : 0;
}

async function send(remote: Remote, rows: readonly Row[]): Promise<string[]> {
  if (rows.length === 0) return [];

  const body = rows.map((row) => JSON.stringify(row.contact)).join('\n');
  const answer = await remote.fetch('/api/v1/contacts:batch', {
    method: 'PUT',
    headers: { 'content-type': 'application/x-ndjson' },
    body,
  });
  const answers = ((await answer.json()) as { rows: readonly RowAnswer[] }).rows;

  return answers
    .filter(({ status }) => status === 'refused')
    .map(
      ({ row, issues = [] }) =>
        `line ${rows[row]?.line ?? '?'}: ${issues.map(({ path, message }) => `${path}: ${message}`).join('; ')}`,
    );
}

async function* csvRows(file: string): AsyncIterable<Row> {
  // Opened first: a stream that fails to open would end the process instead of this command.
  const source = (await open(file)).createReadStream();
  const parser = parse({
    ...{ columns: true, bom: true, skip_empty_lines: true, trim: true, info: true },
    relax_column_count: true, // see `info.error`, so that one bad line does not end the file
  });
  source.on('error', (error) => parser.destroy(error)).pipe(parser);

  try {
    for await (const { record, info } of parser as AsyncIterable<CsvLine>)
      yield { line: info.lines, contact: info.error ?? contactFromCsv(record) };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // An open quote: nothing behind it can be told apart.
    yield { line: typeof error.lines === 'number' ? error.lines : 1, contact: error };
  }
}

async function* jsonRows(file: string): AsyncIterable<Row> {
  let line = 0;
  for await (const text of linesOf(createReadStream(file))) {
    line++;
    if (text.trim() !== '') yield { line, contact: parsed(text) };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return error;
  }
}

async function* inBatches(rows: AsyncIterable<Row>): AsyncIterable<readonly Row[]> {
  let batch: Row[] = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }

  if (batch.length > 0) yield batch;
}
