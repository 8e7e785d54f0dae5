// The ready sequences, as a designer imports them: the demo begins with them in force.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DemoSequence } from '../sandbox/load';
import { projectRoot } from './project';

export function readySequences(): readonly DemoSequence[] {
  const folder = join(projectRoot(), 'docs', 'ready', 'sequences');
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return files.map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as DemoSequence); // our own files
}
