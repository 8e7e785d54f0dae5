// The steps of `npm test`, in order: the program each runs, and how long it may take.

import { join } from 'node:path';
import { MINUTE_MS } from '../rules/time/durations';

export interface Step {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly timeoutMs: number;
  /** Where jest writes its report; absent: the step as a whole is one test. */
  readonly report?: string;
}

const MINUTE = MINUTE_MS;

/** @param scratch folder for the reports of jest. */
export function stepsOf(root: string, scratch: string): readonly Step[] {
  const tool = (name: string): string => join(root, 'node_modules', '.bin', name);
  const check = (name: string, program: string, ...args: string[]): Step => ({
    name,
    program: tool(program),
    args,
    timeoutMs: 10 * MINUTE,
  });
  const jest = (name: string, minutes: number, ...args: string[]): Step => {
    const report = join(scratch, `${name}.json`);
    const all = ['--selectProjects', name, '--ci', '--json', '--outputFile', report, ...args];
    return { name, program: tool('jest'), args: all, timeoutMs: minutes * MINUTE, report };
  };
  return [
    check('typecheck', 'tsc', '-p', 'tsconfig.json', '--noEmit'),
    check('eslint', 'eslint', '.'),
    check('biome', 'biome', 'check', '.'),
    check('directions', 'depcruise', '--config', '.dependency-cruiser.cjs', '.'),
    check('unused', 'knip'),
    jest('unit', 10),
    jest('servers', 30, '--runInBand'),
  ];
}

/**
 * The steps with these names, in their own order; no names: all.
 * @throws Error naming the unknown name and what there is.
 */
export function chooseSteps(steps: readonly Step[], names: readonly string[]): readonly Step[] {
  const known = steps.map((step) => step.name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new Error(`unknown step "${unknown}": there are ${known.join(', ')}`);
  return names.length === 0 ? steps : steps.filter((step) => names.includes(step.name));
}
