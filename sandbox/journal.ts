// The journal: what the sandbox answered for is on disk before the answer goes out, so a SIGKILL loses nothing it accepted.

import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** Table, id, row; a null row is a deletion. */
export type Change = readonly [table: string, id: string, row: unknown];

export interface Journal {
  /** One line: all of these changes or none of them. */
  append(changes: readonly Change[]): void;
  /** Everything written so far, oldest first. An unfinished last line was never answered for and is dropped. */
  read(): Change[][];
  /** Replaces the whole by this, in one rename. */
  rewrite(lines: readonly (readonly Change[])[]): void;
}

export function createFileJournal(path: string): Journal {
  mkdirSync(dirname(path), { recursive: true });
  return {
    append: (changes) => appendFileSync(path, `${JSON.stringify(changes)}\n`),
    read() {
      if (!existsSync(path)) return [];
      const lines = readFileSync(path, 'utf8').split('\n');
      lines.pop(); // what follows the last newline: empty, or a line that a kill cut short
      return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Change[]);
    },
    rewrite(lines) {
      writeFileSync(`${path}.new`, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
      renameSync(`${path}.new`, path);
    },
  };
}

/** For a sandbox that nobody will restart. */
export const noJournal: Journal = {
  append: () => undefined,
  read: () => [],
  rewrite: () => undefined,
};
