// Writes down what the rules that workflows reach do today: `npm run workflow-code`, once it is certain that running runs replay.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reachedRules } from './workflowCode';

/** Compiled to dist/test/: the checkout is two folders up. */
const ROOT = join(__dirname, '..', '..');
const FILE = join(ROOT, 'test', 'histories', 'workflow-code.json');

const reached = reachedRules(ROOT);
writeFileSync(FILE, `${JSON.stringify(reached, null, 2)}\n`);
process.stderr.write(`${Object.keys(reached).length} files of rules/ are workflow code\n`);
