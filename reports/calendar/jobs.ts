// Counts over a whole population as jobs of this process.

import type { Clock } from '../../ports/clock';
import type { Log } from '../../ports/log';
import type { AudienceHint } from '../../rules/calendar/audienceCount';
import { createJobs, type Job, type Jobs } from '../jobs';
import type { LoadComparison, Walked } from './counts';

interface AboutCalendarCount {
  /** `id@version`. */
  readonly calendar: string;
  /** `id@version`: what it is compared with. */
  readonly against?: string;
  readonly from?: string;
  readonly to?: string;
  readonly author: string;
  /** Cities whose contacts are counted; absent: all. Whoever may not see all of them may not see the count. */
  readonly cities?: readonly string[];
}

export type CalendarCountReport =
  | { readonly kind: 'audience'; readonly hints: readonly AudienceHint[] }
  | ({ readonly kind: 'load' } & LoadComparison);

export type CalendarCountJob = Job<AboutCalendarCount, Walked, CalendarCountReport>;
export type CalendarCounts = Jobs<AboutCalendarCount, Walked, CalendarCountReport>;

/** Each walks all contacts, and they share the one thread of the server. */
const MOST_RUNNING = 3;

export const createCalendarCounts = (means: {
  readonly clock: Clock;
  readonly log: Log;
}): CalendarCounts =>
  createJobs({
    ...means,
    called: 'calendar count',
    mostRunning: MOST_RUNNING,
    begun: { read: 0, of: 0 },
  });
