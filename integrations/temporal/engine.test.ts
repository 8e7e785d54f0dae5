import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { createEngine } from './engine';

const input = {
  version: 1,
  contactId: 'c-1',
  entry: 'e',
  staffId: 's-1',
  addedAt: '2026-03-02T00:00:00.000Z',
} as const;
const options = { taskQueue: 'q', namespace: 'default', link: (id: string) => `http://ui/${id}` };
const never = () => new Promise<never>(() => {});

/** The little of the SDK's client that the engine uses. */
function aClient(calls: {
  readonly start?: () => Promise<unknown>;
  readonly signal?: () => Promise<void>;
  readonly query?: () => Promise<unknown>;
  readonly pendingActivities?: readonly object[];
}) {
  const started: unknown[][] = [];
  const told: unknown[][] = [];
  const handle = {
    signal: calls.signal ?? (async () => {}),
    query: calls.query ?? (async () => ({ step: 'day-3' })),
    describe: async () => ({
      runId: 'r-1',
      status: { name: 'RUNNING' },
      typedSearchAttributes: { get: () => undefined },
      raw: { pendingActivities: calls.pendingActivities ?? [] },
    }),
  };
  const client = {
    withDeadline: (_deadline: number, call: () => Promise<unknown>) => call(),
    workflow: {
      start: async (...given: unknown[]) => {
        started.push(given);
        return calls.start?.();
      },
      signalWithStart: async (...given: unknown[]) => void told.push(given),
      getHandle: () => handle,
    },
    workflowService: { describeNamespace: calls.start ?? (async () => ({})) },
  };
  return { client: client as unknown as Client, started, told };
}

const exists = async () => {
  throw new WorkflowExecutionAlreadyStartedError('already started', 'followUp/c-1/e', 'followUp');
};

afterEach(() => void jest.useRealTimers());

test('a run is started under its id, searchable by journey and city, and never twice', async () => {
  const { client, started } = aClient({});
  expect(
    await createEngine(client, options).start('followUp', 'followUp/c-1/e', input, {
      city: 'guangzhou',
    }),
  ).toBe('started');
  const [type, given] = started[0] as [string, Record<string, unknown>];
  expect(type).toBe('followUp');
  expect(given).toMatchObject({
    workflowId: 'followUp/c-1/e',
    taskQueue: 'q',
    args: [input],
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    workflowIdConflictPolicy: 'FAIL',
  });
  expect(JSON.parse(JSON.stringify(given.typedSearchAttributes))).toEqual([
    { key: { name: 'SopJourney', type: 'KEYWORD' }, value: 'followUp' },
    { key: { name: 'SopCity', type: 'KEYWORD' }, value: 'guangzhou' },
  ]);
  expect(
    await createEngine(aClient({ start: exists }).client, options).start(
      'followUp',
      'followUp/c-1/e',
      input,
    ),
  ).toBe('exists');
});

test('only a welcome may run again once its run is over', async () => {
  const { client, started } = aClient({});
  await createEngine(client, options).start('welcome', 'welcome/c-1/s-1', {
    ...input,
    externalUserId: 'wm1',
  });
  expect(started[0]?.[1]).toMatchObject({
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowIdConflictPolicy: 'FAIL',
  });
});

test('an id that Temporal can never take is the fault of the item, and nobody is asked', async () => {
  const { client, started } = aClient({});
  const engine = createEngine(client, options);
  const long = `leadRetry/c-1/${'中'.repeat(400)}`;
  const refused = (asked: Promise<unknown>) =>
    expect(asked).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      issues: [{ path: 'workflowId', allowed: 'at most 1000 bytes' }],
    });
  await refused(engine.start('followUp', long, input));
  await refused(engine.signal(long, { signal: 'pause', body: { by: 'ops' } }));
  await expect(
    engine.start('followUp', 'f', input, { city: 'x'.repeat(256) }),
  ).rejects.toMatchObject({ code: 'INVALID_INPUT', issues: [{ path: 'city' }] });
  expect(started).toEqual([]);
});

test('following a mass send twice is harmless', async () => {
  const engine = createEngine(aClient({ start: exists }).client, options);
  await expect(
    engine.followMassSend({
      version: 2,
      msgid: 'm',
      staffId: 's',
      deadline: '2026-03-02T00:00:00.000Z',
    }),
  ).resolves.toBeUndefined();
});

test('the run of a calendar is told of a change of its life, and started when there is none', async () => {
  const { client, told } = aClient({});
  await createEngine(client, options).calendarChanged('month-cycle');
  expect(told).toEqual([
    [
      'calendar',
      expect.objectContaining({
        workflowId: 'calendar/month-cycle',
        taskQueue: 'q',
        args: [{ version: 1, calendarId: 'month-cycle' }],
        signal: 'calendarChanged',
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      }),
    ],
  ]);
});

test('a signal to a run that is over is answered with false', async () => {
  const over = async () => {
    throw new WorkflowNotFoundError('not found', 'w', undefined);
  };
  const message = { signal: 'pause', body: { by: 'ops' } } as const;
  expect(await createEngine(aClient({ signal: over }).client, options).signal('w', message)).toBe(
    false,
  );
  expect(await createEngine(aClient({}).client, options).signal('w', message)).toBe(true);
});

test('a Temporal that does not answer is unavailable within seconds', async () => {
  jest.useFakeTimers();
  const engine = createEngine(aClient({ start: never, signal: never }).client, options);
  const asked = [
    engine.start('followUp', 'f', input),
    engine.signal('w', { signal: 'pause', body: { by: 'x' } }),
    engine.ping(),
  ].map((call) => call.catch((error: unknown) => error));
  await jest.advanceTimersByTimeAsync(4000);
  for (const answer of await Promise.all(asked))
    expect(answer).toMatchObject({ code: 'UNAVAILABLE' });
});

test('a run that a system keeps waiting is described with the step and why its last try failed', async () => {
  const failure = { message: 'crm POST /orders: refused, HTTP 401 UNAUTHORISED' };
  const pendingActivities = [
    { activityType: { name: 'touch' }, attempt: 7, lastFailure: failure },
    { activityType: { name: 'reportLead' }, attempt: 1 },
  ];
  const { client } = aClient({ pendingActivities });
  expect((await createEngine(client, options).describe('w'))?.pending).toEqual([
    { activity: 'touch', attempt: 7, failure: failure.message },
    { activity: 'reportLead', attempt: 1 },
  ]);
});

test('a run is described with its progress, and without it when no worker answers', async () => {
  const described = { workflowId: 'w', runId: 'r-1', status: 'running', link: 'http://ui/w' };
  expect(await createEngine(aClient({}).client, options).describe('w')).toEqual({
    ...described,
    progress: { step: 'day-3' },
  });
  jest.useFakeTimers();
  const slow = createEngine(aClient({ query: never }).client, options).describe('w');
  await jest.advanceTimersByTimeAsync(2000);
  expect(await slow).toEqual(described);
});
