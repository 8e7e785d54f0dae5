// Several servers on one MongoDB: each customer's items in order, nothing lost and nothing twice, whoever dies.

import { randomUUID } from 'node:crypto';
import type { Connection } from 'mongoose';
import { seeded } from '../../bench/part';
import { connectMongo } from '../../models/mongo/connection';
import { ensureIndexes } from '../../models/mongo/stores';
import { runIntakeChaos } from '../support/intakeChaos';
import { databaseUri } from '../support/servers';

const EVENTS = 2000;
const open: Connection[] = [];
const uri = databaseUri(`intake-${randomUUID()}`);
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

test('three servers that are killed in the middle of things lose nothing, repeat nothing and keep every order', async () => {
  const result = await runIntakeChaos({
    events: EVENTS,
    lanes: 40,
    kills: 12,
    random: seeded(11),
    connect,
  });
  expect(result).toMatchObject({ killed: 12, wrong: [], effects: EVENTS, pending: 0, parked: 0 });
}, 120_000);
