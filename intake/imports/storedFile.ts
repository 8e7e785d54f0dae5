// The file of an import as it lies in the store: written as it comes, read from any place.

import { createHash } from 'node:crypto';
import type { ImportStore } from '../../ports/imports';
import type { FileBytes } from '../../ports/rowFiles';
import { CodedError } from '../../rules/base/errors';

const PIECE_BYTES = 1024 * 1024;
/** Of a file; far above a million rows. */
const MOST_BYTES = 1024 * 1024 * 1024;

/** Keeps a file as it comes; no more than a piece of it is held. @throws CodedError TOO_LARGE */
export async function keepFile(
  store: ImportStore,
  fileId: string,
  content: AsyncIterable<Uint8Array>,
): Promise<{ readonly bytes: number; readonly digest: string }> {
  const hash = createHash('sha256');
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let bytes = 0;
  let number = 0;

  async function keep(length: number): Promise<void> {
    const all = Buffer.concat(held);
    await store.keepPiece(fileId, number, all.subarray(0, length));
    number += 1;
    held = [all.subarray(length)];
    heldBytes -= length;
  }

  for await (const chunk of content) {
    hash.update(chunk);
    held.push(chunk);
    heldBytes += chunk.length;
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new CodedError('TOO_LARGE', 'a file of more than 1 GB: split it');
    while (heldBytes >= PIECE_BYTES) await keep(PIECE_BYTES);
  }
  if (heldBytes > 0) await keep(heldBytes);

  return { bytes, digest: hash.digest('hex') };
}

export function storedFile(store: ImportStore, fileId: string, size: number): FileBytes {
  return {
    size,
    async *read(from, to = size) {
      for (let at = from; at < to; ) {
        const number = Math.floor(at / PIECE_BYTES);
        const piece = await store.piece(fileId, number);
        if (!piece) throw new CodedError('NOT_FOUND', `piece ${number} of file ${fileId} is gone`);

        const start = number * PIECE_BYTES;
        yield piece.subarray(at - start, to - start);
        at = start + PIECE_BYTES;
      }
    },
  };
}
