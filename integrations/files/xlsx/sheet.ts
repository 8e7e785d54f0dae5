// The rows of one sheet, as texts: what a spreadsheet shows of a date, and of a number all digits instead of a short form.

import type { FileRow } from '../../../ports/rowFiles';
import { type SerialBase, textOfSerial } from '../../../rules/contact/file/date';
import type { Archive } from './archive';
import type { SharedStrings } from './sharedStrings';
import { type Attributes, createXmlReader, unescaped } from './xml';

/** What the cells of a sheet refer to. */
export interface SheetContext {
  readonly strings: SharedStrings;
  readonly isDate: readonly boolean[];
  readonly serials: SerialBase;
}

/** Far more columns than any list has; a cell beyond them would make every row as wide. */
const MOST_COLUMNS = 1000;

export async function* sheetRows(
  archive: Archive,
  part: string,
  context: SheetContext,
): AsyncGenerator<readonly FileRow[]> {
  const sheet = createSheetReader(context);
  const reader = createXmlReader(sheet.handlers);

  for await (const piece of archive.read(part)) {
    reader.write(piece);
    const rows = sheet.takeRows();
    if (rows.length > 0) yield rows;
  }

  reader.end();
  yield sheet.takeRows();
}

interface OpenCell {
  readonly column: number;
  readonly type: string;
  readonly isDate: boolean;
  text: string;
}

function createSheetReader(context: SheetContext) {
  let rows: FileRow[] = [];
  let line = 0;
  let cells: string[] = [];
  let cell: OpenCell | undefined;
  let isValue = false;
  let isReading = false;

  const openCell = (attributes: Attributes): OpenCell => ({
    column: Math.min(columnOf(attributes.r) ?? cells.length, MOST_COLUMNS),
    type: attributes.t ?? 'n',
    isDate: context.isDate[Number(attributes.s ?? 0)] ?? false,
    text: '',
  });

  function closeCell(): void {
    if (!cell) return;
    while (cells.length < cell.column) cells.push('');
    cells[cell.column] = textOf(cell, context).trim();
    cell = undefined;
  }

  return {
    handlers: {
      opened(name: string, attributes: Attributes) {
        if (name === 'row') {
          line = attributes.r === undefined ? line + 1 : Number(attributes.r);
          cells = [];
        } else if (name === 'c') cell = openCell(attributes);
        else if (name === 'rPh') isReading = true; // how the text is spoken
        isValue = name === 'v' || (name === 't' && !isReading);
      },
      closed(name: string) {
        if (name === 'c') closeCell();
        else if (name === 'row') rows.push({ line, cells: withoutBlankEnd(cells) });
        else if (name === 'rPh') isReading = false;
        isValue = false;
      },
      text(more: string) {
        if (cell && isValue) cell.text += more;
      },
    },
    takeRows(): readonly FileRow[] {
      const taken = rows;
      rows = [];
      return taken;
    },
  };
}

function withoutBlankEnd(cells: readonly string[]): readonly string[] {
  let length = cells.length;
  while (length > 0 && cells[length - 1] === '') length -= 1;
  return cells.slice(0, length);
}

const A = 64;

/** From 0: the column of a reference such as `AB12`; undefined: the cell has none and stands behind the one before. */
function columnOf(reference: string | undefined): number | undefined {
  if (reference === undefined) return undefined;

  let column = 0;
  for (const letter of reference) {
    const number = letter.charCodeAt(0) - A;
    if (number < 1 || number > 26) break;
    column = column * 26 + number;
  }
  return column > 0 ? column - 1 : undefined;
}

function textOf({ type, isDate, text }: OpenCell, { strings, serials }: SheetContext): string {
  switch (type) {
    case 's':
      return text === '' ? '' : strings.at(Number(text));
    case 'b':
      return text === '' ? '' : String(text.trim() === '1');
    case 'n':
      return text === '' ? '' : numberText(text, isDate, serials);
    default: // texts of formulas, texts in place, errors, ISO dates
      return unescaped(text);
  }
}

/** Digits that a spreadsheet keeps of a number; what comes after them is noise. */
const DIGITS = 15;

function numberText(raw: string, isDate: boolean, serials: SerialBase): string {
  const value = Number(raw);
  if (Number.isNaN(value)) return raw;
  if (isDate) return textOfSerial(value, serials) ?? raw;
  if (/^-?\d{1,15}$/.test(raw)) return raw;

  const kept = value.toPrecision(DIGITS);
  return kept.includes('e') || !kept.includes('.') ? kept : kept.replace(/\.?0+$/, '');
}
