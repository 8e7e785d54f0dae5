// Files of customers as operators have them, partly broken, of any length, with what has to become of their rows.

import { workbookOf } from '../test/support/workbook';
import { seeded } from './part';

export interface ExpectedSums {
  readonly rows: number;
  readonly taken: number;
  readonly unchanged: number;
  readonly refused: number;
  readonly skipped: number;
}

type RowKind = 'good' | 'repeat' | 'blank' | 'cells' | 'stray' | 'open' | 'date' | 'phone';

/** Of a hundred rows; the others are good. */
const SHARES: readonly (readonly [RowKind, number])[] = [
  ['repeat', 3],
  ['blank', 2],
  ['cells', 2],
  ['stray', 2],
  ['open', 1],
  ['date', 2],
  ['phone', 2],
];

const HEADER = ['客户编号', '地市', '姓名', '手机号', '套餐', '套餐月费', '入网时间', '余额(元)'];
const PIECE_ROWS = 2000;

interface BenchRow {
  readonly kind: RowKind;
  readonly cells: readonly string[];
}

function kindOf(draw: number): RowKind {
  let left = draw * 100;
  for (const [kind, share] of SHARES) {
    if (left < share) return kind;
    left -= share;
  }
  return 'good';
}

/** Rows of contacts `<prefix>-<n>`; a seed repeats them. */
function* rowsOf(prefix: string, count: number, seed: number): Generator<BenchRow> {
  const random = seeded(seed);
  let latestGood: number | undefined;

  for (let i = 0; i < count; i++) {
    const drawn = kindOf(random());
    const kind = drawn === 'repeat' && latestGood === undefined ? 'good' : drawn;
    const id = kind === 'repeat' ? (latestGood ?? i) : i;
    yield { kind, cells: cellsOf(kind, prefix, id, i) };
    // Repeats stand far from what they repeat: one in a thousand rows is repeated much later.
    if (kind === 'good' && (latestGood === undefined || i % 1000 === 0)) latestGood = i;
    else if (kind === 'repeat') latestGood = undefined;
  }
}

function cellsOf(kind: RowKind, prefix: string, id: number, i: number): readonly string[] {
  if (kind === 'blank') return [];

  // Files of different prefixes share no number: a claim of somebody else's costs a write of its own.
  const network = prefix === 'c' ? '138' : '139';
  const city = i % 2 === 0 ? 'guangzhou' : 'foshan';
  const phone =
    kind === 'phone' ? '1.38E+10' : `${network}${String(i % 100_000_000).padStart(8, '0')}`;
  const date = kind === 'date' ? '1/5/2024' : `2024/${(i % 12) + 1}/5`;
  const cells = [
    `${prefix}-${id}`,
    city,
    `客户${i % 1000}`,
    phone,
    'plan-59',
    '59',
    date,
    `${i % 500}.50`,
  ];
  return kind === 'cells' ? cells.slice(0, 3) : cells;
}

/** What has to become of a file that is read for the first time. */
export function expectedOf(prefix: string, count: number, seed: number): ExpectedSums {
  const counts = { good: 0, repeat: 0, blank: 0, bad: 0 };
  for (const { kind } of rowsOf(prefix, count, seed))
    counts[kind === 'good' || kind === 'repeat' || kind === 'blank' ? kind : 'bad'] += 1;

  const { good, repeat, blank, bad } = counts;
  return { rows: count, taken: good, unchanged: 0, refused: bad, skipped: repeat + blank };
}

/** In GB18030 a file would be as long; this one is UTF-8, which has to be proved to its end. */
export function* csvFile(prefix: string, count: number, seed: number): Generator<Uint8Array> {
  let piece = `${HEADER.join(',')}\r\n`;
  let rows = 0;

  for (const { kind, cells } of rowsOf(prefix, count, seed)) {
    piece += `${csvLine(kind, cells)}\r\n`;
    rows += 1;
    if (rows % PIECE_ROWS !== 0) continue;
    yield Buffer.from(piece);
    piece = '';
  }

  yield Buffer.from(piece);
}

function csvLine(kind: RowKind, cells: readonly string[]): string {
  if (kind === 'stray') return cells.join(',').replace('客户', '客"户"');
  return kind === 'open' ? cells.join(',').replace('客户', '"客户') : cells.join(',');
}

/** The whole workbook: its texts are shared, and lie behind the sheet. A quote is a character like others in it. */
export function xlsxFile(prefix: string, count: number, seed: number): Promise<Buffer> {
  const texts = new Map<string, number>();
  const indexOf = (text: string): number => {
    const known = texts.get(text);
    if (known !== undefined) return known;
    texts.set(text, texts.size);
    return texts.size - 1;
  };

  function* rows(): Generator<string> {
    yield sheetRow(1, HEADER, indexOf);
    let line = 1;
    for (const { kind, cells } of rowsOf(prefix, count, seed)) {
      line += 1;
      const bad = kind === 'stray' || kind === 'open' || kind === 'cells';
      yield sheetRow(line, bad ? [...cells.slice(0, 3), '#REF!'] : cells, indexOf);
    }
  }
  function* strings(): Generator<string> {
    for (const text of texts.keys()) yield `<si><t>${text}</t></si>`;
  }

  return workbookOf({ sheets: { 客户: rows() }, strings: strings() });
}

function sheetRow(
  line: number,
  cells: readonly string[],
  indexOf: (text: string) => number,
): string {
  const xml = cells.map((cell, i) => {
    const reference = `${String.fromCharCode(65 + i)}${line}`;
    return /^\d+(\.\d+)?$/.test(cell)
      ? `<c r="${reference}"><v>${cell}</v></c>`
      : `<c r="${reference}" t="s"><v>${indexOf(cell)}</v></c>`;
  });
  return `<row r="${line}">${xml.join('')}</row>`;
}
