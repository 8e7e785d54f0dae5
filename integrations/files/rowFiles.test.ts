import fc from 'fast-check';
import type { FileRow, ReadOptions } from '../../ports/rowFiles';
import { bytesOf } from '../../test/fakes/fileBytes';
import { createRowFiles } from './rowFiles';

const files = createRowFiles();

async function read(
  content: string | Uint8Array,
  options: Partial<ReadOptions> = {},
  piece?: number,
) {
  const file = await files.open(bytesOf(content, piece), { format: 'csv', ...options });
  const rows: FileRow[] = [];
  for await (const some of file.rows()) rows.push(...some);
  return { ...file, rows };
}

const utf16 = (text: string, order: 'le' | 'be', mark = true): Buffer => {
  const bytes = Buffer.from(`${mark ? '\uFEFF' : ''}${text}`, 'utf16le');
  return order === 'le' ? bytes : bytes.swap16();
};
/** 客户编号,姓名 / c-1,张伟 in GBK. */
const GBK = Buffer.from('bfcdbba7b1e0bac52cd0d5c3fb0d0a632d312cd5c5ceb00d0a', 'hex');
const TEXT = '客户编号,姓名\r\nc-1,张伟\r\n';

describe('the encoding of a file', () => {
  it.each([
    ['UTF-8', Buffer.from(TEXT), 'utf-8'],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${TEXT}`), 'utf-8'],
    ['GBK', GBK, 'gb18030'],
    ['UTF-16 of Excel', utf16(TEXT, 'le'), 'utf-16le'],
    ['UTF-16, big end first', utf16(TEXT, 'be'), 'utf-16be'],
    [
      'UTF-16 without a mark',
      utf16(`contactId,city\nc-1,guangzhou\n${TEXT}`, 'le', false),
      'utf-16le',
    ],
  ])('is found out and said: %s', async (_, bytes, encoding) => {
    const file = await read(bytes);
    expect(file.reading.encoding).toBe(encoding);
    expect(file.rows.at(-1)).toMatchObject({ cells: ['c-1', '张伟'] });
  });

  it('is GB18030 for characters outside of GBK, wherever in the file they stand', async () => {
    const rows = Array.from({ length: 2000 }, (_, i) => `c-${i},x`).join('\n');
    const bytes = Buffer.concat([
      Buffer.from(`contactId,name\n${rows}\nc-x,`),
      Buffer.from('9534b235', 'hex'), // 𠮷
    ]);
    const file = await read(bytes);
    expect(file.reading.encoding).toBe('gb18030');
    expect(file.rows.at(-1)?.cells).toEqual(['c-x', '𠮷']);
  });

  it('is asked for when the bytes are none that is known', async () => {
    const bytes = Buffer.from([...Buffer.from('contactId,name\nc-1,'), 0xff, 0xff, 0x0a]);
    await expect(read(bytes)).rejects.toMatchObject({ issues: [{ path: 'encoding' }] });
    const { rows } = await read(bytes, { encoding: 'GBK' });
    expect(rows).toMatchObject([{ line: 2, fault: { kind: 'undecodable' } }]);
    await expect(read(bytes, { encoding: 'klingon' })).rejects.toMatchObject({
      issues: [{ path: 'encoding', allowed: expect.stringContaining('gb18030') }],
    });
  });
});

describe('rows of CSV', () => {
  it.each([
    [',', 'contactId,city,name'],
    [';', 'contactId;city;name'],
    ['\t', 'contactId\tcity\tname'],
    [';', 'contactId;city;"a,b,c,d"'],
    ['|', 'sep=|\ncontactId|city|name'],
  ])('are cut at the delimiter that the header has most of: %j', async (delimiter, header) => {
    const { reading, rows } = await read(`${header}\nc-1${delimiter}x${delimiter}y\n`);
    expect(reading.delimiter).toBe(delimiter);
    expect(rows).toMatchObject([{ cells: ['c-1', 'x', 'y'] }]);
  });

  it('count their lines as editors do, with blank rows and rows over several lines', async () => {
    const { header, rows } = await read('\n id , note \nc-1,"a\nb"\n\n,\n c-2 ,"x ""y"" z"\r\n');
    expect(header).toEqual(['id', 'note']);
    expect(rows).toEqual([
      { line: 3, cells: ['c-1', 'a\nb'] },
      { line: 5, cells: [] },
      { line: 6, cells: [] },
      { line: 7, cells: ['c-2', 'x "y" z'] },
    ]);
  });

  it('may end with a return alone, without an end at all, and with blank cells beyond the header', async () => {
    expect((await read('a,b\rc,d\re,f')).rows.map(({ cells }) => cells)).toEqual([
      ['c', 'd'],
      ['e', 'f'],
    ]);
    expect((await read('a,b,,\nc,d,,,\ne,f')).rows).toMatchObject([
      { cells: ['c', 'd'] },
      { cells: ['e', 'f'] },
    ]);
  });

  it('are refused by line when they have too few or too many cells', async () => {
    const { rows } = await read('a,b\n1\n1,2,3\n1,2\n');
    expect(rows).toMatchObject([
      { line: 2, fault: { kind: 'cells', found: 1, expected: 2 } },
      { line: 3, fault: { kind: 'cells', found: 3, expected: 2 } },
      { line: 4, cells: ['1', '2'] },
    ]);
    expect(rows[2]).not.toHaveProperty('fault');
  });

  it.each([
    ['inside of a cell', 'c-2,王"小"明', 'stray-quote'],
    ['behind a quoted cell', 'c-2,"王"小', 'stray-quote'],
    ['opened and never closed', 'c-2,"王', 'open-quote'],
    ['opened before a cell', '"c-2,王', 'open-quote'],
  ])('are lost alone by a quote %s', async (_, bad, kind) => {
    const others = Array.from({ length: 120 }, (__, i) => `x-${i},y`);
    const { rows } = await read(`a,b\nc-1,x\n${bad}\n${others.join('\n')}\n`);
    expect(rows).toHaveLength(122);
    expect(rows.filter(({ fault }) => fault)).toEqual([
      { line: 3, cells: bad.split(','), fault: { kind } },
    ]);
  });

  it('are lost alone by an open quote that meets the quotes of later rows', async () => {
    const { rows } = await read('a,b\nc-1,"x\nc-2,"y"\nc-3,z"\nc-4,"1\n2"\n');
    expect(rows.map(({ line, fault }) => [line, fault?.kind])).toEqual([
      [2, 'stray-quote'],
      [3, undefined],
      [4, 'stray-quote'],
      [5, undefined],
    ]);
  });

  it('are not swallowed by two stray quotes that look like one long cell', async () => {
    const { rows } = await read('a,b\nc-1,"x\nc-2,y\nc-3,z"\nc-4,w\n');
    expect(rows.map(({ cells, fault }) => (fault ? fault.kind : cells[0]))).toEqual([
      'stray-quote',
      'c-2',
      'stray-quote',
      'c-4',
    ]);
  });

  it('are read alike however the file is cut into pieces, and written again are the same', async () => {
    const written = fc.oneof(
      fc.stringMatching(/^[a-z"\n张 ]{0,6}$/),
      fc.stringMatching(/^[a-z",;\t ]{0,6}$/),
    );
    const cell = written.map((text) => text.trim());
    const table = fc.array(fc.tuple(fc.constant('id'), cell, cell), { minLength: 1, maxLength: 8 });
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 40 }), async (rows, piece) => {
        const text = [['a', 'b', 'c'], ...rows].map((row) => row.map(quoted).join(',')).join('\n');
        const found = await read(text, {}, piece);
        expect(found.rows.map(({ cells }) => cells)).toEqual(rows);
      }),
      { numRuns: 200 },
    );
  });

  it('are all read but those that are damaged, whatever is damaged', async () => {
    const line = fc.oneof(fc.constant('c,d'), fc.stringMatching(/^[a-z",]{1,8}$/));
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 30 }), async (lines) => {
        const { rows } = await read(`a,b\n${lines.join('\n')}\n`, { delimiter: ',' });
        const good = lines.flatMap((text, i) => (text === 'c,d' ? [i + 2] : []));
        const taken = new Set(rows.filter(({ cells }) => cells[0] === 'c').map((row) => row.line));
        const eaten = rows.flatMap(({ cells, line: at }) =>
          cells.some((each) => each.includes('\n')) ? [at] : [],
        );
        // A good line is only missing where a properly quoted cell goes over it.
        for (const at of good)
          if (!taken.has(at)) expect(eaten.some((from) => from < at)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('need a header', async () => {
    await expect(read('')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(read('\n , \n')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(read('a,"b\nc,d\n')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});

describe('rows of JSONL', () => {
  it('are lines, with a mark before the first and any sign inside', async () => {
    const text = '\uFEFF{"name":"a\u2028b\u2029c"}\r\n\r\n{bad\n';
    expect((await read(text, { format: 'jsonl' })).rows).toEqual([
      { line: 1, cells: [], json: '{"name":"a\u2028b\u2029c"}' },
      { line: 2, cells: [] },
      { line: 3, cells: [], json: '{bad' },
    ]);
  });

  it('are read in GBK, too', async () => {
    const bytes = Buffer.concat([
      Buffer.from('{"name":"'),
      GBK.subarray(19, 23),
      Buffer.from('"}\n'),
    ]);
    const file = await read(bytes, { format: 'jsonl' });
    expect(file).toMatchObject({
      reading: { encoding: 'gb18030' },
      rows: [{ json: '{"name":"张伟"}' }],
    });
  });
});
