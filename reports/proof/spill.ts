// Rows sorted into buckets by contact, on disk where they are many: a bucket fits into memory, however long the ledger is.

import { createReadStream } from 'node:fs';
import { appendFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { linesOf } from '../lines';

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

interface SpillState {
  readonly folder: string;
  readonly contactOf: (line: string) => string;
  readonly limits: Limits;
  readonly depth: number;
  readonly buckets: Map<number, Bucket>;
}

/** @param folder an empty one of its own; the caller removes it. */
export function createSpill(
  folder: string,
  contactOf: (line: string) => string,
  limits: Limits = LIMITS,
  depth = 1,
): Spill {
  const state: SpillState = { folder, contactOf, limits, depth, buckets: new Map() };

  return {
    add: (contactId, line) => addLine(state, contactId, line),
    buckets: () => takeBuckets(state),
  };
}

async function addLine(state: SpillState, contactId: string, line: string): Promise<void> {
  const bucket = bucketOf(state, contactId);
  bucket.piece += `${line}\n`;
  bucket.length += line.length + 1;

  if (bucket.piece.length >= state.limits.pieceLength) await write(bucket);
}

function bucketOf({ folder, limits, depth, buckets }: SpillState, contactId: string): Bucket {
  const number = hashOf(contactId, depth) % limits.buckets;
  const known = buckets.get(number);
  if (known) return known;

  const bucket = { file: join(folder, String(number)), piece: '', length: 0, onDisk: false };
  buckets.set(number, bucket);

  return bucket;
}

async function write(bucket: Bucket): Promise<void> {
  const { piece } = bucket;
  bucket.piece = '';
  bucket.onDisk = true;
  await appendFile(bucket.file, piece);
}

async function* takeBuckets(state: SpillState): AsyncGenerator<readonly string[]> {
  for (const bucket of state.buckets.values()) {
    if (bucket.onDisk) yield* takeFromDisk(state, bucket);
    else yield linesIn(bucket.piece);

    bucket.piece = '';
  }
}

async function* takeFromDisk(state: SpillState, bucket: Bucket): AsyncGenerator<readonly string[]> {
  await write(bucket);

  const isTooLong = bucket.length > state.limits.heldLength && state.depth < MAX_DEPTH;
  if (isTooLong) yield* smallerBuckets(state, bucket);
  else yield await wholeBucket(bucket);

  await rm(bucket.file);
}

async function wholeBucket({ file }: Bucket): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of linesOf(createReadStream(file))) lines.push(line);
  return lines;
}

async function* smallerBuckets(
  { contactOf, limits, depth }: SpillState,
  { file }: Bucket,
): AsyncGenerator<readonly string[]> {
  const within = `${file}-parts`;
  await mkdir(within);

  const spill = createSpill(within, contactOf, limits, depth + 1);
  for await (const line of linesOf(createReadStream(file))) await spill.add(contactOf(line), line);
  yield* spill.buckets();
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
