import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFakeApi } from '../../test/fakes/api';
import { runImportHolidays } from './importHolidays';

const folder = mkdtempSync(join(tmpdir(), 'holidays-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function commandLine() {
  const api = await createFakeApi();
  const told: string[] = [];
  const write = (text: string) => told.push(text);
  const fetch = async (path: string, init: { method?: string; body?: unknown } = {}) => {
    const body = init.body === undefined ? undefined : JSON.parse(String(init.body));
    const answer = await api.call(init.method === 'POST' ? 'post' : 'get', path, body);
    if (answer.status >= 400) throw new Error(`${answer.status} ${answer.body.detail}`);
    return new Response(JSON.stringify(answer.body));
  };

  return {
    stores: api.stores,
    told,
    async importing(name: string, content: string, ...options: string[]) {
      const file = join(folder, name);
      writeFileSync(file, content);
      const means = { remote: () => ({ fetch }), output: { write }, progress: { write } };
      return await runImportHolidays(['holidays', file, ...options], means);
    },
  };
}

const NOTICE = '日期,类型,名称\n2027-02-08,放假,春节\n2027-02-14,补班,\n\n';

describe('sopflow import holidays', () => {
  it('adds the rows of a notice to the table in force, as a draft until it is told to publish', async () => {
    const { importing, stores, told } = await commandLine();
    const table = { days: { '2025-10-01': 'rest' as const }, names: {} };
    await stores.holidays.draft('cn', table, 'ann', '2026-03-02T00:00:00.000Z');
    await stores.holidays.publish('cn', 1, 'ann', '2026-03-02T00:00:00.000Z');

    expect(await importing('a.csv', `\uFEFF${NOTICE}`)).toBe(0);
    expect((await stores.holidays.current('cn'))?.version).toBe(1);
    expect(told.join('')).toContain('--publish');
    expect(told.join('')).toContain('missing: 2026');

    expect(await importing('a.csv', NOTICE, '--publish')).toBe(0);
    expect((await stores.holidays.current('cn'))?.body).toEqual({
      days: { '2025-10-01': 'rest', '2027-02-08': 'rest', '2027-02-14': 'work' },
      names: { 'spring-festival': ['2027-02-08'] },
    });
  });

  it('takes rows and whole tables as JSON and YAML', async () => {
    const { importing, stores } = await commandLine();
    const rows = JSON.stringify([{ date: '2027-10-01', kind: 'rest', name: '国庆节' }]);
    expect(await importing('b.json', rows, '--publish')).toBe(0);
    const yaml = 'days:\n  2027-10-01: rest\nnames:\n  national-day: ["2027-10-01"]\n';
    expect(await importing('c.yaml', yaml, '--publish')).toBe(0);
    const [second, first] = await stores.holidays.versions('cn');
    expect(second?.body).toEqual(first?.body);
  });

  it('says where a file is wrong, and keeps nothing of it', async () => {
    const { importing, stores, told } = await commandLine();
    expect(await importing('d.csv', 'date,kind\n2027-02-30,rest\n')).toBe(2);
    expect(await importing('e.csv', 'date,kind\n2027-02-03,rest,春节\n')).toBe(2);
    expect(await importing('f.yaml', 'days: [\n')).toBe(2);
    expect(told.join('')).toContain('rows[0].date');
    expect(told.join('')).toContain('e.csv:2');
    expect(told.join('')).toContain('line 2');
    expect(await stores.holidays.versions('cn')).toEqual([]);
  });

  it('takes no other kind of file', async () => {
    await expect(runImportHolidays(['holidays', 'a.xlsx'])).rejects.toThrow('a.xlsx');
  });
});
