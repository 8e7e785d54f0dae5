import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createImportRunner } from '../../intake/imports/runner';
import { createRowFiles } from '../../integrations/files/rowFiles';
import { createFakeApi } from '../../test/fakes/api';
import { findRemote } from '../remote';
import { runImport } from './import';

const folder = mkdtempSync(join(tmpdir(), 'sopflow-import-'));
const servers: Server[] = [];

afterAll(() => {
  rmSync(folder, { recursive: true });
});
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

async function commandLine(cities?: readonly string[]) {
  const api = await createFakeApi();
  const server = api.app.listen(0, '127.0.0.1');
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const key = (await api.keyFor('admin', cities)).slice('Bearer '.length);
  const runner = createImportRunner({
    ...{ ...api.deps, files: createRowFiles(), isOurs: () => true, keptDays: 30 },
    wait: api.waits.wait,
  });
  const said = { out: '', progress: '' };
  const asked: string[] = [];

  async function importing(name: string, content: string | Uint8Array, ...options: string[]) {
    Object.assign(said, { out: '', progress: '' });
    const file = join(folder, name);
    writeFileSync(file, content);
    const remote = findRemote({ SOPFLOW_URL: url, SOPFLOW_KEY: key });
    const status = await runImport(['contacts', file, ...options], {
      remote: () => ({
        fetch: (path, init) => {
          asked.push(`${init?.method ?? 'GET'} ${path.split('?')[0]}`);
          return remote.fetch(path, init);
        },
      }),
      output: { write: (text) => (said.out += text) },
      progress: { write: (text) => (said.progress += text) },
      pause: () => runner.run(),
    });
    return { status, file, ...said };
  }

  return { ...api, importing, asked, contact: (id: string) => api.stores.contacts.find(id) };
}

describe('sopflow import contacts', () => {
  it('takes the good rows, names the others in a file beside it, and accounts for every row', async () => {
    const cli = await commandLine();
    const rows = ['c-1,guangzhou', 'c-2', 'c-3,"yunfu', '', 'c-4,yunfu', 'c-4,foshan'];
    const { status, out, progress, file } = await cli.importing(
      'a.CSV',
      `contactId,city\n${rows.join('\n')}\n`,
    );
    expect(status).toBe(1);
    expect(out).toContain('共 6 行 = 导入 2 + 未变 0 + 拒绝 2 + 跳过 2（其中重复 1）');
    expect(out).toContain('6 rows in = 2 taken + 0 unchanged + 2 refused + 2 skipped (1 repeated)');
    expect(progress).toContain('line 6 is repeated in line 7');
    expect(progress).toContain('encoding utf-8; 分隔符 delimiter ","');
    const refused = readFileSync(`${file}.refused.csv`, 'utf8').split('\r\n');
    expect(refused[0]).toBe('\uFEFF行 line,原因 reason,contactId,city');
    expect(refused[1]).toMatch(/^3,.*cells.*,c-2$/);
    expect(refused[2]).toMatch(/^4,.*never closed,c-3,"""yunfu"$/);
    expect(await cli.contact('c-4')).toMatchObject({ city: 'foshan' });
  });

  it('says how many rows were taken without a number that another city has', async () => {
    const cli = await commandLine(['foshan']);
    const phone = '13912345678';
    await cli.call('put', '/api/v1/contacts:batch', [{ contactId: 'c-1', city: 'yunfu', phone }]);
    const rows = ['contactId,city,phone', `c-2,foshan,${phone}`, 'c-3,foshan,13912345679'];
    const { status, out, progress } = await cli.importing('claims.csv', rows.join('\n'));
    expect(status).toBe(0);
    expect(out).toContain('导入 2');
    expect(progress).toContain('until it is granted: 1, see GET /api/v1/claims');
    expect((await cli.contact('c-2'))?.phone).toBeUndefined();
  });

  it('says that all is well with a status of 0, and writes no file then', async () => {
    const cli = await commandLine();
    const mapping = join(folder, 'mapping.json');
    writeFileSync(mapping, JSON.stringify({ 编号: 'contactId', 备注: 'ignore' }));
    const rows = ['编号\t地市\t备注\t入网日期', 'c-1\tfoshan\tx\t2024/1/5'];
    const options = ['--mapping', mapping, '--delimiter', 'tab', '--timezone', 'Asia/Urumqi'];
    const { status, file, progress } = await cli.importing('b.txt', rows.join('\n'), ...options);
    expect([status, existsSync(`${file}.refused.csv`)]).toEqual([0, false]);
    expect(progress).toContain('columns ignored: 备注');
    expect(await cli.contact('c-1')).toMatchObject({ activatedAt: '2024-01-04T18:00:00.000Z' });
  });

  it('writes nothing in a dry run, and replaces profiles only when it is told', async () => {
    const cli = await commandLine();
    await cli.stores.contacts.upsertMany([{ contactId: 'c-1', city: 'foshan', brand: 'a' }]);
    const file = 'contactId,billDay\nc-1,3\n';
    expect((await cli.importing('c.csv', file, '--dry-run')).out).toContain('dry run');
    expect(await cli.contact('c-1')).not.toHaveProperty('billDay');
    await cli.importing('c.csv', file);
    expect(await cli.contact('c-1')).toMatchObject({ brand: 'a', billDay: 3 });
    await cli.importing('c.csv', file, '--replace');
    expect(await cli.contact('c-1')).not.toHaveProperty('brand');
  });

  it('goes on with the job that it began when it was broken off, and sends the file but once', async () => {
    const cli = await commandLine();
    const file = 'contactId,city\nc-1,foshan\n';
    const open = jest.spyOn(cli.stores.imports, 'open');
    open.mockResolvedValueOnce([]).mockRejectedValueOnce(new Error('broken off'));
    expect((await cli.importing('d.csv', file)).status).toBe(2);
    const again = await cli.importing('d.csv', file);
    expect(again.status).toBe(0);
    expect(again.progress).toContain('going on with imp-');
    expect(cli.asked.filter((each) => each.startsWith('POST'))).toHaveLength(1);
    expect((await cli.call('get', '/api/v1/imports')).body.items).toHaveLength(1);
  });

  it('says why a file was not read at all, with a status of 2', async () => {
    const cli = await commandLine();
    const unknown = await cli.importing('e.csv', 'contactId,nmae\nc-1,x\n');
    expect(unknown.status).toBe(2);
    expect(unknown.progress).toContain(
      'nmae: 未知的列 unknown column; 是否为 did you mean "name"?',
    );
    expect(unknown.out).toContain('0 rows in = 0 taken');
    expect((await cli.importing('f.csv', 'a\n', '--timezone', 'Mars')).progress).toContain('422');
    expect((await cli.importing('g.xlsx', 'no zip')).progress).toContain('no workbook');
    const none = await runImport(['contacts', join(folder, 'none.csv')]);
    expect(none).toBe(2);
  });

  it.each(['customers.xls', 'customers'])('takes no file %s', async (name) => {
    await expect(runImport(['contacts', name])).rejects.toThrow(name);
  });
});
