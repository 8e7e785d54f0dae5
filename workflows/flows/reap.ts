// The reaper: every few minutes it takes up the touches past their time that nobody has settled, and the mass sends that nobody
// of us knows. Nothing is expected here: what it finds is an alarm.

import type { ReapInput } from '../../rules/journey/messages';
import { type BookReport, foundIn, REAP_PARTS } from '../../rules/ledger/bookReport';
import { REAP_AFTER_MS, STRAYS_WITHIN_MS } from '../../rules/ledger/grace';
import { isoOf, newProgress, readParts } from '../kit/bookParts';
import { now } from '../kit/now';
import { bookPageSoon, saveBookReport } from '../kit/proxies';
import { continueAsNew } from '../kit/temporal';

export async function reap({ goOn = begin() }: ReapInput): Promise<BookReport> {
  const report = await readParts(goOn, {
    parts: REAP_PARTS,
    read: bookPageSoon,
    keep: async () => {},
    goOn: (progress) => continueAsNew<typeof reap>({ version: 1, goOn: progress }),
  });

  if (Object.keys(foundIn([report])).length > 0) await saveBookReport(report);
  return report;
}

function begin() {
  const begun = now();
  return newProgress('reap', isoOf(begun - STRAYS_WITHIN_MS), isoOf(begun - REAP_AFTER_MS));
}
