// The header of a file: its first row that is not blank.

import type { FileRow } from '../../ports/rowFiles';
import { CodedError } from '../../rules/base/errors';

export async function firstRow(
  rows: AsyncIterable<readonly FileRow[]>,
): Promise<FileRow | undefined> {
  for await (const some of rows) {
    const found = some.find(({ cells }) => cells.length > 0);
    if (found) return found;
  }
  return undefined;
}

/** The rows behind the header; blank ones before it are no rows of the file. */
export async function* withoutHeader(
  rows: AsyncIterable<readonly FileRow[]>,
): AsyncGenerator<readonly FileRow[]> {
  let isFound = false;

  for await (const some of rows) {
    const header: number = isFound ? -1 : some.findIndex(({ cells }) => cells.length > 0);
    if (!isFound && header < 0) continue;

    isFound = true;
    yield some.slice(header + 1);
  }
}

export const noHeader = (): CodedError =>
  new CodedError('INVALID_INPUT', '文件是空的，没有表头 · the file is empty: it has no header', [
    { path: 'file', message: 'empty: no row with the names of the columns' },
  ]);
