// The reaper: every few minutes it takes up the touches past their time that nobody has settled. Nothing is expected here: what
// it finds is an alarm.

import type { ReapFlowInput } from '../../rules/journey/messages';
import { type BookReport, withEnd, withPage } from '../../rules/ledger/bookReport';
import { REAP_AFTER_MS } from '../../rules/ledger/grace';
import { renderBookReport } from '../../rules/words/bookReport';
import { now } from '../kit/now';
import { reapPage, saveBookReport } from '../kit/proxies';
import { continueAsNew, setCurrentDetails, workflowInfo } from '../kit/temporal';

const PART = 'touches';

export async function reap({ goOn }: ReapFlowInput): Promise<BookReport> {
  const begun = goOn ?? { before: isoOf(now() - REAP_AFTER_MS), after: null, report: newReport() };
  const { before } = begun;
  let { after, report } = begun;

  do {
    const { next, ...page } = await reapPage({ before, after });
    report = withPage(report, PART, page);
    after = next;
    setCurrentDetails(renderBookReport(report));

    if (after !== null && workflowInfo().continueAsNewSuggested)
      await continueAsNew<typeof reap>({ version: 1, goOn: { before, after, report } });
  } while (after !== null);

  const ended = { ...withEnd(report, PART), endedAt: isoOf(now()) };
  if (lookedIn(ended) > 0) await saveBookReport(ended);
  return ended;
}

const newReport = (): BookReport => ({
  reportId: workflowInfo().workflowId,
  flow: 'reap',
  startedAt: isoOf(now()),
  parts: {},
});

const lookedIn = ({ parts }: BookReport): number => parts[PART]?.looked ?? 0;
const isoOf = (instant: number): string => new Date(instant).toISOString();
