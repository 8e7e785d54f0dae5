// The parts of a workbook: a zip archive, read from any place of the file, one part at a time.

import { Readable } from 'node:stream';
import yauzl from 'yauzl';
import type { FileBytes } from '../../../ports/rowFiles';
import { CodedError } from '../../../rules/base/errors';

/** Parts that are held as a whole; the rows of a sheet are not. */
const MOST_BYTES = 64 * 1024 * 1024;

export interface Archive {
  has(part: string): boolean;
  /** Its bytes unpacked, piece by piece. @throws CodedError INVALID_INPUT when it is missing or damaged */
  read(part: string): AsyncIterable<Uint8Array>;
  /** A part as a text; empty when it is missing. */
  text(part: string): Promise<string>;
}

class Bytes extends yauzl.RandomAccessReader {
  constructor(private readonly file: FileBytes) {
    super();
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.file.read(start, end), { objectMode: false });
  }
}

/** @throws CodedError INVALID_INPUT for what is no workbook, or one with a password */
export async function openArchive(file: FileBytes): Promise<Archive> {
  await refuseOldWorkbook(file);
  const zip = await yauzl
    .fromRandomAccessReaderPromise(new Bytes(file), file.size, {
      ...{ lazyEntries: true, autoClose: false, validateEntrySizes: true },
    })
    .catch((error: Error) => {
      throw broken(error);
    });
  const entries = await entriesOf(zip);

  return {
    has: (part) => entries.has(part.toLowerCase()),
    read: (part) => readEntry(zip, entries.get(part.toLowerCase()), part),
    text: (part) => textOf(zip, entries.get(part.toLowerCase()), part),
  };
}

function entriesOf(zip: yauzl.ZipFile): Promise<Map<string, yauzl.Entry>> {
  return new Promise((resolve, reject) => {
    const entries = new Map<string, yauzl.Entry>();
    zip.on('entry', (entry: yauzl.Entry) => {
      entries.set(entry.fileName.replace(/^\//, '').toLowerCase(), entry);
      zip.readEntry();
    });
    zip.once('end', () => resolve(entries));
    zip.once('error', (error: Error) => reject(broken(error)));
    zip.readEntry();
  });
}

async function* readEntry(
  zip: yauzl.ZipFile,
  entry: yauzl.Entry | undefined,
  part: string,
): AsyncGenerator<Uint8Array> {
  if (!entry) throw broken(new Error(`${part} is missing`));

  try {
    const stream = await zip.openReadStreamPromise(entry);
    for await (const piece of stream) yield piece as Uint8Array;
  } catch (error) {
    throw error instanceof CodedError ? error : broken(error as Error);
  }
}

async function textOf(
  zip: yauzl.ZipFile,
  entry: yauzl.Entry | undefined,
  part: string,
): Promise<string> {
  if (!entry) return '';
  if (entry.uncompressedSize > MOST_BYTES) throw broken(new Error(`${part} is too large`));

  const pieces: Uint8Array[] = [];
  for await (const piece of readEntry(zip, entry, part)) pieces.push(piece);
  return new TextDecoder().decode(Buffer.concat(pieces));
}

const broken = (cause: Error): CodedError => {
  const message = `不是可读取的 .xlsx 工作簿 · no workbook that can be read: ${cause.message}`;
  return new CodedError('INVALID_INPUT', message, [{ path: 'file', message }], { cause });
};

/** How files of the old format begin, and new ones with a password. */
const OLD = [0xd0, 0xcf, 0x11, 0xe0];

async function refuseOldWorkbook(file: FileBytes): Promise<void> {
  for await (const piece of file.read(0, Math.min(OLD.length, file.size))) {
    if (!OLD.every((byte, i) => piece[i] === byte)) return;

    const message =
      '旧格式 .xls 或带密码的工作簿：请去掉密码，另存为 .xlsx · an old .xls or a workbook with a password: save it as .xlsx without one';
    throw new CodedError('INVALID_INPUT', message, [{ path: 'file', message }]);
  }
}
