// The daily look for contacts whose date has come: sequence by sequence, page by page. What is found names the entries, so that a
// look that is begun again lets nobody in twice.

import type {
  DueSums,
  SequenceStartsInput,
  SequenceStartsProgress,
} from '../../rules/journey/messages';
import { renderSequenceStarts } from '../../rules/words/sequenceStarts';
import { isoOf } from '../kit/bookParts';
import { isLong } from '../kit/history';
import { now } from '../kit/now';
import { datedSequences, duePage } from '../kit/proxies';
import { continueAsNew, isCancellation, setCurrentDetails, TemporalFailure } from '../kit/temporal';

export async function sequenceStarts({ goOn }: SequenceStartsInput): Promise<readonly DueSums[]> {
  let progress = goOn ?? (await begin());

  while (progress.done < progress.sequences.length) {
    setCurrentDetails(renderSequenceStarts(progress));
    progress = await nextPage(progress);
    if (isLong()) await continueAsNew<typeof sequenceStarts>({ version: 1, goOn: progress });
  }

  setCurrentDetails(renderSequenceStarts(progress));
  return progress.sums;
}

async function begin(): Promise<SequenceStartsProgress> {
  const at = isoOf(now());
  const { sequences } = await datedSequences({ version: 1 });
  return { at, sequences, done: 0, after: null, sums: [] };
}

/** One sequence that cannot be looked through keeps no other from its turn. */
async function nextPage(progress: SequenceStartsProgress): Promise<SequenceStartsProgress> {
  const { at, after, done, sequences } = progress;
  const sequence = sequences[done] ?? '';
  const sums = progress.sums[done] ?? { sequence, looked: 0, started: 0, repeated: 0, refused: 0 };

  try {
    const summary = `到期客户 · look for who is due in ${sequence}`;
    const page = await duePage.executeWithOptions({ summary }, [{ sequence, at, after }]);
    const next = withPage(progress, added(sums, page));
    return page.next === null
      ? { ...next, done: done + 1, after: null }
      : { ...next, after: page.next };
  } catch (error) {
    if (isCancellation(error) || !(error instanceof TemporalFailure)) throw error;
    const failed = withPage(progress, { ...sums, failure: error.message });
    return { ...failed, done: done + 1, after: null };
  }
}

const withPage = (progress: SequenceStartsProgress, sums: DueSums): SequenceStartsProgress => ({
  ...progress,
  sums: [...progress.sums.slice(0, progress.done), sums],
});

const added = (sums: DueSums, page: Omit<DueSums, 'sequence' | 'failure'>): DueSums => ({
  ...sums,
  looked: sums.looked + page.looked,
  started: sums.started + page.started,
  repeated: sums.repeated + page.repeated,
  refused: sums.refused + page.refused,
});
