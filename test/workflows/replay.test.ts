import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  bundleWorkflowCode,
  DefaultLogger,
  type InjectedSinks,
  Runtime,
  Worker,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import type { AskedSinks } from '../support/replayInterceptors';
import { SCENARIOS } from '../support/scenarios';

const FOLDER = join(__dirname, '..', 'histories');
/** A folder for each release, and `next` for the one to come. */
const saved = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((file) =>
  /^[^/]+\/[^/]+\.json$/.test(file),
);

interface Saved {
  readonly events: readonly {
    readonly workflowExecutionStartedEventAttributes?: { readonly workflowId: string };
    readonly activityTaskScheduledEventAttributes?: {
      readonly activityType: { readonly name: string };
      readonly input: { readonly payloads: readonly { readonly data: string }[] };
    };
  }[];
}
const read = (file: string): Saved => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Saved;
/** Touch ids are made of the workflow's own, so a replay must know it. */
const idOf = ({ events }: Saved) => events[0]?.workflowExecutionStartedEventAttributes?.workflowId;

interface Asked {
  readonly name: string;
  readonly input: unknown;
}

/** What the run asked of activities when it was recorded. */
const askedIn = ({ events }: Saved): readonly Asked[] =>
  events.flatMap(({ activityTaskScheduledEventAttributes: scheduled }) => {
    const [data = 'null'] = scheduled?.input.payloads.map((payload) => payload.data) ?? [];
    const name = scheduled?.activityType.name;
    const decoded = () => JSON.parse(Buffer.from(data, 'base64').toString()) as unknown;
    return name === undefined ? [] : [{ name, input: decoded() }];
  });

/** What was said of a touch otherwise when it was recorded: arguments alone, they decide nothing of what comes after. */
const asSaidToday = (asked: Asked): Asked => {
  const { step } = (asked.input ?? {}) as { readonly step?: string };
  const isWelcome = asked.name === 'touch' && step === 'welcome';
  return isWelcome ? { ...asked, input: { ...(asked.input as object), class: 'reply' } } : asked;
};

/** Replays a history and answers what today's workflows ask for on the way. */
async function replay(history: Saved): Promise<readonly Asked[]> {
  const asked: Asked[] = [];
  const activity = {
    fn: (_: unknown, name: string, input: unknown) => void asked.push({ name, input }),
    callDuringReplay: true,
  };
  const sinks: InjectedSinks<AskedSinks> = { asked: { activity } };

  await Worker.runReplayHistory({ workflowBundle, sinks }, history, idOf(history));
  return asked;
}

let workflowBundle: WorkflowBundleWithSourceMap;
beforeAll(async () => {
  const logger = new DefaultLogger('ERROR');
  Runtime.install({ logger });
  workflowBundle = await bundleWorkflowCode({
    workflowsPath: require.resolve('../../workflows/index'),
    workflowInterceptorModules: [require.resolve('../support/replayInterceptors')],
    logger,
  });
}, 60_000);

test('every scenario has a history', () => {
  const recorded = new Set(saved.map((file) => basename(file, '.json')));
  expect(Object.keys(SCENARIOS).filter((name) => !recorded.has(name))).toEqual([]);
});

test.each(saved)(
  'the workflows of today replay %s',
  async (file) => {
    const history = read(file);
    // Temporal would take the answer to one touch for that to another: it compares the names of activities alone.
    expect(await replay(history)).toMatchObject(askedIn(history).map(asSaidToday));
  },
  30_000,
);

test('a change of what a run does is caught', async () => {
  const history = read('0.1/monthStart-tasked-ordered.json');
  const changed = JSON.parse(
    JSON.stringify(history).replaceAll('"touch"', '"otherActivity"'),
  ) as Saved;
  await expect(replay(changed)).rejects.toThrow(/nondeterminism/i);
}, 30_000);
