// The per-user cache of servers: each entry is made once, under a lock, and appears whole or not at all.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Log } from './child';
import { waitForLock } from './lock';

/** SOPFLOW_CACHE, or the user's cache folder by the XDG convention. */
export function cachePath(env: NodeJS.ProcessEnv): string {
  if (env.SOPFLOW_CACHE) return resolve(env.SOPFLOW_CACHE);
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'sopflow');
}

export interface CacheEntry {
  readonly root: string;
  /** Folder name of the entry; holds whatever its content depends on (versions, hashes). */
  readonly name: string;
  /** What is made, for the person who waits. */
  readonly what: string;
  readonly log: Log;
  /** Fills the folder; when it throws, nothing of the folder remains. */
  readonly make: (folder: string) => Promise<void>;
}

/** The finished entry's folder, or undefined when it was never made. */
export function cached(root: string, name: string): string | undefined {
  const folder = join(root, name);
  return existsSync(folder) ? folder : undefined;
}

/** Makes the entry unless it is there; of several processes one makes it and the others wait and say so. */
export async function obtain(entry: CacheEntry): Promise<string> {
  const found = cached(entry.root, entry.name);
  if (found) return found;

  mkdirSync(entry.root, { recursive: true });
  const release = await waitForLock(join(entry.root, `${entry.name}.lock`), (holder, waitedMs) =>
    entry.log(
      `waiting for process ${holder.pid}, which is making ${entry.what} (${Math.round(waitedMs / 1000)} s)`,
    ),
  );

  try {
    return cached(entry.root, entry.name) ?? (await makeWhole(entry));
  } finally {
    release();
  }
}

async function makeWhole(entry: CacheEntry): Promise<string> {
  const prefix = `${entry.name}.part-`;
  for (const left of readdirSync(entry.root)) {
    if (left.startsWith(prefix)) rmSync(join(entry.root, left), { recursive: true, force: true }); // of a killed maker
  }

  const draft = mkdtempSync(join(entry.root, prefix));
  try {
    await entry.make(draft);
    const folder = join(entry.root, entry.name);
    renameSync(draft, folder);
    return folder;
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
}
