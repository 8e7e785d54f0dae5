import { randomUUID } from 'node:crypto';
import type { Connection } from 'mongoose';
import { race } from '../../bench/race';
import { connectMongo } from '../../models/mongo/connection';
import { ensureIndexes } from '../../models/mongo/stores';
import { databaseUri } from '../support/servers';

let open: Connection[];
let connect: () => Promise<Connection>;

beforeEach(async () => {
  open = [];
  const uri = databaseUri(`race-${randomUUID()}`);
  connect = async () => {
    const connection = await connectMongo(uri);
    open.push(connection);
    return connection;
  };
  await ensureIndexes(await connect());
});
afterEach(async () => {
  await open[0]?.dropDatabase();
  for (const connection of open) await connection.close();
});

describe('a race for the same contacts', () => {
  it('breaks no rule, whatever the API changes and publishes in the middle', async () => {
    const options = {
      contacts: 30,
      campaigns: 20,
      workers: 3,
      contactsAtOnce: 3,
      cap: 3,
      meddlers: 2,
      seed: 7,
    };
    const result = await race(connect, options);
    expect(result).toMatchObject({ violations: 0, afterWithdrawal: 0, twice: 0, gaveUp: 0 });
    expect(Object.values(result.verdicts).reduce((sum, count) => sum + count, 0)).toBe(600);
    expect(result.verdicts.sent).toBeGreaterThan(30);
    // It was a race: some lost and asked again, none more often than there were rivals.
    expect(result.retries.length).toBeGreaterThan(1);
    expect(result.retries.length).toBeLessThanOrEqual(options.campaigns + 4);
    expect(result.withdrawals).toBeGreaterThan(0);
    expect(result.policies).toBeGreaterThan(1);
  }, 180_000);

  it('lets all fifty who reach for one contact at once come to an end', async () => {
    const result = await race(connect, {
      contacts: 1,
      campaigns: 50,
      workers: 3,
      contactsAtOnce: 1,
      cap: 60,
      meddlers: 0,
      seed: 1,
    });
    expect(result).toMatchObject({ violations: 0, twice: 0, verdicts: { sent: 50 } });
    // One wins each round: the unluckiest asks as often as there are rivals, and not much more.
    expect(result.retries.length).toBeLessThanOrEqual(100);
  }, 180_000);
});
