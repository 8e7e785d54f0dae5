// The file of seals: JSON lines, hour by hour, each hour ended by its seal. What a crash left of an hour is cut off and written again.

import { appendFile, mkdir, open, stat, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { SealArchive } from '../../ports/seals';
import { CodedError } from '../../rules/base/errors';
import type { Seal, SealLine } from '../../rules/ledger/seal/seal';

/** No seal is longer: the first look finds it. */
const TAIL_BYTES = 8 * 1024;
/** Characters written at once. */
const PIECE = 256 * 1024;

/** Where the last whole hour of a file ends. */
interface End {
  readonly last: Seal | null;
  /** Bytes. */
  readonly length: number;
}

export function createSealFile(file: string): SealArchive {
  return {
    async takeFrom(seals) {
      const { last, length } = await endOf(file);
      await truncate(file, length);
      if (last) assertSame(file, last, await seals.find(last.hour));

      return await append(file, { last, length }, seals.export(last?.hour));
    },
  };
}

/** A database whose seals are others now has been written to by somebody: its file is not to follow it. */
function assertSame(file: string, last: Seal, kept: Seal | null): void {
  if (kept?.seal === last.seal) return;
  const message = `${file}: the seal of ${last.hour} is not that of the database; nothing is added`;
  throw new CodedError('CONFLICT', message);
}

async function append(
  file: string,
  { last, length: start }: End,
  lines: AsyncIterable<SealLine>,
): Promise<string | null> {
  let end = last;
  let length = start;
  let text = '';

  for await (const line of lines) {
    text += `${JSON.stringify(line)}\n`;
    if (line.kind === 'seal') end = line;
    if (text.length < PIECE && line.kind !== 'seal') continue;

    await assertAlone(file, length);
    await appendFile(file, text, { flush: line.kind === 'seal' });
    length += Buffer.byteLength(text);
    text = '';
  }

  return end?.hour ?? null;
}

/** One adds at a time; who was taken for dead and goes on finds that the file has grown. */
async function assertAlone(file: string, length: number): Promise<void> {
  const { size } = await stat(file);
  if (size !== length) throw new CodedError('CONFLICT', `${file}: somebody else adds to it`);
}

/** Read from behind: a whole file ends with a seal, and one that a crash cut off has its last one not far before. */
async function endOf(file: string): Promise<End> {
  await mkdir(dirname(file), { recursive: true });
  const handle = await open(file, 'a+', 0o600);

  try {
    const { size } = await handle.stat();
    for (let bytes = TAIL_BYTES; ; bytes *= 8) {
      const start = Math.max(0, size - bytes);
      const { buffer } = await handle.read({ buffer: Buffer.alloc(size - start), position: start });
      const found = lastSealIn(buffer);

      if (found) return { last: found.seal, length: start + found.end };
      if (start > 0) continue;

      assertOurs(file, buffer);
      return { last: null, length: 0 };
    }
  } finally {
    await handle.close();
  }
}

/** How every line of a file of seals begins. */
const BEGINNING = '{"kind":"';

/** Only what a crash left of our own first hour may be cut off: a path may be mistyped, and name somebody's file. */
function assertOurs(file: string, whole: Buffer): void {
  const beginning = whole.toString('utf8', 0, BEGINNING.length);
  if (BEGINNING.startsWith(beginning)) return;

  const message = `${file}: holds something else than seals; nothing is written`;
  throw new CodedError('CONFLICT', message, [
    { path: file, message: 'not a file of seals', allowed: 'a new path, or a file of seals' },
  ]);
}

const NEWLINE = 10;

/** The last whole line that is a seal, and where it ends. */
function lastSealIn(tail: Buffer): { readonly seal: Seal; readonly end: number } | null {
  let end = tail.lastIndexOf(NEWLINE);

  while (end !== -1) {
    const before = end === 0 ? -1 : tail.lastIndexOf(NEWLINE, end - 1);
    const seal = sealIn(tail.toString('utf8', before + 1, end));
    if (seal) return { seal, end: end + 1 };
    end = before;
  }

  return null;
}

function sealIn(line: string): Seal | null {
  try {
    const value = JSON.parse(line) as SealLine; // a file of ours; `check` believes none of it
    return value.kind === 'seal' ? value : null;
  } catch {
    return null;
  }
}
