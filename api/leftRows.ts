// Rows that an import left, as CSV that a spreadsheet opens and that can be imported again.

import type { ImportJob, LeftRow } from '../ports/imports';
import { leftRowWords } from '../rules/words/leftRow';

/** Without it a Chinese spreadsheet takes UTF-8 for GBK. */
const MARK = '\uFEFF';
/** Known to the import as columns that say nothing. */
const LINE = '行 line';
const REASON = '原因 reason';

/** Line and reason, then the row as it was. */
export async function* refusedLines(
  { reading }: Pick<ImportJob, 'reading'>,
  rows: AsyncIterable<LeftRow>,
): AsyncGenerator<string> {
  const header = reading?.header;
  yield `${MARK}${csvLine([LINE, REASON, ...(header ?? ['json'])])}`;

  for await (const { line, cells = [], json, faults = [], issues = [] } of rows)
    yield csvLine([
      String(line),
      leftRowWords(faults, issues),
      ...(json === undefined ? cells : [json]),
    ]);
}

export async function* repeatedLines(rows: AsyncIterable<LeftRow>): AsyncGenerator<string> {
  yield `${MARK}${csvLine([LINE, '以此行为准 counting line', 'contactId'])}`;
  for await (const { line, countingLine, contactId } of rows)
    yield csvLine([String(line), String(countingLine ?? ''), contactId ?? '']);
}

const csvLine = (cells: readonly string[]): string => `${cells.map(quoted).join(',')}\r\n`;

const quoted = (cell: string): string =>
  /[",\r\n;\t]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
