// Events under triggers on several servers that are killed: what the specification says, each opportunity once, no budget overspent.

import { randomUUID } from 'node:crypto';
import type { Connection } from 'mongoose';
import { seeded } from '../../bench/part';
import { connectMongo } from '../../models/mongo/connection';
import { ensureIndexes } from '../../models/mongo/stores';
import { databaseUri } from '../support/servers';
import { runTriggerChaos } from '../support/triggerChaos';

const open: Connection[] = [];
const uri = databaseUri(`triggers-${randomUUID()}`);
async function connect(): Promise<Connection> {
  const connection = await connectMongo(uri);
  open.push(connection);
  return connection;
}

beforeAll(async () => ensureIndexes(await connect()));
afterAll(async () => {
  await open[0]?.dropDatabase();
  for (const connection of open) await connection.close();
});

test('three servers that are killed in the middle of things come to what one reading of the rules comes to', async () => {
  const counts = { events: 1500, contacts: 60, triggers: 50, kills: 8 };
  const result = await runTriggerChaos({ ...counts, random: seeded(5), connect });
  expect(result).toMatchObject({
    killed: 8,
    different: [],
    overspent: [],
    refusedEarly: [],
    wrongRuns: [],
    left: 0,
  });
  expect(result.fired).toBeGreaterThan(100);
}, 240_000);
