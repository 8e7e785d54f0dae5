// The worked cases of the specification, all of them.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { takeEvents } from './takeEvents';
import { parseTriggerCase } from './triggerCase.schema';

const FILE = join(__dirname, '../../../shared/spec/trigger.vectors.jsonl');

interface Vector {
  readonly name: string;
  readonly expect: unknown;
}

function vectors(): readonly (readonly [string, Vector])[] {
  if (!existsSync(FILE)) throw new Error(`the worked cases of triggers are needed at ${FILE}`);
  const lines = readFileSync(FILE, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Vector).map((vector) => [vector.name, vector]);
}

test.each(vectors())('answers the worked case %s', (_name, vector) => {
  expect(takeEvents(parseTriggerCase(vector))).toEqual(vector.expect);
});
