// Files of JSONL: one object a line, whatever encoding and mark they begin with.

import type { FileBytes, FileRow, OpenedFile, ReadOptions } from '../../ports/rowFiles';
import { detectEncoding, type Encoding, encodingNamed } from './encoding';
import { linesOfFile, UNDECODABLE } from './lines';

export async function openJsonl(file: FileBytes, options: ReadOptions): Promise<OpenedFile> {
  const encoding =
    options.encoding === undefined ? await detectEncoding(file) : encodingNamed(options.encoding);
  return {
    reading: { format: 'jsonl', encoding },
    header: null,
    rows: () => jsonRows(file, encoding),
  };
}

async function* jsonRows(file: FileBytes, encoding: Encoding): AsyncGenerator<readonly FileRow[]> {
  let line = 0;
  for await (const lines of linesOfFile(file, encoding))
    yield lines.map((text) => {
      line += 1;
      return rowOf(text.trim(), line);
    });
}

function rowOf(text: string, line: number): FileRow {
  if (text === '') return { line, cells: [] };
  const row = { line, cells: [], json: text };
  return text.includes(UNDECODABLE) ? { ...row, fault: { kind: 'undecodable' } } : row;
}
