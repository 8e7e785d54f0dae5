// Temporary folders and fake programs for the tests of embedded/.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pollUntil } from '../poll';

const folders: string[] = [];

/** A new folder, gone with `removeFolders`. */
export function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sopflow-embedded-'));
  folders.push(folder);
  return folder;
}

export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** Writes an executable shell script and returns its path. */
export function aProgram(folder: string, name: string, body: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);

  return path;
}

/** Asks until the answer is true; fails after ten seconds. */
export async function eventually(check: () => boolean): Promise<void> {
  await pollUntil(async () => check() || undefined, {
    everyMs: 20,
    timeoutMs: 10_000,
    timedOut: () => new Error('it did not come true within ten seconds'),
  });
}
