// How fast the ledger is proved, and that its memory does not grow with the ledger.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { checkLedger } from '../reports/proof/check';
import type { CheckSummary } from '../reports/proof/checkSummary';
import { ledgerKey } from '../rules/ledger/chain';
import type { LedgerRow } from '../rules/ledger/rows';
import { DAY_MS } from '../rules/time/durations';
import { aPassed, aSettled, createLinker, PROVED_POLICY } from '../test/fakes/ledger';
import { type Part, rates, stopwatch } from './part';

const ROWS = 60_000;
const MEASURED_ROWS = [25_000, 200_000];
const START = Date.parse('2026-01-05T02:00:00.000Z');
const CONTACTS_A_DAY = 2_000;
const KEY = ledgerKey('k1', 'the key of a benchmark, which nobody needs to guess');

/** A clean ledger in order of time: each day a share of the contacts is reached, each contact once a week at most. */
async function* rowsOf(count: number): AsyncGenerator<LedgerRow> {
  const linked = createLinker(KEY);

  for (let i = 0; i < count / 2; i++) {
    const day = Math.floor(i / CONTACTS_A_DAY);
    const contactId = `c-${((day % 7) * CONTACTS_A_DAY + (i % CONTACTS_A_DAY)).toString().padStart(6, '0')}`;
    const at = new Date(START + day * DAY_MS + (i % CONTACTS_A_DAY) * 1_000).toISOString();
    const touchId = `overage/${contactId}/e-${day}/offer`;
    yield linked(aPassed(touchId, at, { contactId }));
    yield linked(aSettled(touchId, at, { contactId }));
  }
}

async function prove(count: number): Promise<{ summary: CheckSummary; wall: number; cpu: number }> {
  const rows: LedgerRow[] = [];
  if (count <= ROWS) for await (const row of rowsOf(count)) rows.push(row);
  const source = async function* () {
    yield* rows;
  };
  const watch = stopwatch();
  const findings = checkLedger({
    rows: count <= ROWS ? source() : rowsOf(count),
    versions: { policy: async () => PROVED_POLICY, holidays: async () => null },
  });

  for await (const each of findings)
    if ('summary' in each) return { summary: each.summary, ...watch.stop() };
  throw new Error('the check ended without a summary');
}

export const checkerPart: Part = async () => {
  const { summary, ...taken } = await prove(ROWS);
  return [
    ...rates('ledger rows proved', summary.rows, taken),
    { name: 'violations', value: summary.violations, unit: '' },
  ];
};

/** What a process of its own prints: its peak memory after proving so many rows. */
export async function measureMemory(rows: number): Promise<void> {
  const { summary } = await prove(rows);
  const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);

  process.stdout.write(
    `${JSON.stringify({ rows: summary.rows, heldRows: summary.heldRows, peakMb })}\n`,
  );
}

export const memoryPart: Part = async ({ log }) => {
  const figures = [];
  for (const rows of MEASURED_ROWS) {
    log(`proving ${rows} rows in a process of its own`);
    const main = require.resolve('./main');
    const { stdout } = await promisify(execFile)(process.execPath, [
      main,
      '--memory-of',
      String(rows),
    ]);
    const { peakMb, heldRows } = JSON.parse(stdout) as { peakMb: number; heldRows: number };
    figures.push({ name: `peak memory, ${rows} rows`, value: peakMb, unit: 'MB' });
    figures.push({ name: `rows held at once, of ${rows}`, value: heldRows, unit: '' });
  }

  return figures;
};
