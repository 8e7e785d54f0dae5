import type { FileRow, ReadOptions } from '../../../ports/rowFiles';
import { bytesOf } from '../../../test/fakes/fileBytes';
import { type TestWorkbook, workbookOf } from '../../../test/support/workbook';
import { createRowFiles } from '../rowFiles';

async function read(workbook: TestWorkbook, options: Partial<ReadOptions> = {}) {
  const bytes = bytesOf(await workbookOf(workbook), 101);
  const file = await createRowFiles().open(bytes, { format: 'xlsx', ...options });
  const rows: FileRow[] = [];
  for await (const some of file.rows()) rows.push(...some);
  return { ...file, rows };
}

const HEADER =
  '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="B1" t="inlineStr"><is><t>b</t></is></c></row>';
/** The text of one cell in a sheet with two columns. */
async function cellOf(cell: string, more: Partial<TestWorkbook> = {}): Promise<string | undefined> {
  const row = `<row r="2"><c r="A2"><v>1</v></c>${cell}</row>`;
  return (await read({ sheets: { S: [HEADER, row] }, ...more })).rows[0]?.cells[1];
}

describe('a cell of a workbook', () => {
  it.each([
    ['a shared text', '<c r="B2" t="s"><v>1</v></c>', '张 & 伟'],
    ['a text in runs, without how it is spoken', '<c r="B2" t="s"><v>2</v></c>', '中国移动'],
    [
      'a text in place',
      '<c r="B2" t="inlineStr"><is><r><t>x</t></r><r><t xml:space="preserve"> y</t></r></is></c>',
      'x y',
    ],
    ['the result of a formula', '<c r="B2" t="str"><f>A1&amp;"x"</f><v>1x</v></c>', '1x'],
    ['a formula that failed', '<c r="B2" t="e"><f>1/0</f><v>#N/A</v></c>', '#N/A'],
    ['true', '<c r="B2" t="b"><v>1</v></c>', 'true'],
    ['a phone', '<c r="B2"><v>13912345678</v></c>', '13912345678'],
    ['a phone that is shown as 1.39E+10', '<c r="B2"><v>1.3912345678E10</v></c>', '13912345678'],
    ['an amount with the noise of its fraction', '<c r="B2"><v>59.899999999999999</v></c>', '59.9'],
    ['an amount', '<c r="B2"><v>-0.5</v></c>', '-0.5'],
    [
      'a number of more digits than are kept',
      '<c r="B2"><v>1.2345678901234567E+18</v></c>',
      '1.23456789012346e+18',
    ],
    ['a date', '<c r="B2" s="1"><v>45296</v></c>', '2024-01-05'],
    [
      'a date of a format in Chinese, with its time',
      '<c r="B2" s="2"><v>45296.333333333336</v></c>',
      '2024-01-05 08:00:00',
    ],
    [
      'a number of a format with letters in quotes and colours',
      '<c r="B2" s="3"><v>45296</v></c>',
      '45296',
    ],
    ['a date in ISO form', '<c r="B2" t="d"><v>2024-01-05T08:00:00</v></c>', '2024-01-05T08:00:00'],
    ['a character that XML cannot hold', '<c r="B2" t="str"><v>a_x000D_b_x005F_</v></c>', 'a\rb_'],
    ['a cell without a reference', '<c t="str"><v>x</v></c>', 'x'],
  ])('is read: %s', async (_, cell, text) => {
    const strings = [
      '<si><t>no</t></si><si><t>张 &amp; 伟</t></si>',
      '<si><r><t>中国</t></r><r><t>移动</t></r><rPh sb="0" eb="1"><t>ちゅうごく</t></rPh></si>',
    ];
    const styles = [14, '[$-804]yyyy"年"m"月"d"日" h:mm;@', '[Red]#,##0"days"'];
    expect(await cellOf(cell, { strings, styles })).toBe(text);
  });

  it('counts its days from where the workbook counts them', async () => {
    const cell = '<c r="B2" s="1"><v>43834</v></c>';
    expect(await cellOf(cell, { styles: [14], date1904: true })).toBe('2024-01-05');
  });
});

describe('a sheet', () => {
  it('has rows that leave cells out, blank rows, and rows beyond the header', async () => {
    const rows = [
      HEADER,
      '<row r="3"><c r="B3" t="str"><v>x</v></c></row>',
      '<row r="4"><c r="A4" s="0"/></row>',
      '<row r="9"><c r="A9"><v>1</v></c><c r="AB9"><v>2</v></c></row>',
    ];
    expect((await read({ sheets: { S: rows } })).rows).toMatchObject([
      { line: 3, cells: ['', 'x'] },
      { line: 4, cells: [] },
      { line: 9, fault: { kind: 'cells', found: 28, expected: 2 } },
    ]);
  });

  it('is the first that is shown, or the one asked for by name or number; the others are named', async () => {
    const row = '<row r="2"><c r="A2" t="str"><v>here</v></c></row>';
    const sheets = { 说明: [HEADER], 客户: [HEADER, row], 三月: [HEADER] };
    expect(await read({ sheets, hidden: ['说明'] })).toMatchObject({
      reading: { sheet: '客户', otherSheets: ['说明', '三月'] },
      rows: [{ cells: ['here', ''] }],
    });
    expect((await read({ sheets }, { sheet: '2' })).reading.sheet).toBe('客户');
    expect((await read({ sheets }, { sheet: '三月' })).reading.sheet).toBe('三月');
    await expect(read({ sheets }, { sheet: '四月' })).rejects.toMatchObject({
      issues: [{ path: 'sheet', allowed: '说明, 客户, 三月' }],
    });
  });

  it('is refused when the workbook is damaged, old or something else', async () => {
    const open = (bytes: Uint8Array) => createRowFiles().open(bytesOf(bytes), { format: 'xlsx' });
    const whole = await workbookOf({ sheets: { S: [HEADER, '<row'] } });
    const bad = [
      whole,
      whole.subarray(0, 400),
      Buffer.from('contactId,city\n'),
      Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1]),
    ];
    const readAll = async (bytes: Uint8Array) => {
      for await (const _ of (await open(bytes)).rows());
    };
    for (const bytes of bad)
      await expect(readAll(bytes)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});
