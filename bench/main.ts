// What `npm run bench` runs: the named parts, or all but those that take long: chaos, which kills real processes, and intake.

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readArgs, showUsage, UsageError } from '../embedded/usage';
import { calendarPart } from './calendar';
import { chaosPart } from './chaos';
import { checkerPart, measureMemory, memoryPart } from './checker';
import { decidePart } from './decide';
import { eventsPart } from './events';
import { importPart, runImportsOver } from './import';
import { intakePart } from './intake';
import type { BenchOptions, Figure, Part } from './part';
import { previewPart } from './preview';
import { racePart } from './raceFigures';
import { describeMachine, type Report, renderReport, writeReport } from './report';
import { pagePart, singlePart } from './touches';
import { triggerReplayPart } from './triggerReplay';
import { triggerPart } from './triggers';
import { waveKillsPart } from './waveKills';
import { wavePart } from './waves';

const PARTS: Readonly<Record<string, Part>> = {
  code: loadCodePart,
  decide: decidePart,
  calendar: calendarPart,
  preview: previewPart,
  single: singlePart,
  page: pagePart,
  race: racePart,
  checker: checkerPart,
  memory: memoryPart,
  intake: intakePart,
  events: eventsPart,
  import: importPart,
  chaos: chaosPart,
  waves: wavePart,
  'wave-kills': waveKillsPart,
  triggers: triggerPart,
  'trigger-replay': triggerReplayPart,
};

/** Loaded when asked for: it reads code with the compiler, whose heap makes the parts that are timed collect garbage otherwise. */
async function loadCodePart(options: BenchOptions): Promise<readonly Figure[]> {
  const { codePart } = await import('./code.js');
  return codePart(options);
}

const USAGE = `npm run bench -- [${Object.keys(PARTS).join('|')} …] [--seed <n>] [--kills <n>] [--contacts <n>] [--rows <n>] [--out <folder>]`;

/** Run only when named. */
const ON_DEMAND = [
  'code',
  'intake',
  'events',
  'import',
  'chaos',
  'waves',
  'wave-kills',
  'preview',
  'triggers',
  'trigger-replay',
];
const DEFAULT_SEED = 7;
const DEFAULT_KILLS = 100;
const DEFAULT_CONTACTS = 1_000;
const DEFAULT_ROWS = 100_000;

const log = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

async function main(args: readonly string[]): Promise<void> {
  const text = { type: 'string' } as const;
  const { values, words } = readArgs(args, {
    options: {
      kills: text,
      contacts: text,
      seed: text,
      out: text,
      rows: text,
      'memory-of': text,
      'import-over': text,
    },
    more: true,
  });
  if (values['memory-of'] !== undefined)
    return measureMemory(number(values['memory-of'], 'memory-of'));
  if (values['import-over'] !== undefined) return runImportsOver(values['import-over']);

  const seed = number(values.seed ?? String(DEFAULT_SEED), 'seed');
  const options = {
    seed,
    kills: number(values.kills ?? String(DEFAULT_KILLS), 'kills'),
    rows: number(values.rows ?? String(DEFAULT_ROWS), 'rows'),
    contacts: number(values.contacts ?? String(DEFAULT_CONTACTS), 'contacts'),
    log,
  };
  const parts: Record<string, readonly Figure[]> = {};
  const machine = describeMachine();

  for (const [name, part] of chosen(words)) {
    log(`${name} …`);
    parts[name] = await part(options);
  }

  const report: Report = { machine, at: new Date().toISOString(), seed, parts };
  process.stdout.write(`${renderReport(report)}\n`);
  process.stdout.write(
    `JSON: ${writeReport(report, values.out ?? join(tmpdir(), 'sopflow-bench'))}\n`,
  );
}

function chosen(names: readonly string[]): (readonly [string, Part])[] {
  const wanted =
    names.length > 0 ? names : Object.keys(PARTS).filter((name) => !ON_DEMAND.includes(name));
  return wanted.map((name) => {
    const part = Object.hasOwn(PARTS, name) ? PARTS[name] : undefined;
    if (!part) throw new UsageError(`no part "${name}"; allowed: ${Object.keys(PARTS).join(', ')}`);

    return [name, part] as const;
  });
}

function number(text: string, option: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0)
    throw new UsageError(`--${option} "${text}" is no whole number`);
  return value;
}

main(process.argv.slice(2)).then(
  () => process.exit(0), // stand-ins of systems may still keep timers
  (error: unknown) => {
    const status = showUsage(error, USAGE, process.stderr);
    if (status === null)
      process.stderr.write(
        `bench: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
      );
    process.exit(status ?? 1);
  },
);
