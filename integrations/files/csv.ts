// Files of CSV as programs and people write them: any of three delimiters, with or without quotes, blank rows in between.

import type { FileBytes, FileRow, OpenedFile, ReadOptions } from '../../ports/rowFiles';
import { CodedError } from '../../rules/base/errors';
import { type CsvShape, cutRow } from './csvRow';
import { detectEncoding, type Encoding, encodingNamed } from './encoding';
import { firstRow, noHeader, withoutHeader } from './header';
import { linesOfFile, UNDECODABLE } from './lines';

const DELIMITERS = [',', ';', '\t'];
/** Said by Excel in a line before the header. */
const SAID_DELIMITER = /^"?sep=(.)"?$/i;

export async function openCsv(file: FileBytes, options: ReadOptions): Promise<OpenedFile> {
  const encoding =
    options.encoding === undefined ? await detectEncoding(file) : encodingNamed(options.encoding);
  const delimiter = options.delimiter ?? (await detectDelimiter(file, encoding));
  if (delimiter.length !== 1 || delimiter === '"') throw badDelimiter(delimiter);

  const header = await firstRow(csvRows(file, encoding, delimiter));
  if (!header) throw noHeader();
  if (header.fault) throw badHeader(header.line);

  return {
    reading: { format: 'csv', encoding, delimiter },
    header: header.cells,
    rows: () => withoutHeader(csvRows(file, encoding, delimiter)),
  };
}

async function* csvRows(
  file: FileBytes,
  encoding: Encoding,
  delimiter: string,
): AsyncGenerator<readonly FileRow[]> {
  let width: number | undefined;
  let line = 1;
  let waiting: readonly string[] = [];

  function cutAll(isEnd: boolean): FileRow[] {
    const rows: FileRow[] = [];
    let from = 0;

    while (from < waiting.length) {
      const shape: CsvShape = { delimiter, width };
      const cut = cutRow(waiting, from, isEnd, shape);
      if (cut === null) break;

      const isSaid = line === 1 && SAID_DELIMITER.test(waiting[from] ?? '');
      if (!isSaid) {
        if (cut.cells.length > 0 && width === undefined) width = cut.cells.length;
        rows.push(rowOf(cut, line));
      }
      from += cut.lines;
      line += cut.lines;
    }

    waiting = waiting.slice(from);
    return rows;
  }

  for await (const lines of linesOfFile(file, encoding)) {
    waiting = [...waiting, ...lines];
    yield cutAll(false);
  }
  yield cutAll(true);
}

function rowOf({ cells, fault }: NonNullable<ReturnType<typeof cutRow>>, line: number): FileRow {
  if (fault) return { line, cells, fault };
  if (cells.some((cell) => cell.includes(UNDECODABLE)))
    return { line, cells, fault: { kind: 'undecodable' } };
  return { line, cells };
}

/** Of its first line, outside of quotes. */
async function detectDelimiter(file: FileBytes, encoding: Encoding): Promise<string> {
  for await (const lines of linesOfFile(file, encoding))
    for (const line of lines) {
      const said = SAID_DELIMITER.exec(line)?.[1];
      if (said !== undefined) return said;
      if (line.trim() === '') continue;

      const bare = line.replace(/"(?:[^"]|"")*"/g, '');
      const count = (sign: string): number => bare.split(sign).length;
      return DELIMITERS.reduce((best, sign) => (count(sign) > count(best) ? sign : best));
    }

  throw noHeader();
}

function badHeader(line: number): CodedError {
  const message = `第 ${line} 行表头的引号有误 · a quote is out of place in the header, line ${line}`;
  return new CodedError('INVALID_INPUT', message, [{ path: 'file', message }]);
}

function badDelimiter(value: string): CodedError {
  const allowed = 'one character that is no quote';
  return new CodedError('INVALID_INPUT', `delimiter ${JSON.stringify(value)}: ${allowed}`, [
    { path: 'delimiter', message: `allowed: ${allowed}`, value, allowed },
  ]);
}
