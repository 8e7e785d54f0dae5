// `sopflow import contacts`: CSV or JSONL to the API in batches; each bad row is named with its line, the good ones are taken.

import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { parse } from 'csv-parse';
import { findRemote, type Remote } from '../remote';
import { contactFromCsv } from './csvContact';

const BATCH = 1_000;

interface Row {
  readonly line: number;
  readonly contact: unknown;
}

interface RowAnswer {
  readonly row: number;
  readonly status: 'accepted' | 'duplicate' | 'refused';
  readonly issues?: readonly { readonly path: string; readonly message: string }[];
}

export async function runImport(args: readonly string[]): Promise<number> {
  const [what, file] = args;
  if (what !== 'contacts' || file === undefined) {
    process.stderr.write('usage: sopflow import contacts <file.csv|file.jsonl>\n');
    return 2;
  }
  const remote = findRemote(process.env);
  let taken = 0;
  let refused = 0;
  for await (const batch of inBatches(file.endsWith('.csv') ? csvRows(file) : jsonRows(file))) {
    const good = batch.filter((row) => !(row.contact instanceof Error));
    const errors = [
      ...batch.flatMap((row) => (row.contact instanceof Error ? [`line ${row.line}: ${row.contact.message}`] : [])),
      ...(await send(remote, good)),
    ];
    for (const error of errors) process.stderr.write(`${error}\n`);
    refused += errors.length;
    taken += batch.length - errors.length;
    if (process.stderr.isTTY) process.stderr.write(`\r${taken} taken, ${refused} refused `);
  }
  process.stdout.write(`${taken} contacts taken, ${refused} refused · 导入 ${taken} 个客户，拒绝 ${refused} 行\n`);
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
  const parser = createReadStream(file).pipe(
    parse({ columns: true, bom: true, skip_empty_lines: true, trim: true, info: true }),
  );
  for await (const { record, info } of parser as AsyncIterable<{
    record: Record<string, string>;
    info: { lines: number };
  }>)
    yield { line: info.lines, contact: contactFromCsv(record) };
}

async function* jsonRows(file: string): AsyncIterable<Row> {
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
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
