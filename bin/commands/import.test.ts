import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../embedded/usage';
import { runImport } from './import';

const folder = mkdtempSync(join(tmpdir(), 'sopflow-import-'));
const lines: string[] = [];
let taken: { readonly contactId: string }[] = [];
let server: Server;

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += String(chunk);
    });
    request.on('end', () => {
      const rows = body
        .split('\n')
        .map((line) => JSON.parse(line) as { readonly contactId: string });
      taken.push(...rows);
      response.end(JSON.stringify({ rows: rows.map((_, row) => ({ row, status: 'accepted' })) }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env.SOPFLOW_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env.SOPFLOW_KEY = 'key';
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  taken = [];
  lines.length = 0;
  for (const stream of [process.stdout, process.stderr])
    jest.spyOn(stream, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
});
afterEach(() => jest.restoreAllMocks());

const importing = (name: string, text: string) => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return runImport(['contacts', file]);
};
const ids = () => taken.map(({ contactId }) => contactId);

describe('sopflow import contacts', () => {
  it('takes the good lines of a CSV file and names the line that has too few or too many cells', async () => {
    expect(
      await importing('a.csv', 'contactId,city\nc-1,guangzhou\nc-2\nc-3,yunfu,more\nc-4,yunfu\n'),
    ).toBe(1);
    expect(ids()).toEqual(['c-1', 'c-4']);
    expect(lines).toEqual([
      expect.stringContaining('line 3: '),
      expect.stringContaining('line 4: '),
      expect.stringContaining('2 contacts taken, 2 refused'),
    ]);
  });

  it('takes what stands before a quote that is never closed, and names its line', async () => {
    expect(await importing('b.csv', 'contactId,city\nc-1,guangzhou\n"c-2,yunfu\nc-3,yunfu\n')).toBe(
      1,
    );
    expect(ids()).toEqual(['c-1']);
    expect(lines.join('')).toMatch(/line \d+: .*Quote/);
  });

  it('takes the good lines of a JSONL file', async () => {
    expect(await importing('c.jsonl', '{"contactId":"c-1"}\n{bad\n\n{"contactId":"c-2"}\n')).toBe(
      1,
    );
    expect(ids()).toEqual(['c-1', 'c-2']);
    expect(lines[0]).toContain('line 2: ');
  });

  it('takes a JSONL row whose text holds a line separator of Unicode, and counts lines as editors do', async () => {
    const name = '王\u2028芳';
    const row = JSON.stringify({ contactId: 'c-1', name });
    expect(await importing('c.jsonl', `${row}\r\n{bad\n`)).toBe(1);
    expect(taken).toEqual([{ contactId: 'c-1', name }]);
    expect(lines[0]).toContain('line 2: ');
  });

  it.each(['csv', 'jsonl'])('names a .%s file that is not there', async (ending) => {
    await expect(runImport(['contacts', join(folder, `none.${ending}`)])).rejects.toThrow(
      `none.${ending}`,
    );
  });

  it('says how it is used when asked for anything else', async () => {
    await expect(runImport(['contacts', 'customers.xlsx'])).rejects.toThrow(UsageError);
  });
});
