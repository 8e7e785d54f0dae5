// The channels' books against ours: every night, and when somebody asks, the last days are read back and what is missing is made
// good. What it finds is kept as a report.

import type { ReconcileInput } from '../../rules/journey/messages';
import { BOOK_PARTS, type BookReport, RECONCILE_DAYS } from '../../rules/ledger/bookReport';
import { CALLBACKS_WITHIN_MS } from '../../rules/ledger/grace';
import { DAY_MS } from '../../rules/time/durations';
import { isoOf, newProgress, readParts } from '../kit/bookParts';
import { now } from '../kit/now';
import { bookPage, saveBookReport } from '../kit/proxies';
import { continueAsNew } from '../kit/temporal';

export async function reconcile(input: ReconcileInput): Promise<BookReport> {
  const begun = input.goOn ?? begin(input);
  const report = await readParts(begun, {
    parts: BOOK_PARTS,
    read: bookPage,
    keep: (soFar) => saveBookReport(soFar),
    goOn: (progress) => continueAsNew<typeof reconcile>({ version: 1, goOn: progress }),
  });

  await saveBookReport(report);
  return report;
}

/** Never up to this minute: what has just happened may still be told by call-back. */
function begin({ days = RECONCILE_DAYS, from, to }: ReconcileInput) {
  const latest = now() - CALLBACKS_WITHIN_MS;
  const until = Math.min(to === undefined ? latest : Date.parse(to), latest);
  const since = from === undefined ? until - days * DAY_MS : Date.parse(from);
  return newProgress('reconcile', isoOf(since), isoOf(until));
}
