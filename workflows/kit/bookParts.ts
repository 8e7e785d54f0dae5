// A look into the channels' records, part by part and page by page, in as many histories as it takes.

import type { BookProgress } from '../../rules/journey/messages';
import { type BookPart, type BookReport, withEnd, withPage } from '../../rules/ledger/bookReport';
import { renderBookReport } from '../../rules/words/bookReport';
import { isLong } from './history';
import { now } from './now';
import type { bookPage } from './proxies';
import { isCancellation, setCurrentDetails, TemporalFailure, workflowInfo } from './temporal';

interface Look {
  readonly parts: readonly BookPart[];
  readonly read: typeof bookPage;
  /** Called with each page's report: what people see while it goes on. */
  readonly keep: (report: BookReport) => Promise<void>;
  /** Starts the flow anew from there; never returns. */
  readonly goOn: (progress: BookProgress) => Promise<never>;
}

export const newProgress = (flow: BookReport['flow'], from: string, to: string): BookProgress => ({
  from,
  to,
  done: 0,
  cursor: null,
  report: {
    reportId: workflowInfo().workflowId,
    flow,
    from,
    to,
    startedAt: isoOf(now()),
    parts: {},
  },
});

/** The report at the end of all parts. A system that cannot be read ends its own part only. */
export async function readParts(begun: BookProgress, look: Look): Promise<BookReport> {
  let progress = begun;
  for (const part of look.parts.slice(begun.done)) {
    try {
      progress = await readToEnd(progress, part, look);
    } catch (error) {
      if (isCancellation(error) || !(error instanceof TemporalFailure)) throw error;
      progress = { ...progress, report: withEnd(progress.report, part, codeOf(error)) };
    }
    progress = { ...progress, done: progress.done + 1, cursor: null };
    await show(progress.report, look);
  }
  return { ...progress.report, endedAt: isoOf(now()) };
}

async function readToEnd(begun: BookProgress, part: BookPart, look: Look): Promise<BookProgress> {
  const { from, to } = begun;

  let progress = begun;
  for (;;) {
    const summary = `对账 · read ${part} of ${from}`;
    const { next, ...page } = await look.read.executeWithOptions({ summary }, [
      { part, from, to, cursor: progress.cursor },
    ]);

    const report = withPage(progress.report, part, page);
    if (next === null) return { ...progress, report: withEnd(report, part) };

    progress = { ...progress, cursor: next, report };
    await show(report, look);
    if (isLong()) await look.goOn(progress);
  }
}

async function show(report: BookReport, look: Look): Promise<void> {
  setCurrentDetails(renderBookReport(report));
  await look.keep(report);
}

/** The code of what failed in the end. */
function codeOf({ cause }: TemporalFailure): string {
  const type = cause && 'type' in cause ? cause.type : undefined;
  return typeof type === 'string' ? type : (cause?.name ?? 'failed');
}

export const isoOf = (instant: number): string => new Date(instant).toISOString();
