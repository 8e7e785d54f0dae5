// What a rehearsal of a calendar's waves finds: of each occurrence what would become of it, and the numbers that people read.

/** How a rehearsed touch ended; `missed`: it was held until its offer was over. */
export type PreviewOutcome = 'passed' | 'suppressed' | 'missed' | 'handed-on';

/** What held a touch for a while. */
export interface PreviewHold {
  readonly reason: string;
  readonly rule?: string;
}

/** One contact due in one slot on one date, and what would become of it. */
export interface PreviewedTouch {
  readonly calendarId: string;
  readonly slotId: string;
  /** Local date of the calendar. */
  readonly date: string;
  readonly contactId: string;
  readonly city: string;
  /** ISO: when the calendar has it due. */
  readonly plannedAt: string;
  readonly outcome: PreviewOutcome;
  /** ISO: when it would be so. */
  readonly at: string;
  /** The channel it would go out on, or would have. */
  readonly channel: string;
  /** Why not; of one that is missed: what held it last. */
  readonly reason?: string;
  readonly rule?: string;
  /** Why it was held at first; absent: it came to its end when it was due. */
  readonly heldBy?: PreviewHold;
  /** Who would be asked to confirm it. */
  readonly staffId?: string;
}

export interface PreviewNumbers {
  readonly occurrences: number;
  readonly passed: number;
  readonly held: number;
  readonly suppressed: number;
  readonly missed: number;
  readonly handedOn: number;
}

export interface PreviewDay extends PreviewNumbers {
  readonly date: string;
  /** Occurrences by the hour (0 to 23) of the calendar's zone at which they are due; hours without any are absent. */
  readonly hours: Readonly<Record<string, number>>;
  /** That members of staff are asked for on this date, whatever date they were due on. */
  readonly confirmations: number;
}

export interface PreviewSlot extends PreviewNumbers {
  readonly calendarId: string;
  readonly slotId: string;
}

export interface PreviewReason {
  /** `held`: for a while; what then became of them counts among the others. */
  readonly outcome: PreviewOutcome | 'held';
  readonly reason: string;
  readonly rule?: string;
  readonly count: number;
}

export interface StaffDay {
  readonly staffId: string;
  /** Local date of the calendar on which they are asked for. */
  readonly date: string;
  readonly confirmations: number;
}

/** Two slots that are due for the same contacts on the same date. */
export interface Collision {
  /** `calendar/slot`, the two in code-unit order. */
  readonly slots: readonly [string, string];
  readonly contacts: number;
  readonly firstDate: string;
}

export interface PreviewReport extends PreviewNumbers {
  /** Different ones. */
  readonly contacts: number;
  readonly days: readonly PreviewDay[];
  readonly slots: readonly PreviewSlot[];
  /** The most frequent first. */
  readonly reasons: readonly PreviewReason[];
  /** The busiest days of single members first, so many of them. */
  readonly staff: readonly StaffDay[];
  readonly collisions: readonly Collision[];
}
