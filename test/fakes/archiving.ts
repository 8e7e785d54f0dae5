// Archives of a ledger, made as the command and the server make them together.

import { confirmArchive } from '../../intake/archive/confirm';
import type { ArchiveDeps } from '../../intake/archive/deps';
import { archiveLines } from '../../intake/archive/lines';
import { planArchive } from '../../intake/archive/plan';
import { removeArchived } from '../../intake/archive/remove';
import type { Stores } from '../../ports/stores';
import { createMerkleTree } from '../../rules/ledger/seal/merkle';
import type { SealLine } from '../../rules/ledger/seal/seal';
import { DAY_MS, HOUR_MS } from '../../rules/time/durations';
import { LEDGER_KEY } from './provedLedger';
import { NOON } from './touchScenario';

export const ASKED = { by: 'admin', reason: 'half a year is over' } as const;

/** Some hours after the first row of the proved ledger. */
export const hour = (hours: number): string => new Date(NOON + hours * HOUR_MS).toISOString();

/** Weeks after the last row: no policy looks back so far. */
export const archiveDeps = (stores: Stores, now = NOON + 30 * DAY_MS): ArchiveDeps => ({
  stores,
  clock: { now: () => now },
  key: LEDGER_KEY,
});

/** The lines of a file, and what is said of it. */
export async function writtenArchive(deps: ArchiveDeps, before: string) {
  const { until } = await planArchive(deps, before);
  if (until === null) throw new Error(`nothing can be archived before ${before}`);

  const lines: string[] = [];
  const tree = createMerkleTree();
  for await (const line of archiveLines(deps, until)) {
    lines.push(line);
    tree.add(line);
  }
  const last = JSON.parse(lines.at(-1) ?? '') as SealLine;
  const seal = last.kind === 'seal' ? last.seal : '';

  return { lines, written: { until, file: tree.root(), seal } };
}

/** Archives, and removes to the end. Answers the lines of the file. */
export async function archive(deps: ArchiveDeps, before: string): Promise<readonly string[]> {
  const { lines, written } = await writtenArchive(deps, before);
  await confirmArchive(deps, written, ASKED);
  await removeArchived(deps, written.until);
  return lines;
}
