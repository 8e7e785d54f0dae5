// The worked cases of the specification, all of them.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decide, preparePolicy } from './gate';
import { parseGateCase } from './gate.schema';

const FOLDER = join(__dirname, '../../../shared/spec');
/** The second holds cases with open touches and with answers to acts of the customer. */
const FILES = ['gate.vectors.jsonl', 'gate-open.vectors.jsonl'];

interface Vector {
  readonly name: string;
  readonly expect: Readonly<Record<string, unknown>>;
}

function vectors(): readonly (readonly [string, Vector])[] {
  return FILES.flatMap((name) => vectorsOf(join(FOLDER, name)));
}

function vectorsOf(file: string): readonly (readonly [string, Vector])[] {
  if (!existsSync(file)) throw new Error(`the gate's worked cases are needed at ${file}`);
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Vector).map((vector) => [vector.name, vector]);
}

test.each(vectors())('answers the worked case %s', (_name, vector) => {
  const { policy, contact, touch, holidays } = parseGateCase(vector);
  const { explain, ...answer } = decide(preparePolicy(policy, holidays), contact, touch);
  expect(answer).toEqual(vector.expect);
  expect(explain.length).toBeGreaterThan(0);
});
