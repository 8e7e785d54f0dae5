// A holiday table as people have it in a file: rows `date,kind,name` as CSV, JSON or YAML, or the whole table as JSON or YAML.

import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { CodedError } from '../rules/base/errors';

export type HolidayFile =
  | { readonly kind: 'rows'; readonly rows: readonly unknown[] }
  | { readonly kind: 'table'; readonly table: unknown };

export const HOLIDAY_FILES = /\.(csv|json|ya?ml)$/i;

/** What the rows hold is for the server to check. @throws CodedError INVALID_INPUT naming the file, and the line where there is one */
export async function readHolidayFile(file: string): Promise<HolidayFile> {
  const text = (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
  if (/\.csv$/i.test(file)) return { kind: 'rows', rows: csvRows(text, file) };

  const content = read(text, file);
  if (Array.isArray(content)) return { kind: 'rows', rows: content };
  return { kind: 'table', table: content };
}

/** JSON is YAML. */
function read(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new CodedError('INVALID_INPUT', `${file}: ${(error as Error).message}`);
  }
}

const COLUMNS: Readonly<Record<string, string>> = { 日期: 'date', 类型: 'kind', 名称: 'name' };

function csvRows(text: string, file: string): readonly unknown[] {
  const [header = '', ...lines] = text.split(/\r?\n/);
  const columns = header.split(',').map((cell) => COLUMNS[cell.trim()] ?? cell.trim());

  return lines.flatMap((line, i) => {
    if (line.trim() === '') return [];
    const cells = line.split(',').map((cell) => cell.trim());
    if (cells.length > columns.length)
      throw new CodedError(
        'INVALID_INPUT',
        `${file}:${i + 2}: ${cells.length} 列，表头有 ${columns.length} 列 · ${cells.length} cells under ${columns.length} columns`,
      );

    const filled = columns.map((column, j) => [column, cells[j] ?? ''] as const);
    return [Object.fromEntries(filled.filter(([, cell]) => cell !== ''))];
  });
}
