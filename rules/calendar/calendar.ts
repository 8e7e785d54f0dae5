// The words of the sales calendar: phases of the month, slots on the time axis, and what they compile to.

import type { TouchClass } from '../contact/contact';
import type { Condition } from '../trigger/condition';

/** ISO order: the place in the list is the number of the day, Monday 0. */
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

export type Weekday = (typeof WEEKDAYS)[number];

/** What gives a slot its base dates. `offsetDays` is 0 when absent. */
export type Anchor =
  | { readonly kind: 'date'; readonly date: string }
  | {
      readonly kind: 'monthDay';
      /** 1 to 31, or -1 to -31 from the end. */
      readonly day: number;
      /** What a month without that day does; `last` is its first day when `day` is negative. */
      readonly ifMissing?: 'last' | 'skip' | undefined;
    }
  | { readonly kind: 'workday'; readonly n: number }
  | { readonly kind: 'weekday'; readonly weekday: Weekday; readonly n: number }
  | { readonly kind: 'weekly'; readonly weekdays: readonly Weekday[] }
  | { readonly kind: 'holiday'; readonly name: string; readonly offsetDays?: number | undefined }
  | { readonly kind: 'billDay'; readonly offsetDays?: number | undefined }
  | { readonly kind: 'cycleEnd'; readonly offsetDays?: number | undefined }
  | { readonly kind: 'activation'; readonly offsetDays?: number | undefined };

/** What happens to a date that is a rest day. */
export type Shift = 'none' | 'next' | 'previous' | 'skip';

/** A part of the month as people see it; it has no effect on compiling. */
export interface Phase {
  readonly id: string;
  readonly fromDay: number;
  readonly toDay: number;
  readonly name?: string | undefined;
  readonly behaviour?: string | undefined;
  readonly hotTopics?: readonly string[] | undefined;
  readonly scene?: string | undefined;
  readonly starProducts?: readonly string[] | undefined;
}

/** The offer of a slot, as the touches of its waves carry it. */
export interface SlotTouch {
  readonly channel: string;
  readonly class: TouchClass;
  readonly category?: string | undefined;
  readonly campaign?: string | undefined;
  readonly product?: string | undefined;
  readonly template?: string | undefined;
}

export interface Slot {
  readonly id: string;
  readonly phase?: string | undefined;
  readonly anchor: Anchor;
  readonly shift?: Shift | undefined;
  /** Wall time HH:mm in the calendar's zone. */
  readonly at: string;
  /** Contacts are spread evenly over so many days from the base date on. */
  readonly spanDays?: number | undefined;
  /** Contacts are spread evenly over so many minutes from `at` on. */
  readonly spreadMinutes?: number | undefined;
  readonly priority?: number | undefined;
  readonly expiresAfterHours?: number | undefined;
  /** Absent: everybody of the calendar's cities. */
  readonly audience?: Condition | undefined;
  readonly touch: SlotTouch;
}

export interface Calendar {
  readonly id: string;
  readonly version: number;
  readonly timezone: string;
  /** Absent: all. */
  readonly cities?: readonly string[] | undefined;
  readonly phases?: readonly Phase[] | undefined;
  readonly slots: readonly Slot[];
}

/** What compiling reads of a contact, besides what audiences ask. */
export interface CalendarContact {
  readonly contactId: string;
  readonly city?: string | null | undefined;
  readonly billDay?: number | null | undefined;
  /** An ISO instant. */
  readonly activatedAt?: string | null | undefined;
}

/** One contact due for one slot on one date. */
export interface Occurrence {
  readonly slotId: string;
  readonly contactId: string;
  /** The local date, after span and shift. */
  readonly date: string;
  /** UTC with milliseconds; minutes of the spread may carry it past the end of `date`. */
  readonly at: string;
  readonly touchId: string;
}
