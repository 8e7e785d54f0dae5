// Rows sorted into buckets by contact, on disk where they are many: a bucket fits into memory, however long the ledger is.

import { createReadStream } from 'node:fs';
import { appendFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { linesOf } from './lines';

export interface Limits {
  /** Files that rows are sorted into at once. */
  readonly buckets: number;
  /** Characters kept back per bucket before they are written. */
  readonly pieceLength: number;
  /** Characters of a bucket that are held at once; a longer bucket is sorted into smaller ones. About 4 bytes of memory each. */
  readonly heldLength: number;
}

/** 16 MB of pieces and 64 MB of rows; 10 million rows take one pass through the disk. */
export const LIMITS: Limits = {
  buckets: 512,
  pieceLength: 32 * 1024,
  heldLength: 16 * 1024 * 1024,
};

/** Contacts that share their bucket this often share it for good: a single contact's rows are never parted. */
const MAX_DEPTH = 4;

interface Bucket {
  readonly file: string;
  piece: string;
  length: number;
  onDisk: boolean;
}

export interface Spill {
  /** Takes a line (without its end) of a contact. */
  add(contactId: string, line: string): Promise<void>;
  /** The lines of some contacts at a time, all lines of a contact together and in the order in which they came. */
  buckets(): AsyncGenerator<readonly string[]>;
}

/** @param folder an empty one of its own; the caller removes it. */
export function createSpill(
  folder: string,
  contactOf: (line: string) => string,
  limits: Limits = LIMITS,
  depth = 1,
): Spill {
  const buckets = new Map<number, Bucket>();

  async function add(contactId: string, line: string): Promise<void> {
    const number = hashOf(contactId, depth) % limits.buckets;
    let bucket = buckets.get(number);
    if (!bucket) {
      bucket = { file: join(folder, String(number)), piece: '', length: 0, onDisk: false };
      buckets.set(number, bucket);
    }
    bucket.piece += `${line}\n`;
    bucket.length += line.length + 1;
    if (bucket.piece.length >= limits.pieceLength) await write(bucket);
  }

  async function write(bucket: Bucket): Promise<void> {
    const { piece } = bucket;
    bucket.piece = '';
    bucket.onDisk = true;
    await appendFile(bucket.file, piece);
  }

  async function* all(): AsyncGenerator<readonly string[]> {
    for (const bucket of buckets.values()) {
      if (!bucket.onDisk) yield linesIn(bucket.piece);
      else {
        await write(bucket);
        yield* bucket.length > limits.heldLength && depth < MAX_DEPTH
          ? smaller(bucket)
          : whole(bucket);
        await rm(bucket.file);
      }
      bucket.piece = '';
    }
  }

  async function* whole({ file }: Bucket): AsyncGenerator<readonly string[]> {
    const lines: string[] = [];
    for await (const line of linesOf(createReadStream(file))) lines.push(line);
    yield lines;
  }

  async function* smaller({ file }: Bucket): AsyncGenerator<readonly string[]> {
    const within = `${file}-parts`;
    await mkdir(within);
    const spill = createSpill(within, contactOf, limits, depth + 1);
    for await (const line of linesOf(createReadStream(file)))
      await spill.add(contactOf(line), line);
    yield* spill.buckets();
  }

  return { add, buckets: all };
}

const linesIn = (text: string): string[] => text.split('\n').filter((line) => line !== '');

/** FNV-1a, another one at each depth. */
function hashOf(text: string, depth: number): number {
  let hash = 0x811c9dc5 ^ depth;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash ^= hash >>> 15; // the low bits of FNV alone would sort alike at every depth
  hash = Math.imul(hash, 0x2c1b3c6d + (depth << 1));
  return (hash ^ (hash >>> 13)) >>> 0;
}
