import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import {
  ensureSchedules,
  type FlowSchedule,
  scheduleIdOf,
} from '../../integrations/temporal/schedules';

let connection: Connection;
let client: Client;
beforeAll(async () => {
  connection = await Connection.connect({
    address: process.env.SOPFLOW_TEST_TEMPORAL_ADDRESS ?? '',
  });
  client = new Client({ connection });
});

const made: string[] = [];
afterAll(async () => {
  for (const id of made) await client.schedule.getHandle(id).delete();
  await connection.close();
});

const options = (...flows: string[]) => {
  const deployment = { taskQueue: `schedules-${randomUUID()}`, timezone: 'Asia/Shanghai' };
  made.push(...flows.map((flow) => scheduleIdOf(deployment, flow)));
  return deployment;
};
const reap = (everyMinutes: number): FlowSchedule => ({
  flow: 'reap',
  input: { version: 1 },
  when: { everyMinutes },
});
const nightly: FlowSchedule = {
  flow: 'reconcile',
  input: { version: 1, days: 3 },
  when: { dailyAt: '03:30' },
};

describe('schedules', () => {
  it('are made once, whoever ensures them, and start one flow at a time', async () => {
    const deployment = options('reap', 'reconcile');
    await Promise.all([
      ensureSchedules(client, deployment, [reap(5), nightly]),
      ensureSchedules(client, deployment, [reap(5), nightly]),
    ]);

    const { action, policies } = await client.schedule
      .getHandle(scheduleIdOf(deployment, 'reap'))
      .describe();
    expect(action).toMatchObject({
      workflowType: 'reap',
      taskQueue: deployment.taskQueue,
      args: [{ version: 1 }],
    });
    expect(policies.overlap).toBe('SKIP');
  });

  it('start at an hour of the zone of the deployment', async () => {
    const deployment = options('reconcile');
    await ensureSchedules(client, deployment, [nightly]);

    const { info } = await client.schedule
      .getHandle(scheduleIdOf(deployment, 'reconcile'))
      .describe();
    const [next] = info.nextActionTimes;
    expect(next?.toISOString()).toMatch(/T19:30:00\.000Z$/);
  });

  it('follow a change, and stay paused when somebody paused them', async () => {
    const deployment = options('reap');
    await ensureSchedules(client, deployment, [reap(5)]);
    const handle = client.schedule.getHandle(scheduleIdOf(deployment, 'reap'));
    await handle.pause('maintenance');

    await ensureSchedules(client, deployment, [reap(7)]);
    const { spec, state } = await handle.describe();
    expect(spec.intervals).toMatchObject([{ every: 7 * 60_000 }]);
    expect(state).toMatchObject({ paused: true, note: 'maintenance' });
  });
});
