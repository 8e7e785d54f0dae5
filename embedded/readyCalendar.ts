// The ready calendar of a month, as an operator imports it: the demo begins with it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { DemoCalendar } from '../sandbox/loadCalendar';
import { projectRoot } from './project';

export function readyCalendar(): DemoCalendar {
  const file = join(projectRoot(), 'docs', 'ready', 'month-start.yaml');
  const { id, ...body } = parse(readFileSync(file, 'utf8')) as { id: string }; // our own file
  return { id, body };
}
