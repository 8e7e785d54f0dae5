// The worked cases of the people page, by the field that tells their shape.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface WorkedCase {
  readonly name: string;
  readonly expect: object;
  readonly [field: string]: unknown;
}

const FILE = join(__dirname, '../../../shared/spec/people.vectors.jsonl');

/** Each with its name before it, as tables of tests want it. */
export function workedCases(shape: string): (readonly [string, WorkedCase])[] {
  return readFileSync(FILE, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as WorkedCase)
    .filter((each) => each[shape] !== undefined)
    .map((each) => [each.name, each] as const);
}
