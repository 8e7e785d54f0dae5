// A wave of a limited channel on the real server: its pages come from the queue of the channel, which hands out so many a second.

import { Context } from '@temporalio/activity';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { WaveStep } from '../../activities/contract';
import { waveNumbers } from '../../rules/calendar/wave';
import {
  createJourneyEnvironment,
  type JourneyEnvironment,
} from '../../testing/journeyEnvironment';

jest.setTimeout(60_000);

const ADDRESS = process.env.SOPFLOW_TEST_TEMPORAL_ADDRESS ?? '';
const USUAL = `pace-${process.pid}-${Date.now()}`;
const PACED = `${USUAL}-sms`;
const INPUT = {
  ...{ version: 1, calendarId: 'month', calendarVersion: 1 },
  ...{ slotId: 'balance', date: '2090-03-06' },
};

const asked: string[] = [];
/** Two pages of a walk, then the end; each call says from which queue it came. */
async function page(): Promise<WaveStep> {
  asked.push(Context.current().info.taskQueue === PACED ? 'paced' : 'usual');
  const isOver = asked.length > 3;
  return {
    ...{ state: isOver ? 'ended' : 'running', isWalked: isOver, queue: PACED },
    numbers: waveNumbers([]),
  };
}

let environment: JourneyEnvironment;
let connection: NativeConnection;
let paced: Worker;
let running: Promise<void>;

beforeAll(async () => {
  const activities = { wavePage: page, waveDuePage: page };
  environment = await createJourneyEnvironment({
    ...{ address: ADDRESS, taskQueue: USUAL, activities },
    workflows: { path: require.resolve('../../workflows/index') },
  });
  connection = await NativeConnection.connect({ address: ADDRESS });
  paced = await Worker.create({
    ...{ connection, taskQueue: PACED, activities },
    maxTaskQueueActivitiesPerSecond: 50,
  });
  running = paced.run();
});
afterAll(async () => {
  paced.shutdown();
  await running;
  await connection.close();
  await environment.close();
});

test('the first call finds out, and all others come at the pace of the channel', async () => {
  const run = await environment.start('wave', {
    ...{ workflowId: `wave/${USUAL}`, args: [INPUT] },
    at: '2090-03-06T10:00:00+08:00',
  });
  expect(await run.runToEnd()).toEqual({ outcome: 'ended' });
  expect(asked).toEqual(['usual', 'paced', 'paced', 'paced']);
});
