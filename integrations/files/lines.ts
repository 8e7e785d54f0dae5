// The lines of a text file, many at a time. A line ends at a newline and nowhere else: U+2028 is a character like others.

import type { FileBytes } from '../../ports/rowFiles';
import { CodedError } from '../../rules/base/errors';
import type { Encoding } from './encoding';

/** Longer ones are no rows: the file is something else, or its ends of lines were lost. */
const LONGEST_LINE = 1024 * 1024;

/** What stands in place of bytes that the encoding does not know. */
export const UNDECODABLE = '\uFFFD';

/** Lines without their ends. Bytes that are not of the encoding become U+FFFD. */
export async function* linesOfFile(
  file: FileBytes,
  encoding: Encoding,
): AsyncGenerator<readonly string[]> {
  let rest = '';
  let end: '\n' | '\r' | undefined;

  for await (const text of decoded(file, encoding)) {
    const all = rest + text;
    end ??= endOfLines(all);
    if (end === undefined) rest = all;
    else {
      const lines = all.split(end);
      rest = lines.pop() ?? '';
      if (lines.length > 0) yield lines.map(withoutReturn);
    }
    if (rest.length > LONGEST_LINE) throw tooLong();
  }

  if (rest !== '') yield [withoutReturn(rest)];
}

async function* decoded(file: FileBytes, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding); // takes the mark at the beginning away
  for await (const piece of file.read(0)) yield decoder.decode(piece, { stream: true });
  yield decoder.decode();
}

/** Old programs end lines with a return alone; undefined: no line has ended yet. */
function endOfLines(text: string): '\n' | '\r' | undefined {
  if (text.includes('\n')) return '\n';
  const at = text.indexOf('\r');
  return at >= 0 && at < text.length - 1 ? '\r' : undefined;
}

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);

const tooLong = (): CodedError =>
  new CodedError(
    'INVALID_INPUT',
    '一行超过 1 MB，这不是按行的文本文件 · a line of more than 1 MB',
    [{ path: 'file', message: 'a line of more than 1 MB: not a text file of rows' }],
  );
