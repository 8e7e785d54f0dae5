// Cuts one row of CSV out of lines. A row ends at a newline, unless a quoted cell goes over it and closes properly soon.

import type { RowFault } from '../../rules/contact/file/row';

/** Lines that a quoted cell may go over; a quote that is still open then was a slip. */
const MOST_LINES = 50;

interface CutRow {
  readonly cells: readonly string[];
  /** Lines that it takes. */
  readonly lines: number;
  readonly fault?: RowFault;
}

export interface CsvShape {
  readonly delimiter: string;
  /** Cells of the header; undefined: this is the header. */
  readonly width: number | undefined;
}

/**
 * The row that begins at `lines[from]`; null: lines that have not been read yet may belong to it. A quote that is out of place or
 * never closes costs its own line and no other.
 */
export function cutRow(
  lines: readonly string[],
  from: number,
  isEnd: boolean,
  shape: CsvShape,
): CutRow | null {
  const first = lines[from] ?? '';
  const cut = first.includes('"')
    ? cutQuoted(lines, from, isEnd, shape.delimiter)
    : { cells: first.split(shape.delimiter), lines: 1 };
  if (cut === null) return null;

  // Cut roughly, so that the cells can be shown.
  if ('fault' in cut) return { cells: trimmed(first.split(shape.delimiter)), lines: 1, ...cut };
  return fitted(cut, first, shape);
}

/** The row, its cells trimmed and as many as the header's; blank cells beyond it are nothing. */
function fitted(row: CutRow, first: string, { delimiter, width }: CsvShape): CutRow {
  const expected = width ?? 0;
  const cells = withoutBlanks(trimmed(row.cells), expected);
  if (cells.every((cell) => cell === '')) return { ...row, cells: [] };
  if (width === undefined) return { ...row, cells };

  const isFit = cells.length === width;
  if (row.lines > 1 && (!isFit || row.cells.some((cell) => holdsRow(cell, delimiter, width))))
    return { cells: trimmed(first.split(delimiter)), lines: 1, fault: { kind: 'stray-quote' } };
  return {
    ...row,
    cells,
    ...(!isFit && { fault: { kind: 'cells', found: cells.length, expected } }),
  };
}

/** Two stray quotes on different lines look like one cell that goes over the rows between them. */
const holdsRow = (cell: string, delimiter: string, width: number): boolean =>
  width > 1 &&
  cell
    .split('\n')
    .slice(1)
    .some((line) => line.split(delimiter).length === width);

function withoutBlanks(cells: readonly string[], kept: number): readonly string[] {
  let length = cells.length;
  while (length > kept && cells[length - 1] === '') length -= 1;
  return length === cells.length ? cells : cells.slice(0, length);
}

const trimmed = (cells: readonly string[]): string[] => cells.map((cell) => cell.trim());

type Cut =
  | { readonly cells: readonly string[]; readonly lines: number }
  | { readonly fault: RowFault };

function cutQuoted(
  lines: readonly string[],
  from: number,
  isEnd: boolean,
  delimiter: string,
): Cut | null {
  const cells: string[] = [];
  let text = lines[from] ?? '';
  let used = 1;
  let at = 0;

  for (;;) {
    const opening = quoteAt(text, at, delimiter);
    if (opening < 0) {
      const end = text.indexOf(delimiter, at);
      const cell = text.slice(at, end < 0 ? undefined : end);
      if (cell.includes('"')) return { fault: { kind: 'stray-quote' } };

      cells.push(cell);
      if (end < 0) return { cells, lines: used };
      at = end + 1;
      continue;
    }

    const closed = close(lines, from, { text, used, opening });
    if (!closed) return from + MOST_LINES <= lines.length || isEnd ? OPEN : null;
    ({ text, used } = closed);

    cells.push(text.slice(opening + 1, closed.closing).replaceAll('""', '"'));
    const next = afterBlanks(text, closed.closing + 1, delimiter);
    if (next === text.length) return { cells, lines: used };
    if (text[next] !== delimiter) return { fault: { kind: 'stray-quote' } };
    at = next + 1;
  }
}

const OPEN: Cut = { fault: { kind: 'open-quote' } };

interface OpenCell {
  /** The row so far, and the lines that it takes. */
  readonly text: string;
  readonly used: number;
  /** Where its quote stands. */
  readonly opening: number;
}

/** The row up to the line in which the quoted cell ends; undefined: not within the lines that it may go over. */
function close(lines: readonly string[], from: number, open: OpenCell) {
  let { text, used } = open;
  let closing = closingQuote(text, open.opening + 1);

  while (closing < 0) {
    if (used >= MOST_LINES || from + used >= lines.length) return undefined;

    const searched = text.length;
    text += `\n${lines[from + used]}`;
    used += 1;
    closing = closingQuote(text, searched);
  }

  return { text, used, closing };
}

/** Where the quote of a quoted cell stands that begins at `at`, blanks before it included; -1: the cell has none. */
function quoteAt(text: string, at: number, delimiter: string): number {
  const start = afterBlanks(text, at, delimiter);
  return text[start] === '"' ? start : -1;
}

function afterBlanks(text: string, at: number, delimiter: string): number {
  let next = at;
  while (next < text.length && text[next] !== delimiter && /\s/.test(text[next] ?? '')) next += 1;
  return next;
}

/** The first quote from `at` on that is not one of a pair; -1: none. Two in a row stand for one inside the cell. */
function closingQuote(text: string, at: number): number {
  for (let quote = text.indexOf('"', at); quote >= 0; quote = text.indexOf('"', quote + 2))
    if (text[quote + 1] !== '"') return quote;
  return -1;
}
