// `sopflow doctor`: what sopflow stands on, one line each; exit status 1 when something needed is missing.

import { doctor, type Finding, isHealthy } from '../../embedded/doctor';
import { readArgs } from '../../embedded/usage';
import { runningApi } from '../remote';

const MARKS: Readonly<Record<Finding['state'], string>> = {
  ok: '✓ 正常 ok',
  'stand-in': '~ 替身 stand-in',
  spare: '- 备用 spare',
  missing: '✗ 缺失 missing',
  refusing: '! 拒绝 refusing',
};

export async function runDoctor(args: readonly string[]): Promise<number> {
  const { values } = readArgs(args, { options: { json: { type: 'boolean' } } });
  const findings = await doctor(process.env, runningApi(process.env));
  process.stdout.write(values.json ? `${JSON.stringify(findings)}\n` : renderFindings(findings));
  return isHealthy(findings) ? 0 : 1;
}

/** One line a finding, and one below it for what to do about it. */
function renderFindings(findings: readonly Finding[]): string {
  return findings
    .flatMap(({ name, state, found, mend }) => [
      `${name.padEnd(9)}${pad(MARKS[state], 17)}${found}`,
      ...(mend ? [`${' '.repeat(26)}→ ${mend}`] : []),
    ])
    .join('\n')
    .concat('\n');
}

// Chinese characters take two columns of a terminal.
function pad(text: string, columns: number): string {
  const width = [...text].reduce(
    (sum, character) => sum + (/[\u2E80-\uFFEF]/.test(character) ? 2 : 1),
    0,
  );
  return text + ' '.repeat(Math.max(0, columns - width));
}
