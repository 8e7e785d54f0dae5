// Files in memory, in pieces so small that everything lies across two of them.

import type { FileBytes } from '../../ports/rowFiles';

export function bytesOf(content: string | Uint8Array, piece = 7): FileBytes {
  const bytes = Buffer.from(content);
  return {
    size: bytes.length,
    async *read(from, to = bytes.length) {
      for (let at = from; at < to; at += piece) yield bytes.subarray(at, Math.min(at + piece, to));
    },
  };
}
