import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { reachedRules } from '../workflowCode';

/** Code without its source map. 560 KB of it are the SDK's own; the rest is room for journeys, not for packages. */
const BUDGET_BYTES = 950_000;

let code: string;
beforeAll(async () => {
  const workflowsPath = require.resolve('../../workflows/index');
  code = (await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') })).code;
}, 60_000);

test('the workflows bundle within their budget', () => {
  const bytes = code.replace(/\n\/\/# sourceMappingURL=.*$/, '').length;
  expect(bytes).toBeLessThan(BUDGET_BYTES);
});

// Node built-ins fail the bundling itself.
test.each(['zod', 'handlebars', 'mongoose', 'express', 'luxon'])(
  '%s is not in the bundle',
  (name) => {
    expect(code).toContain('node_modules/@temporalio/workflow/');
    expect(code).not.toContain(`node_modules/${name}/`);
  },
);

test('no store, channel or schema of ours is in the bundle', () => {
  const own = [
    ...new Set(code.match(/\.\/(?:activities|ports|models|integrations|api|rules)\/[\w./]+\.ts/g)),
  ];
  expect(own).toContain('./rules/base/ids.ts');
  // What a change of rules is measured by is what really runs.
  const rules = Object.keys(reachedRules(join(__dirname, '..', '..')));
  expect(own.map((path) => path.slice(2)).sort()).toEqual(rules);
  expect(
    own.filter(
      (path) =>
        !path.startsWith('./rules/') || path.includes('.schema.') || path.includes('template'),
    ),
  ).toEqual([]);
});
