import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sealHours } from '../../activities/seal';
import { UsageError } from '../../embedded/usage';
import { HOUR_MS } from '../../rules/time/durations';
import { createFakeApi, NOW } from '../../test/fakes/api';
import { aPassed, PROVED_POLICY } from '../../test/fakes/ledger';
import { recordOne } from '../../test/support/singles';
import { runCheck } from './check';
import { runSeal } from './seal';

const hoursAgo = (hours: number) => new Date(NOW - hours * HOUR_MS).toISOString();

let folder: string;
let server: Server | undefined;
let before: NodeJS.ProcessEnv;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'seal-test-'));
  before = { ...process.env };
  jest.spyOn(process.stdout, 'write').mockImplementation(() => true);
  jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
});
afterEach(() => {
  jest.restoreAllMocks();
  process.env = before;
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A running sopflow with a ledger that its worker has sealed up to now. */
async function aSealedSopflow() {
  const api = await createFakeApi();
  const { stores } = api;
  const { version } = await stores.policies.draft('default', PROVED_POLICY, 'test', hoursAgo(9));
  await stores.policies.publish('default', version, 'test', hoursAgo(9));
  await stores.contacts.upsertMany([{ contactId: 'c-1', city: 'yunfu' }]);
  for (const hours of [5, 3])
    await recordOne(stores.touches, {
      ...aPassed(`t-${hours}`, hoursAgo(hours)),
      ...{ verdict: 'suppressed', reason: 'cap', rule: 'week' },
    });
  await sealHours({ stores, clock: { now: () => NOW } }, 'try');

  server = api.app.listen(0);
  process.env.SOPFLOW_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env.SOPFLOW_KEY = (await api.keyFor('ops')).replace('Bearer ', '');
  return { file: join(folder, 'seals.jsonl'), api };
}

describe('sopflow seal', () => {
  it('adds every hour that is over to the file, once, and check proves a running sopflow by it', async () => {
    const { file, api } = await aSealedSopflow();
    expect(await runSeal(['--to', file])).toBe(0);
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    expect(lines.filter((line) => line.includes('"kind":"seal"')).length).toBeGreaterThanOrEqual(4);
    expect(lines.filter((line) => line.includes('"kind":"row"'))).toHaveLength(2);

    expect(await runSeal(['--to', file])).toBe(0);
    expect(readFileSync(file, 'utf8').trim().split('\n')).toEqual(lines);
    expect(api.engine.asked.seals).toBe(2);
    expect(await runCheck(['--seals', file])).toBe(0);
  });

  it('proves nothing by a file of seals that was changed', async () => {
    const { file } = await aSealedSopflow();
    await runSeal(['--to', file]);
    writeFileSync(file, readFileSync(file, 'utf8').replace('t-5#1', 't-6#1'));
    expect(await runCheck(['--seals', file])).toBe(1);
  });

  it.each([[[]], [['--into', 'x']]])('refuses %j as no use of the command', async (args) => {
    await expect(runSeal(args)).rejects.toThrow(UsageError);
  });

  it('exits 2 when there is no file of seals, or nobody to ask', async () => {
    const { file } = await aSealedSopflow();
    expect(await runCheck(['--seals', file])).toBe(2);
    process.env.SOPFLOW_URL = 'http://127.0.0.1:9';
    expect(await runSeal(['--to', file])).toBe(2);
  });
});
