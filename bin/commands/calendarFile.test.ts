import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../embedded/usage';
import { createFakeApi } from '../../test/fakes/api';
import { publishText } from '../../test/fakes/texts';
import { findRemote } from '../remote';
import { runCalendarFile } from './calendarFile';

const text = `# 月度日历
id: month-cycle
timezone: Asia/Shanghai
phases:
  - { id: start, fromDay: 1, toDay: 31 }
slots:
  - id: balance
    anchor: { kind: billDay, offsetDays: 1 }
    at: 10:00
    touch: { channel: wecom, class: marketing, template: t-1 }
`;

let folder: string;
let server: Server;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sopflow-test-'));
});
afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function withApi() {
  const api = await createFakeApi();
  await publishText(api);
  const holidays = { days: { '2026-01-01': 'rest' }, names: {} } as const;
  await api.stores.holidays.draft('cn', holidays, 'ann', '2026-01-01T00:00:00.000Z');
  await api.stores.holidays.publish('cn', 1, 'ann', '2026-01-01T00:00:00.000Z');
  await api.stores.contacts.upsertMany([{ contactId: 'c-1', city: 'yunfu' }]);
  server = api.app.listen(0);
  const { port } = server.address() as AddressInfo;
  const key = (await api.keyFor('designer')).replace('Bearer ', '');
  const environment = { SOPFLOW_URL: `http://127.0.0.1:${port}`, SOPFLOW_KEY: key };

  async function run(...args: string[]) {
    const said = { output: '', progress: '' };
    const status = await runCalendarFile(args, {
      remote: () => findRemote(environment),
      output: { write: (more) => (said.output += more) },
      progress: { write: (more) => (said.progress += more) },
      pause: async () => {},
    });
    return { status, ...said };
  }

  function file(given: string | Buffer): string {
    const path = join(folder, 'calendar.yaml');
    writeFileSync(path, given);
    return path;
  }

  return { ...api, run, file };
}

describe('sopflow calendar import', () => {
  it('drafts a calendar and prints its version', async () => {
    const { run, file, stores } = await withApi();
    expect(await run('import', file(text))).toEqual({
      ...{ status: 0, progress: '' },
      output: '已保存草稿 drafted: month-cycle@1\n',
    });
    expect((await stores.calendars.find('month-cycle', 1))?.author).toBe('designer');
  });

  it('prints errors and warnings by line and column', async () => {
    const { run, file } = await withApi();
    const wrong = text
      .replace('toDay: 31', 'toDay: 30')
      .replace('at: 10:00', 'at: 10:00\n    expiresAfterHours: 1\n    spreadMinutes: 120')
      .replace('touch:', 'audience: { city: nowhere }\n    touch:');
    const path = file(wrong);
    const { status, output } = await run('import', path);
    expect(status).toBe(1);
    expect(output.split('\n').slice(1, -1)).toEqual([
      expect.stringMatching(
        `^${path}:10:24: 错误 error slots\\[0\\].expiresAfterHours: 时段「balance」.* · slot "balance"`,
      ),
      expect.stringMatching(`^${path}:5:3: 提醒 warning phases: .*31`),
      expect.stringMatching(
        `^${path}:12:15: 提醒 warning slots\\[0\\].audience: .*none of the 1 contacts`,
      ),
    ]);
  });

  it('drafts nothing of a file with mistakes, and names each by line and column', async () => {
    const { run, file, stores } = await withApi();
    const path = file(text.replace('10:00', '10').replace('wecom', 'true'));
    const { status, output, progress } = await run('import', path);
    expect([status, output]).toEqual([2, '']);
    expect(progress.split('\n').slice(0, -1)).toEqual([
      `${path}:9:9: slots[0].at: 10 is not allowed; allowed: a value of type string`,
      `${path}:10:23: slots[0].touch.channel: true is not allowed; allowed: a value of type string`,
    ]);
    expect(await stores.calendars.list()).toEqual([]);
  });

  it('says what keeps it from being read or kept', async () => {
    const { run, file } = await withApi();
    expect((await run('import', join(folder, 'none.yaml'))).progress).toContain('ENOENT');
    expect((await run('import', file(Buffer.from([0x69, 0x64, 0x3a, 0xff])))).status).toBe(2);
    const long = text.replace('toDay: 31', `toDay: 31, behaviour: ${'x'.repeat(1_100_000)}`);
    const { progress } = await run('import', file(long));
    expect(progress).toContain('413');
  });
});

describe('sopflow calendar export', () => {
  it('writes a version that imports to the same calendar', async () => {
    const { run, file, stores } = await withApi();
    await run('import', file(text));
    const { status, output } = await run('export', 'month-cycle');
    expect([status, output.split('\n')[0]]).toEqual([0, '# month-cycle@1']);
    await run('import', file(output));
    const [second, first] = await stores.calendars.versions('month-cycle');
    expect(second?.body).toEqual(first?.body);
    expect((await run('export', 'month-cycle@1')).output).toBe(output);
    expect((await run('export', 'month-cycle@2')).output).toBe(output.replace('@1', '@2'));
  });

  it('says that there is none', async () => {
    const { run } = await withApi();
    expect(await run('export', 'nothing')).toMatchObject({
      status: 2,
      progress: expect.stringContaining('calendar nothing does not exist'),
    });
  });
});

it('does nothing else', async () => {
  const { run } = await withApi();
  for (const args of [['approve', 'x'], ['import'], ['export', 'a', 'b']])
    await expect(run(...args)).rejects.toThrow(UsageError);
});
