// Stable draws: the first word of the SHA-256 of a text, which spreads ids evenly and the same everywhere.

import { sha256 } from '@noble/hashes/sha2';

// Kept between draws: a fresh hasher and encoder cost three times as much as the hash of so short a text.
const encoder = new TextEncoder();
const fresh = sha256.create();
const hasher = sha256.create();
const output = new Uint8Array(sha256.outputLen);
const words = new DataView(output.buffer);

/** The first 4 bytes of the SHA-256 of the UTF-8 text, as a big-endian unsigned integer. */
export function drawOf(text: string): number {
  digest(text);
  return words.getUint32(0);
}

/** The first 4 bytes of the SHA-256 of the UTF-8 text, and the 4 after them, each as a big-endian unsigned integer. */
export function drawPairOf(text: string): readonly [number, number] {
  digest(text);
  return [words.getUint32(0), words.getUint32(4)];
}

/** Leaves the digest in `output`. */
function digest(text: string): void {
  const bytes = new Uint8Array(text.length * 3); // no UTF-16 unit takes more in UTF-8
  const { written } = encoder.encodeInto(text, bytes);
  fresh._cloneInto(hasher).update(bytes.subarray(0, written)).digestInto(output);
}
