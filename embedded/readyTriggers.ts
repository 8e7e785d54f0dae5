// The ready triggers, as a city imports them: the demo begins with them enabled.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DemoTrigger } from '../sandbox/loadTriggers';
import { projectRoot } from './project';

export function readyTriggers(): readonly DemoTrigger[] {
  const folder = join(projectRoot(), 'docs', 'ready', 'triggers');
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return files.map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as DemoTrigger); // our own files
}
