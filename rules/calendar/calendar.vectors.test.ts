// The worked cases of the specification, all of them.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCalendarCase } from './calendarCase.schema';
import { occurrences } from './occurrences';

const FILE = join(__dirname, '../../../shared/spec/calendar.vectors.jsonl');

interface Vector {
  readonly name: string;
  readonly expect: unknown;
}

function vectors(): readonly (readonly [string, Vector])[] {
  if (!existsSync(FILE)) throw new Error(`the calendar's worked cases are needed at ${FILE}`);
  const lines = readFileSync(FILE, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Vector).map((vector) => [vector.name, vector]);
}

test.each(vectors())('answers the worked case %s', (_name, vector) => {
  const { calendar, contacts, holidays, from, to } = parseCalendarCase(vector);
  expect(occurrences(calendar, contacts, holidays, from, to)).toEqual(vector.expect);
});
