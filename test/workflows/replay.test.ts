import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  bundleWorkflowCode,
  DefaultLogger,
  Runtime,
  Worker,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import { SCENARIOS } from '../support/scenarios';

const FOLDER = join(__dirname, '..', 'histories');
const saved = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));

interface Saved {
  readonly events: readonly {
    readonly workflowExecutionStartedEventAttributes?: { readonly workflowId: string };
  }[];
}
const read = (file: string): Saved => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Saved;
/** Touch ids are made of the workflow's own, so a replay must know it. */
const idOf = ({ events }: Saved) => events[0]?.workflowExecutionStartedEventAttributes?.workflowId;

let workflowBundle: WorkflowBundleWithSourceMap;
beforeAll(async () => {
  const logger = new DefaultLogger('ERROR');
  Runtime.install({ logger });
  workflowBundle = await bundleWorkflowCode({
    workflowsPath: require.resolve('../../workflows/index'),
    logger,
  });
}, 60_000);

test('every scenario has a history', () => {
  expect(saved).toEqual(
    expect.arrayContaining(Object.keys(SCENARIOS).map((name) => `${name}.json`)),
  );
});

test.each(saved)(
  'the workflows of today replay %s',
  async (file) => {
    const history = read(file);
    await Worker.runReplayHistory({ workflowBundle }, history, idOf(history));
  },
  30_000,
);

test('a change of what a run does is caught', async () => {
  const history = read('monthStart-tasked-ordered.json');
  const changed = JSON.parse(
    JSON.stringify(history).replaceAll('"touch"', '"otherActivity"'),
  ) as Saved;
  const replay = Worker.runReplayHistory({ workflowBundle }, changed, idOf(history));
  await expect(replay).rejects.toThrow(/nondeterminism/i);
}, 30_000);
