// Writes the histories of the release to come that replay tests hold on to: `npm run histories -- [name…]`; without a name, all.
// Those of a release are never written again: runs that began under it must replay.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureTemporal } from '../embedded/temporal';
import { openTestRuns, type TestRuns } from '../testing/testRuns';
import { SCENARIOS } from './support/scenarios';

/** Compiled to dist/test/: the checkout is two folders up. */
const FOLDER = join(__dirname, '..', '..', 'test', 'histories', 'next');

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

async function main(names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => !(name in SCENARIOS));
  if (unknown.length > 0)
    throw new Error(
      `no scenario ${unknown.join(', ')}; allowed: ${Object.keys(SCENARIOS).join(', ')}`,
    );

  const dataDir = mkdtempSync(join(tmpdir(), 'sopflow-histories-'));
  const temporal = await ensureTemporal({ mode: 'test', dataDir, log: say });
  try {
    await save(temporal.address, names.length > 0 ? names : Object.keys(SCENARIOS));
  } finally {
    await temporal.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function save(address: string, names: readonly string[]): Promise<void> {
  const journeys = await openTestRuns(address);
  mkdirSync(FOLDER, { recursive: true });

  try {
    for (const name of names) await saveOne(journeys, name);
  } finally {
    await journeys.close();
  }
}

async function saveOne(journeys: TestRuns, name: string): Promise<void> {
  const run = await SCENARIOS[name]?.(journeys);
  if (run === undefined) return;

  const history = JSON.stringify(await run.history(), null, 1);
  writeFileSync(join(FOLDER, `${name}.json`), `${history}\n`);
  say(`${name}: ${await run.eventCount()} events`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
