// Writes the histories that replay tests hold on to: `npm run build && node dist/test/saveHistories.js <host:port> [name…]`.
// Keep the old file under another name when a change is guarded by `patched()`: runs that began before it must replay too.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openTestRuns } from '../testing/testRuns';
import { SCENARIOS } from './support/scenarios';

/** Compiled to dist/test/: the checkout is two folders up. */
const FOLDER = join(__dirname, '..', '..', 'test', 'histories');

async function main([address, ...names]: readonly string[]): Promise<void> {
  const journeys = await openTestRuns(address);
  for (const [name, scenario] of Object.entries(SCENARIOS)) {
    if (names.length > 0 && !names.includes(name)) continue;
    const run = await scenario(journeys);
    writeFileSync(
      join(FOLDER, `${name}.json`),
      `${JSON.stringify(await run.history(), null, 1)}\n`,
    );
    process.stdout.write(`${name}: ${await run.eventCount()} events\n`);
  }
  await journeys.close();
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
