// Previews as jobs of this process. What became of each contact is kept of the latest ones only.

import type { Clock } from '../ports/clock';
import type { Log } from '../ports/log';
import type {
  CalendarPreviews,
  PreviewAsked,
  PreviewedFilter,
  PreviewFound,
  PreviewProgress,
} from '../ports/previews';
import type { Stores } from '../ports/stores';
import { createJobs } from '../reports/jobs';
import type { PreviewedTouch } from '../rules/calendar/preview';
import type { ChannelFrame } from './channels';
import { previewCalendar } from './preview';

/** Of hundreds of thousands of touches each. */
const KEPT_WHOLE = 2;

interface Means {
  /** Only read. */
  readonly stores: Stores;
  readonly channels: readonly ChannelFrame[];
  readonly clock: Clock;
  readonly log: Log;
}

/** One holds all contacts that take part in memory: they run one at a time. */
export function createPreviews({ stores, channels, clock, log }: Means): CalendarPreviews {
  const whole = new Map<string, readonly PreviewedTouch[]>();
  const jobs = createJobs<PreviewAsked, PreviewProgress, PreviewFound>({
    ...{ clock, log, called: 'preview', mostRunning: 1 },
    begun: { read: 0, contacts: 0, waves: 0, ofWaves: 0 },
  });

  function keep(id: string, touches: readonly PreviewedTouch[]): void {
    whole.set(id, touches);
    for (const oldest of whole.keys()) {
      if (whole.size <= KEPT_WHOLE) break;
      whole.delete(oldest); // a map walks in order of insertion
    }
  }

  return {
    start(asked) {
      const job = jobs.start(asked, async (means) => {
        const previewed = await previewCalendar(asked, { stores, channels, clock, ...means });
        keep(job.id, previewed.touches);
        return previewed.report;
      });
      return job;
    },
    find: jobs.find,
    list: jobs.list,
    cancel: jobs.cancel,
    touches: (id, filter) => filtered(whole.get(id), filter),
  };
}

function filtered(
  touches: readonly PreviewedTouch[] | undefined,
  { outcome, slotId, contactId, cities, offset, limit }: PreviewedFilter,
): readonly PreviewedTouch[] | null {
  if (!touches) return null;

  const meant = touches.filter(
    (touch) =>
      (outcome === undefined || touch.outcome === outcome) &&
      (slotId === undefined || touch.slotId === slotId) &&
      (contactId === undefined || touch.contactId === contactId) &&
      (cities === undefined || cities.includes(touch.city)),
  );
  return meant.slice(offset, offset + limit);
}
