// A lock between processes: a file that names its holder, taken over when the holder is dead.
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { identityOf, isAlive } from './processes';

/** Who holds a lock. */
export interface Holder {
  readonly pid: number;
  /** See identityOf: a new process may get the id of a dead holder. */
  readonly identity: string;
  readonly since: string;
}

export type Attempt =
  | { readonly held: true; release(): void }
  | { readonly held: false; readonly holder: Holder };

/** Takes the lock or says who has it. A file left by a dead process, or one cut short, is taken over. */
export function tryLock(path: string): Attempt {
  const mine: Holder = {
    pid: process.pid,
    identity: identityOf(process.pid) ?? '',
    since: new Date().toISOString(),
  };
  const draft = `${path}.${process.pid}.${process.hrtime.bigint()}`;
  writeFileSync(draft, JSON.stringify(mine), { mode: 0o600 });

  try {
    for (;;) {
      if (linked(draft, path)) return { held: true, release: () => rmSync(path, { force: true }) };

      const found = readOrUndefined(path);
      if (found === undefined) continue; // released in between

      const holder = parseHolder(found);
      if (holder && lives(holder)) return { held: false, holder };

      removeStale(path, found, `${draft}.stale`);
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Waits for the lock; `onWait` hears of the holder at once and every two seconds. Resolves to the release. */
export async function waitForLock(
  path: string,
  onWait: (holder: Holder, waitedMs: number) => void,
): Promise<() => void> {
  const pauseMs = 200;
  for (let round = 0; ; round++) {
    const attempt = tryLock(path);
    if (attempt.held) return attempt.release;
    if (round % 10 === 0) onWait(attempt.holder, round * pauseMs);
    await delay(pauseMs);
  }
}

function lives(holder: Holder): boolean {
  return isAlive(holder.pid) && (identityOf(holder.pid) ?? '') === holder.identity;
}

// link() fails when the target exists and shows the whole content at once: no reader sees a half-written holder.
function linked(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

// Two processes may find the same stale lock: only what was read as stale may go, a fresh lock is put back.
function removeStale(path: string, stale: string, aside: string): void {
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }

  if (readFileSync(aside, 'utf8') !== stale) linked(aside, path);
  rmSync(aside, { force: true });
}

function parseHolder(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text) as Partial<Holder> | null;
    if (typeof holder?.pid !== 'number' || typeof holder.identity !== 'string') return undefined;
    return { pid: holder.pid, identity: holder.identity, since: holder.since ?? 'an unknown time' };
  } catch {
    return undefined; // cut short by a crash: nobody holds it
  }
}

function readOrUndefined(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
