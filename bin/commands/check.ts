// `sopflow check`: the proof of the ledger, of a running sopflow or of an exported file. Violations go to stdout, words to stderr.

import { createReadStream } from 'node:fs';
import type { ReadableStream } from 'node:stream/web';
import { readArgs, UsageError } from '../../embedded/usage';
import { linesOf } from '../../reports/lines';
import { type CheckEvent, checkLedger } from '../../reports/proof/check';
import type { CheckSummary } from '../../reports/proof/checkSummary';
import { type LedgerLine, type Malformed, readLine } from '../../reports/proof/rows';
import { CodedError } from '../../rules/base/errors';
import { formatInstant, parseInstant } from '../../rules/time/instant';
import { findLedgerKeys } from '../ledgerKeys';
import { findRemote } from '../remote';
import { policyLines, readVersions } from '../versions';
import { renderCheck } from './checkWords';

interface Asked {
  readonly since?: string;
  readonly until?: string;
  readonly contact?: string;
  readonly seals?: string;
  readonly archive?: readonly string[];
  readonly file?: string;
  readonly policies?: string;
}

/** Exit status: 0 nothing found, 1 violations, 2 the ledger could not be proved. */
export async function runCheck(args: readonly string[]): Promise<number> {
  const asked = read(args);
  try {
    const isLocal = asked.file !== undefined || asked.archive !== undefined;
    const summary = await print(
      isLocal ? locally(asked) : remotely(asked),
      !isLocal && asked.seals !== undefined ? againstSeals(asked) : undefined,
    );
    process.stderr.write(`${renderCheck(summary)}\n`);
    return summary.violations === 0 ? 0 : 1;
  } catch (error) {
    process.stderr.write(`sopflow check: ${(error as Error).message}\n`);
    return 2;
  }
}

function read(args: readonly string[]): Asked {
  const text = { type: 'string' } as const;
  const options = {
    since: text,
    until: text,
    contact: text,
    seals: text,
    archive: { ...text, multiple: true } as const,
    file: text,
    policies: text,
  };
  const asked: Asked = readArgs(args, { options }).values;
  if (asked.policies !== undefined && asked.file === undefined)
    throw new UsageError('--policies 须与 --file 同用 · --policies goes with --file');

  return {
    ...asked,
    ...(asked.since !== undefined && { since: instantOf(asked.since, '--since') }),
    ...(asked.until !== undefined && { until: instantOf(asked.until, '--until') }),
  };
}

function instantOf(text: string, option: string): string {
  const at = parseInstant(text);
  if (Number.isNaN(at))
    throw new UsageError(
      `${option} "${text}" 不是时刻 · is no instant; allowed: 2026-03-01T00:00:00+08:00`,
    );

  return formatInstant(at);
}

/** Prints what is found, and what is found against the seals. */
async function print(
  findings: AsyncIterable<CheckEvent>,
  bySeals?: AsyncIterable<CheckEvent>,
): Promise<CheckSummary> {
  const summary = await printed(findings);
  if (!bySeals) return summary;

  const { byKind, violations, sealed } = await printed(bySeals);
  return {
    ...summary,
    violations: summary.violations + violations,
    byKind: { ...summary.byKind, ...byKind }, // no kind is found by both
    ...(sealed && { sealed }),
  };
}

/** The summary at the end means that this was all. */
async function printed(findings: AsyncIterable<CheckEvent>): Promise<CheckSummary> {
  let summary: CheckSummary | undefined;
  for await (const finding of findings) {
    if ('summary' in finding) summary = finding.summary;
    else if (!('progress' in finding)) await write(`${JSON.stringify(finding)}\n`);
    else if (process.stderr.isTTY)
      process.stderr.write(
        `\r已读 read ${finding.progress.rows}, 已核查 proved ${finding.progress.proved} `,
      );
  }

  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  if (!summary)
    throw new CodedError('UNAVAILABLE', 'the answer broke off before its end: nothing is proved');

  return summary;
}

async function* remotely({ since, until, contact }: Asked): AsyncGenerator<CheckEvent> {
  const query = new URLSearchParams({ progress: 'true', ...given({ since, until, contact }) });
  const answer = await findRemote(process.env).fetch(`/api/v1/ledger:check?${query}`);
  if (!answer.body) return;

  for await (const line of linesOf(answer.body as ReadableStream<Uint8Array>))
    yield JSON.parse(line) as CheckEvent;
}

const given = (fields: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined),
  );

/** Archives are with whoever asks: a ledger in use is proved here with them. */
async function* locally({
  since,
  until,
  contact,
  policies,
  seals,
  archive = [],
  file,
}: Asked): AsyncGenerator<CheckEvent> {
  const lines = policies === undefined ? policyLines(findRemote(process.env)) : linesIn(policies);
  const versions = await readVersions(lines, policies ?? 'policies');

  yield* checkLedger({
    rows: file === undefined ? exportedRows() : rowsOf(linesIn(file)),
    versions,
    ledgerKeys: findLedgerKeys(process.env),
    ...(seals !== undefined && { seals: linesIn(seals) }),
    archives: archive.map((name) => ({ name, lines: linesIn(name) })),
    since,
    until,
    contactId: contact,
  });
}

/** The rules of a ledger in use are proved where it is, its rows here. */
async function* againstSeals({
  since,
  until,
  contact,
  seals = '',
}: Asked): AsyncGenerator<CheckEvent> {
  yield* checkLedger({
    rows: exportedRows(),
    versions: { policy: async () => null, holidays: async () => null },
    ledgerKeys: findLedgerKeys(process.env),
    seals: linesIn(seals),
    sealsOnly: true,
    since,
    until,
    contactId: contact,
  });
}

async function* exportedRows(): AsyncGenerator<LedgerLine | Malformed> {
  const { body } = await findRemote(process.env).fetch('/api/v1/ledger:export');
  if (body) yield* rowsOf(linesOf(body as ReadableStream<Uint8Array>));
}

/** Opened when it is first read: a file that is not there is then a refusal of the command. */
async function* linesIn(file: string): AsyncGenerator<string> {
  yield* linesOf(createReadStream(file));
}

async function* rowsOf(lines: AsyncIterable<string>): AsyncGenerator<LedgerLine | Malformed> {
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (line.trim() !== '') yield readLine(line, number);
  }
}

async function write(text: string): Promise<void> {
  if (!process.stdout.write(text))
    await new Promise((resolve) => process.stdout.once('drain', resolve));
}
