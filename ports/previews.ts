// Previews of calendars: rehearsals of their waves over the contacts as they are, of which nothing is sent or kept.

import type { CalendarHolidayWarning } from '../rules/calendar/holidayWarnings';
import type { PreviewedTouch, PreviewOutcome, PreviewReport } from '../rules/calendar/preview';

export interface PreviewAsked {
  readonly calendarId: string;
  /** Of the calendar; a draft, too. */
  readonly version: number;
  /** Local dates of the calendar, both included. */
  readonly from: string;
  readonly to: string;
  readonly author: string;
  /** Of the calendar; absent: all. */
  readonly cities?: readonly string[];
}

export interface PreviewProgress {
  /** Contacts that were read. */
  readonly read: number;
  /** Those of them that are due in any wave; 0 until all were read. */
  readonly contacts: number;
  /** Waves that came to their end, and how many there are. */
  readonly waves: number;
  readonly ofWaves: number;
}

/** A slot that could not begin: its text or a policy is not published. */
export interface PreviewProblem {
  readonly slotId: string;
  readonly message: string;
}

export interface PreviewFound extends PreviewReport {
  readonly problems: readonly PreviewProblem[];
  /** What the holiday table leaves open for its days. */
  readonly holidays: readonly CalendarHolidayWarning[];
}

export interface PreviewJob extends PreviewAsked {
  readonly id: string;
  readonly state: 'running' | 'done' | 'failed' | 'cancelled';
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly progress: PreviewProgress;
  readonly report?: PreviewFound;
  readonly error?: string;
}

export interface PreviewedFilter {
  readonly outcome?: PreviewOutcome;
  readonly slotId?: string;
  readonly contactId?: string;
  /** Of contacts of these cities only. */
  readonly cities?: readonly string[];
  /** How many to pass over, and how many to answer. */
  readonly offset: number;
  readonly limit: number;
}

export interface CalendarPreviews {
  /** Of a version that exists. @throws CodedError CONFLICT while another one runs */
  start(asked: PreviewAsked): PreviewJob;
  find(id: string): PreviewJob | undefined;
  /** Newest first. */
  list(): readonly PreviewJob[];
  cancel(id: string): PreviewJob | undefined;
  /** Of the latest previews, by the instant at which each is due; null: it is not kept any more. */
  touches(id: string, filter: PreviewedFilter): readonly PreviewedTouch[] | null;
}
