import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../embedded/usage';
import type { LedgerRow } from '../../rules/ledger/rows';
import { DAY_MS } from '../../rules/time/durations';
import { createFakeApi } from '../../test/fakes/api';
import { hour } from '../../test/fakes/archiving';
import { aProvedLedger, KEYS, PSEUDONYM_SECRET } from '../../test/fakes/provedLedger';
import { NOON } from '../../test/fakes/touchScenario';
import { FOLLOW_MEANS } from '../means';
import { runArchive } from './archive';
import { runCheck } from './check';

let folder: string;
let server: Server | undefined;
let before: NodeJS.ProcessEnv;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'archive-test-'));
  before = { ...process.env };
  process.env.SOPFLOW_LEDGER_KEYS = 'k1:the-key-that-signs-this-ledger';
  process.env.SOPFLOW_PSEUDONYM_KEY = PSEUDONYM_SECRET;
  jest.spyOn(process.stdout, 'write').mockImplementation(() => true);
  jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
});
afterEach(() => {
  jest.restoreAllMocks();
  process.env = before;
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A running sopflow whose ledger is a month old. */
async function anOldSopflow() {
  const api = await createFakeApi({}, undefined, KEYS);
  const { rows } = await aProvedLedger(api.stores);
  api.time.now = NOON + 30 * DAY_MS;

  server = api.app.listen(0);
  process.env.SOPFLOW_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env.SOPFLOW_KEY = (await api.keyFor('admin')).replace('Bearer ', '');
  return { api, rows };
}

async function archive(...args: readonly string[]) {
  let output = '';
  let progress = '';
  const status = await runArchive(['ledger', ...args], {
    ...FOLLOW_MEANS,
    output: { write: (text) => (output += text) },
    progress: { write: (text) => (progress += text) },
  });
  return { status, output, progress };
}

const asked = (until: string) => ['--before', until, '--to', folder, '--reason', 'old'] as const;
const FILE = 'ledger-2026-03-02T09Z.jsonl';

async function rowsIn({ stores }: Awaited<ReturnType<typeof createFakeApi>>) {
  const rows: LedgerRow[] = [];
  for await (const row of stores.touches.export()) rows.push(row);
  return rows;
}

describe('sopflow archive ledger', () => {
  it('writes what it takes out of the ledger, and check proves both together and the ledger alone', async () => {
    const { api, rows } = await anOldSopflow();
    const { status, output, progress } = await archive(...asked(hour(5)));
    expect(status).toBe(0);
    expect(output).toContain(`to be archived: 至 until ${hour(5)}, 5 小时 hours`);
    expect(output).toContain('stays in the ledger: ');
    expect(progress).toContain(FILE);

    expect(readdirSync(folder)).toEqual([FILE]);
    expect(await rowsIn(api)).toEqual(rows.filter(({ at }) => at >= hour(5)));
    expect(await api.stores.archives.latest()).toMatchObject({ by: 'admin', reason: 'old' });

    expect(await runCheck(['--archive', join(folder, FILE)])).toBe(0);
    expect(await runCheck([])).toBe(0);
  });

  it('begins another file when one is full', async () => {
    const { api, rows } = await anOldSopflow();
    const { find } = api.stores.seals;
    // Of an hour with very many rows.
    Object.assign(api.stores.seals, {
      find: async (at: string) => {
        const seal = await find(at);
        return seal && at === hour(1) ? { ...seal, rows: 500_001 } : seal;
      },
    });
    expect((await archive(...asked(hour(5)))).status).toBe(0);
    const files = ['05', '06', '09'].map((end) => `ledger-2026-03-02T${end}Z.jsonl`);
    expect(readdirSync(folder).sort()).toEqual(files);
    expect(await rowsIn(api)).toEqual(rows.filter(({ at }) => at >= hour(5)));
    expect(await runCheck(files.flatMap((file) => ['--archive', join(folder, file)]))).toBe(0);
  });

  it('says why it archives less than was asked for', async () => {
    await anOldSopflow();
    const { status, output } = await archive(...asked(hour(40)));
    expect(status).toBe(1);
    expect(output).toContain(`less than asked for (${hour(40)})`);
    expect(output).toContain('later hours are not sealed yet');
  });

  it('shows the plan alone, and reads a date in the zone of the deployment', async () => {
    const { api, rows } = await anOldSopflow();
    const { status, output } = await archive('--before', '2026-03-03', '--dry-run');
    expect(status).toBe(0);
    expect(output).toContain('至 until 2026-03-02T16:00:00.000Z, 12 小时 hours');
    expect(readdirSync(folder)).toEqual([]);
    expect(await rowsIn(api)).toEqual(rows);
  });

  it('has nothing more to do once all of it is archived', async () => {
    await anOldSopflow();
    await archive(...asked(hour(5)));
    const { status, output } = await archive(...asked(hour(5)));
    expect(status).toBe(0);
    expect(output).toContain('nothing to archive');
  });

  it('goes on with the rows of whoever died before the last had left', async () => {
    const { api, rows } = await anOldSopflow();
    const { remove } = api.stores.archives;
    Object.assign(api.stores.archives, {
      remove: async () => {
        throw new Error('died');
      },
    });
    expect((await archive(...asked(hour(5)))).status).toBe(2);
    expect(await rowsIn(api)).toEqual(rows);
    expect(await runCheck([])).toBe(0);

    Object.assign(api.stores.archives, { remove });
    expect((await archive(...asked(hour(5)))).status).toBe(0);
    expect(await rowsIn(api)).toEqual(rows.filter(({ at }) => at >= hour(5)));
    expect(await runCheck(['--archive', join(folder, FILE)])).toBe(0);
  });

  it('writes the file again of whoever died before it was confirmed, and no other', async () => {
    const { api, rows } = await anOldSopflow();
    const { keep } = api.stores.archives;
    Object.assign(api.stores.archives, {
      keep: async () => {
        throw new Error('died');
      },
    });
    expect((await archive(...asked(hour(5)))).status).toBe(2);
    expect(await rowsIn(api)).toEqual(rows);

    Object.assign(api.stores.archives, { keep });
    const whole = readFileSync(join(folder, FILE), 'utf8');
    writeFileSync(join(folder, FILE), `something of mine\n`);
    const { status, progress } = await archive(...asked(hour(5)));
    expect([status, await rowsIn(api)]).toEqual([2, rows]);
    expect(progress).toContain('holds something else');

    writeFileSync(join(folder, FILE), whole);
    expect((await archive(...asked(hour(5)))).status).toBe(0);
  });

  it('takes nothing out when the file is not what was sealed', async () => {
    const { api, rows } = await anOldSopflow();
    const [row] = rows;
    if (!row) throw new Error('no row');
    const { touches } = api.stores;
    Object.assign(api.stores, {
      touches: {
        ...touches,
        async *export(...span: readonly [string?, string?]) {
          for await (const each of touches.export(...span))
            yield each.chain === row.chain ? { ...each, city: 'elsewhere' } : each;
        },
      },
    });
    const { status, progress } = await archive(...asked(hour(5)));
    expect(status).toBe(2);
    expect(progress).toContain('not as it was sealed; nothing is taken out of the ledger');
    expect(await api.stores.archives.list()).toEqual([]);
  });

  it.each([
    [[]],
    [['contacts', '--before', '2026-01-01']],
    [['ledger']],
    [['ledger', '--before', '2026-01-01']],
    [['ledger', '--before', '2026-01-01', '--to', 'x']],
  ])('refuses %j as no use of the command', async (args) => {
    await expect(runArchive(args)).rejects.toThrow(UsageError);
  });

  it('exits 2 when nobody can be asked', async () => {
    await anOldSopflow();
    process.env.SOPFLOW_URL = 'http://127.0.0.1:9';
    expect((await archive(...asked(hour(5)))).status).toBe(2);
  });
});
