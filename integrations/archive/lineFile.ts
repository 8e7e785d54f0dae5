// A file that is written once and whole: beside its place first, and there only when all of it is on the disk.

import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Writes what comes into a file, anew. It is on the disk when this answers. */
export async function writeFlushed(file: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await rm(file, { force: true });
  const handle = await open(file, 'wx', 0o600);

  try {
    for await (const piece of pieces) await handle.writeFile(piece);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Gives a file its place; that, too, is on the disk when this answers. */
export async function moveFlushed(from: string, to: string): Promise<void> {
  await rename(from, to);
  const folder = await open(dirname(to), 'r');

  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
