// `sopflow backtest`: a proposed policy played over the ledger, by a running sopflow or here over an exported file.

import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { readPolicy } from '../../api/policies';
import { readArgs, UsageError } from '../../embedded/usage';
import { linesByChunk } from '../../reports/lines';
import type { PolicyReplayJob } from '../../reports/policyReplay/jobs';
import { type Played, runPolicyReplay } from '../../reports/policyReplay/run';
import { readLine } from '../../reports/proof/rows';
import { CodedError, isCodedError } from '../../rules/base/errors';
import { holidayTable } from '../../rules/catalogue/library.schema';
import { parseWith } from '../../rules/input/parse';
import type { PolicyReplayReport } from '../../rules/ledger/policyReplay';
import type { DecisionRow, LedgerRow } from '../../rules/ledger/rows';
import { tellsKindsOfDays } from '../../rules/policy/cities';
import type { PolicyDocument } from '../../rules/policy/document.schema';
import type { Holidays } from '../../rules/time/holidays';
import { findRemote, type Remote } from '../remote';
import { renderBacktest } from './backtestWords';

const MAX_DAYS = 366;
const POLL_MS = 200;

interface Asked {
  readonly policy: string;
  readonly days: number;
  readonly file?: string | undefined;
  readonly holidays?: string | undefined;
  readonly json: boolean;
}

/** Exit status: 0 played, 2 it could not be. */
export async function runBacktestCommand(args: readonly string[]): Promise<number> {
  const asked = read(args);
  try {
    const policy = readPolicy(await jsonIn(asked.policy), 'default', asked.policy);
    const report =
      asked.file === undefined ? await remotely(asked) : await locally(asked, asked.file, policy);
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
    process.stdout.write(
      asked.json ? `${JSON.stringify(report)}\n` : `${renderBacktest(report)}\n`,
    );

    return 0;
  } catch (error) {
    process.stderr.write(`sopflow backtest: ${(error as Error).message}\n`);
    return 2;
  }
}

function read(args: readonly string[]): Asked {
  const text = { type: 'string' } as const;
  const options = {
    policy: text,
    days: text,
    file: text,
    holidays: text,
    json: { type: 'boolean' },
  } as const;

  const { policy, days = '', file, holidays, json = false } = readArgs(args, { options }).values;
  if (policy === undefined) throw new UsageError('缺少 --policy · --policy is missing');

  if (!/^[1-9]\d*$/.test(days) || Number(days) > MAX_DAYS)
    throw new UsageError(`--days "${days}" 不允许 · is not allowed; allowed: 1 to ${MAX_DAYS}`);

  if (holidays !== undefined && file === undefined)
    throw new UsageError('--holidays 须与 --file 同用 · --holidays goes with --file');

  return { policy, days: Number(days), file, holidays, json };
}

async function jsonIn(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CodedError('INVALID_INPUT', `${file} is not JSON: ${(error as Error).message}`);
  }
}

async function remotely({ policy, days }: Asked): Promise<PolicyReplayReport> {
  const remote = findRemote(process.env);
  const body = JSON.stringify({ policy: await jsonIn(policy), days });
  const headers = { 'content-type': 'application/json' };
  let job = await jobOf(
    await remote.fetch('/api/v1/policies:backtest', { method: 'POST', headers, body }),
  );

  while (job.state === 'running') {
    reportProgress(job.progress);
    await pause(POLL_MS);
    job = await jobOf(await remote.fetch(`/api/v1/backtests/${job.id}`));
  }

  if (job.report) return job.report;
  throw new CodedError(
    'UNAVAILABLE',
    `back-test ${job.id} ${job.state}${job.error ? `: ${job.error}` : ''}`,
  );
}

const jobOf = async (answer: Response): Promise<PolicyReplayJob> =>
  (await answer.json()) as PolicyReplayJob;

async function locally(
  asked: Asked,
  file: string,
  policy: PolicyDocument,
): Promise<PolicyReplayReport> {
  const holidays = await holidaysFor(asked, policy);
  return runPolicyReplay({
    rows: rowsIn(file),
    policy,
    holidays,
    days: asked.days,
    progress: reportProgress,
  });
}

/** A policy that tells work days from days of rest needs the table of the year. */
async function holidaysFor({ holidays }: Asked, policy: PolicyDocument): Promise<Holidays> {
  if (holidays !== undefined) return parseWith(holidayTable, await jsonIn(holidays), holidays).days;

  if (!tellsKindsOfDays(policy)) return {};

  const remote = remoteOr(
    'the policy tells work days from days of rest: give --holidays <holidays.json>',
  );
  const { body } = (await (await remote.fetch('/api/v1/holidays/cn')).json()) as {
    body: { days: Holidays };
  };

  return body.days;
}

function remoteOr(otherwise: string): Remote {
  try {
    return findRemote(process.env);
  } catch (error) {
    throw isCodedError(error)
      ? new CodedError('UNAVAILABLE', `${otherwise}; ${error.message}`)
      : error;
  }
}

/** The rows of a piece of the file at a time: a promise a row would cost as much as its replay. */
async function* rowsIn(file: string): AsyncGenerator<readonly LedgerRow[]> {
  let number = 0;
  for await (const lines of linesByChunk(createReadStream(file, { highWaterMark: READ_BYTES })))
    yield lines.flatMap((line) => {
      number += 1;
      return line.trim() === '' ? [] : rowsOf(line, number, file);
    });
}

/** None of a line about rows that were archived. */
function rowsOf(line: string, number: number, file: string): readonly LedgerRow[] {
  const row = plainRow(line) ?? readLine(line, number);
  if (row.kind === 'archive' || row.kind === 'beginning') return [];
  if (row.kind !== 'malformed') return [row];
  throw new CodedError('INVALID_INPUT', `${file}:${number} is no row of a ledger: ${row.detail}`);
}

const READ_BYTES = 256 * 1024;

/** A row that looks like one of ours. Millions are read: only others are worth the whole check, and its words. */
function plainRow(line: string): LedgerRow | undefined {
  let row: Partial<DecisionRow> | null;
  try {
    row = JSON.parse(line) as Partial<DecisionRow> | null;
  } catch {
    return undefined; // the whole check says what is wrong
  }

  const isPlain =
    typeof row?.contactId === 'string' &&
    typeof row.touchId === 'string' &&
    typeof row.at === 'string' &&
    typeof row.channel === 'string' &&
    typeof row.revision === 'number' &&
    (row.kind === 'decision' ? isPlainDecision(row) : row.kind === 'settlement');

  return isPlain ? (row as LedgerRow) : undefined;
}

const isPlainDecision = ({
  city,
  class: touchClass,
  verdict,
  basis,
}: Partial<DecisionRow>): boolean =>
  typeof city === 'string' &&
  typeof touchClass === 'string' &&
  typeof verdict === 'string' &&
  (basis === undefined || (typeof basis?.timezone === 'string' && Array.isArray(basis.dnd)));

function reportProgress({ read, played }: Played): void {
  if (process.stderr.isTTY) process.stderr.write(`\r已读 read ${read}, 已重放 played ${played} `);
}
