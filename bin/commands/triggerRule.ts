// `sopflow triggers` with words: a trigger is drafted from a file, played over the past, enabled and disabled on a running sopflow.

import { readFile } from 'node:fs/promises';
import { readArgs, UsageError, WRONG_USAGE } from '../../embedded/usage';
import type { TriggerReplayJob } from '../../reports/triggerReplay/jobs';
import type { PlayedReport } from '../../reports/triggerReplay/play';
import type { Issue } from '../../rules/base/errors';
import { CodedError } from '../../rules/base/errors';
import { parseVersionRef, versionRef } from '../../rules/base/ids';
import type { Phrase } from '../../rules/words/terms';
import { FOLLOW_MEANS, type FollowMeans } from '../means';

const PATH = '/api/v1/triggers';

interface Asked {
  readonly name: string;
  readonly days?: string | undefined;
  readonly reason?: string | undefined;
  readonly json: boolean;
}

type Act = (asked: Asked, means: FollowMeans) => Promise<number>;

const ACTS: Readonly<Record<string, Act>> = {
  import: importFile,
  backtest,
  enable: (asked, means) => changed(asked, means, `${versionPath(asked.name)}:enable`),
  disable: (asked, means) => changed(asked, means, `${PATH}/${asked.name}:disable`),
};

/** Exit status: 0 done, 1 drafted with faults that keep it from being enabled, 2 nothing was done. */
export async function runTriggerRule(
  args: readonly string[],
  means: FollowMeans = FOLLOW_MEANS,
): Promise<number> {
  const text = { type: 'string' } as const;
  const options = { days: text, reason: text, json: { type: 'boolean' } } as const;
  const { values, words } = readArgs(args, {
    options,
    words: [Object.keys(ACTS).join('|'), 'file|id'],
  });
  const [verb = '', name = ''] = words;
  const act = Object.hasOwn(ACTS, verb) ? ACTS[verb] : undefined;
  if (!act) throw new UsageError(`未知动作 · unknown: triggers ${JSON.stringify(verb)}`);

  try {
    return await act({ name, ...values, json: values.json ?? false }, means);
  } catch (error) {
    means.progress.write(`sopflow triggers: ${(error as Error).message}\n`);
    return WRONG_USAGE;
  }
}

interface Shown {
  readonly id: string;
  readonly version: number;
  readonly words: Phrase;
}

async function importFile({ name: file }: Asked, { remote, output }: FollowMeans): Promise<number> {
  const given = jsonIn(await readFile(file, 'utf8'), file);
  const api = remote();
  const drafted = await post<Shown>(api, PATH, given);
  output.write(`已保存草稿 drafted: ${versionRef(drafted.id, drafted.version)}\n`);
  output.write(`${drafted.words['zh-CN']}\n${drafted.words.en}\n`);

  const { issues } = await post<{ readonly issues: readonly Issue[] }>(
    api,
    `${PATH}:validate`,
    given,
  );
  for (const { path, message } of issues) output.write(`${file}: 错误 error ${path}: ${message}\n`);
  return issues.length > 0 ? 1 : 0;
}

function jsonIn(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CodedError('INVALID_INPUT', `${file} is not JSON: ${(error as Error).message}`);
  }
}

async function backtest(
  { name, days = '7', json }: Asked,
  { remote, output, progress, pause }: FollowMeans,
): Promise<number> {
  const api = remote();
  let job = await post<TriggerReplayJob>(api, `${versionPath(name)}:backtest`, {
    days: Number(days),
  });
  while (job.state === 'running') {
    progress.write(`重放事件 events played ${job.progress.events}\n`);
    await pause();
    const asked = await api.fetch(`/api/v1/trigger-backtests/${job.id}`);
    job = (await asked.json()) as TriggerReplayJob; // as the API documents it
  }

  const { report } = job;
  if (!report)
    throw new CodedError('UNAVAILABLE', `the back-test is ${job.state}: ${job.error ?? ''}`);
  output.write(json ? `${JSON.stringify(report)}\n` : tableOf(report.tested));
  if (!json && report.inForce) output.write(`生效版本 in force:\n${tableOf(report.inForce)}`);
  return 0;
}

/** A line a day, and one a reason. */
function tableOf({ events, days, reasons }: PlayedReport): string {
  const lines = days.map(({ date, outcomes, gate, confirmations, busiest }) => {
    const counts = (of: Readonly<Record<string, number | undefined>>): string =>
      Object.entries(of)
        .map(([what, count]) => `${what} ${count}`)
        .join(', ');
    return `${date}  ${counts(outcomes)}  |  管控 gate: ${counts(gate)}  |  确认 confirmations: ${confirmations} (${busiest})`;
  });
  const why = reasons.map(
    ({ verdict, reason, rule, count }) => `${verdict} ${reason} ${rule}: ${count}`,
  );
  return [`事件 events: ${events}`, ...lines, ...why, ''].join('\n');
}

async function changed(
  { reason }: Asked,
  { remote, output }: FollowMeans,
  path: string,
): Promise<number> {
  const answer = await post<{
    readonly id: string;
    readonly state?: string;
    readonly enabled?: number | null;
  }>(remote(), path, reason === undefined ? {} : { reason });
  const isEnabled = answer.state === 'enabled' || typeof answer.enabled === 'number';
  output.write(`${answer.id}: ${isEnabled ? '已启用 enabled' : '已停用 disabled'}\n`);
  return 0;
}

/** @throws UsageError for what names no version */
function versionPath(ref: string): string {
  const named = parseVersionRef(ref);
  if (!named)
    throw new UsageError(
      `须为 id@版本 · not a version: ${JSON.stringify(ref)}; allowed: <id>@<version>`,
    );
  return `${PATH}/${named.id}/versions/${named.version}`;
}

async function post<T>(
  { fetch }: ReturnType<FollowMeans['remote']>,
  path: string,
  body: unknown,
): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
  return (await answer.json()) as T; // as the API documents it
}
