// What `npm test` runs: every check and every test, whatever failed before, and one plain line with the figures at the end.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { styleText } from 'node:util';
import { run } from '../embedded/commands';
import { chooseSteps, type Step, stepsOf } from './steps';
import { type JestReport, sum, type Tally, tallyCheck, tallyJest } from './tally';

const HEARTBEAT_MS = 30_000;
/** Compiled to dist/test/: the checkout is two folders up. */
const ROOT = join(__dirname, '..', '..');

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const paint = (colour: 'green' | 'red', text: string): string =>
  process.stdout.isTTY ? styleText(colour, text) : text;

async function runStep(step: Step): Promise<Tally> {
  const begun = performance.now();
  const seconds = (): string => `${Math.round((performance.now() - begun) / 1000)} s`;
  const lines: string[] = [];
  say(`${step.name} …`);
  const heartbeat = setInterval(
    () =>
      say(`  … ${step.name} ${seconds()}: ${lines.at(-1)?.slice(0, 160) ?? 'nothing said yet'}`),
    HEARTBEAT_MS,
  );
  const result = await run(step.program, step.args, {
    cwd: ROOT,
    timeoutMs: step.timeoutMs,
    onLine: (line) => lines.push(line),
  });
  clearInterval(heartbeat);
  const tally =
    step.report === undefined
      ? tallyCheck(result.ok)
      : tallyJest(result.ok, readReport(step.report));
  const figures =
    step.report === undefined ? '' : `, ${tally.passed} passed, ${tally.failed} failed`;
  if (tally.failed === 0) {
    say(`${step.name} ${paint('green', 'ok')} (${seconds()}${figures})`);
    return tally;
  }
  for (const line of lines) say(`  ${line}`);
  const why = [tally.complaint, result.ok ? undefined : result.ended]
    .filter((part) => part !== undefined)
    .join('; ');
  say(`${step.name} ${paint('red', 'FAILED')} (${seconds()}${figures}): ${why}`);
  return tally;
}

function readReport(path: string): JestReport | undefined {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as JestReport) : undefined;
}

async function main(names: readonly string[]): Promise<number> {
  const scratch = mkdtempSync(join(tmpdir(), 'sopflow-test-'));
  process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
  const tallies: Tally[] = [];
  for (const step of chooseSteps(stepsOf(ROOT, scratch), names)) tallies.push(await runStep(step));
  const { passed, failed } = sum(tallies);
  say(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
