// In which encoding a text file is: a mark at its beginning, then strict UTF-8, then GB18030, which holds GBK and GB2312.

import type { FileBytes } from '../../ports/rowFiles';
import { CodedError } from '../../rules/base/errors';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030';

const NAMES: Readonly<Record<string, Encoding>> = {
  ...{ 'utf-8': 'utf-8', utf8: 'utf-8', 'utf-16le': 'utf-16le', 'utf-16be': 'utf-16be' },
  ...{ 'utf-16': 'utf-16le', utf16: 'utf-16le', unicode: 'utf-16le' },
  ...{ gb18030: 'gb18030', gbk: 'gb18030', gb2312: 'gb18030', cp936: 'gb18030', ansi: 'gb18030' },
};

const MARKS: readonly (readonly [Encoding, readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];
const LOOKED_AT = 4096;

/** @throws CodedError INVALID_INPUT naming those that are known */
export function encodingNamed(name: string): Encoding {
  const found = Object.hasOwn(NAMES, name.toLowerCase()) ? NAMES[name.toLowerCase()] : undefined;
  if (found) return found;

  const allowed = Object.keys(NAMES).join(', ');
  throw new CodedError('INVALID_INPUT', `encoding ${JSON.stringify(name)} is not known`, [
    { path: 'encoding', message: `unknown; allowed: ${allowed}`, value: name, allowed },
  ]);
}

/** @throws CodedError INVALID_INPUT when the bytes are no text in any of them */
export async function detectEncoding(file: FileBytes): Promise<Encoding> {
  const start = await startOf(file);
  const marked = MARKS.find(([, mark]) => mark.every((byte, i) => start[i] === byte));
  if (marked) return marked[0];

  const wide = wideEncoding(start);
  if (wide) return wide;
  if (await isAll(file, 'utf-8')) return 'utf-8';
  if (await isAll(file, 'gb18030')) return 'gb18030';

  const message =
    '文件既不是 UTF-8 也不是 GB18030，请用 --encoding 指明 · neither UTF-8 nor GB18030; name the encoding';
  throw new CodedError('INVALID_INPUT', message, [{ path: 'encoding', message }]);
}

async function startOf(file: FileBytes): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of file.read(0, Math.min(LOOKED_AT, file.size))) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** UTF-16 without a mark: every other byte of digits, commas and Latin letters is zero. */
function wideEncoding(start: Buffer): Encoding | undefined {
  const zeros = [0, 0];
  for (const [i, byte] of start.entries()) if (byte === 0) zeros[i % 2] = (zeros[i % 2] ?? 0) + 1;

  const [even = 0, odd = 0] = zeros;
  const many = start.length / 8;
  if (odd > many && even < odd / 8) return 'utf-16le';
  return even > many && odd < even / 8 ? 'utf-16be' : undefined;
}

async function isAll(file: FileBytes, encoding: Encoding): Promise<boolean> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  try {
    for await (const piece of file.read(0)) decoder.decode(piece, { stream: true });
    decoder.decode();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return false;
    throw error;
  }
}
