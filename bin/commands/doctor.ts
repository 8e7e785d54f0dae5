// `sopflow doctor`: what sopflow stands on, one line each; exit status 1 when something needed is missing.

import { doctor, type Finding, isHealthy, type PublishedHolidays } from '../../embedded/doctor';
import { readArgs } from '../../embedded/usage';
import { isCodedError } from '../../rules/base/errors';
import type { HolidayTable } from '../../rules/time/holidays';
import { findRemote, type Remote, runningApi } from '../remote';

const MARKS: Readonly<Record<Finding['state'], string>> = {
  ok: '✓ 正常 ok',
  'stand-in': '~ 替身 stand-in',
  spare: '- 备用 spare',
  missing: '✗ 缺失 missing',
  refusing: '! 拒绝 refusing',
};

export async function runDoctor(args: readonly string[]): Promise<number> {
  const { values } = readArgs(args, { options: { json: { type: 'boolean' } } });
  const holidays = await publishedHolidays(() => findRemote(process.env));
  const findings = await doctor(process.env, runningApi(process.env), holidays);
  process.stdout.write(values.json ? `${JSON.stringify(findings)}\n` : renderFindings(findings));
  return isHealthy(findings) ? 0 : 1;
}

/** The table in force of the running sopflow; undefined: none runs, or it does not answer. */
export async function publishedHolidays(
  findSopflow: () => Pick<Remote, 'fetch'>,
): Promise<PublishedHolidays | undefined> {
  try {
    const remote = findSopflow();
    const read = async (path: string) => (await remote.fetch(`/api/v1/holidays${path}`)).json();
    const { items } = (await read('')) as VersionList;
    if (items.every(({ id }) => id !== HOLIDAYS)) return 'none';

    const { items: versions } = (await read(`/${HOLIDAYS}/versions`)) as VersionList;
    if (versions.every(({ state }) => state !== 'published')) return 'none';

    return ((await read(`/${HOLIDAYS}`)) as { readonly body: HolidayTable }).body;
  } catch (error) {
    if (isCodedError(error)) return undefined;
    throw error;
  }
}

const HOLIDAYS = 'cn';

interface VersionList {
  readonly items: readonly { readonly id: string; readonly state: string }[];
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
