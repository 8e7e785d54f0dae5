import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reachedRules } from './workflowCode';

const ROOT = join(__dirname, '..');
const kept: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(join(__dirname, 'histories', 'workflow-code.json'), 'utf8'),
);

const WHAT_TO_DO = `
These files of rules/ run inside workflows, and do something else than when they were last looked at. A run that began before
replays its whole history through them: where it now decides otherwise, it fails and stands still.
  1. Does it decide otherwise for a run under way? Then keep the old way beside the new one, chosen by patched('...') in the
     workflow, or by a field of its input: docs/operations/workflow-code.md shows both.
  2. Does a history go through what you changed? If not, add a scenario to test/support/scenarios.ts and record it with the old
     code: git stash, npm run histories -- <name>, git stash pop.
  3. npm run test:replay must pass; then write down that you have looked: npm run workflow-code
`;

test('a change of rules that run inside workflows is noticed', () => {
  const now = reachedRules(ROOT);
  const files = [...new Set([...Object.keys(kept), ...Object.keys(now)])].sort();
  const changed = files.filter((file) => now[file] !== kept[file]);
  if (changed.length > 0) throw new Error(`${changed.join('\n')}\n${WHAT_TO_DO}`);
});

test('the ladder of leads is workflow code, and comments and types are not', () => {
  const now = reachedRules(ROOT);
  expect(Object.keys(now)).toContain('rules/journey/lead.ts');
  expect(Object.keys(now).filter((file) => file.includes('.schema.'))).toEqual([]);
  expect(Object.keys(now).every((file) => file.startsWith('rules/'))).toBe(true);
});
