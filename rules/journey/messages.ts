// What can be said to a running journey, and what it answers. Plain JSON, ids only.

import type { BookReport } from '../ledger/bookReport';
import type { JourneyKind } from './kinds';
import type { LeadOutcome } from './lead';

/** Something that happened to the contact. `opted-out`, `friend-removed` and `converted` stop journeys they concern. */
export interface ContactEvent {
  readonly kind:
    | 'spoke'
    | 'accepted'
    | 'refused'
    | 'bill-paid'
    | 'opted-out'
    | 'friend-removed'
    | 'converted'
    /** Another offer of the same product was accepted. */
    | 'overtaken'
    /** The contact asked to be forgotten: nothing of it may go on. */
    | 'forgotten'
    | 'call-result';
  /** ISO. */
  readonly at: string;
  readonly product?: string;
  readonly staffId?: string;
  readonly channel?: string;
  readonly touchId?: string;
  readonly outcome?: LeadOutcome;
  /** Of an acceptance: what it answers. An order is placed once under it. */
  readonly acceptance?: string;
  /** Of an acceptance: the event that told of it. */
  readonly eventId?: string;
}

/** What the gate or a journey's reasons read has changed: held touches may pass now, and open tasks may have become wrong. */
export interface ContactChanged {
  /** `profile`: what is known of the contact; `slots`: another touch of the contact has ended; `policy`: the rules. */
  readonly what: 'profile' | 'slots' | 'policy';
}

/** What became of a touch that was tasked, or of a sent one whose receipt came later. */
export interface TouchSettled {
  readonly touchId: string;
  readonly settled: 'sent' | 'released';
  readonly why?: string;
}

/** What a member did about a task of the run, or that its time is over. */
export interface TaskSettled {
  readonly taskId: string;
  readonly outcome: 'done' | 'postponed' | 'not-reached' | 'missed' | 'cancelled';
  /** ISO: when it was done. */
  readonly at: string;
  /** ISO: of a postponement, when the task is due again. It expires as before. */
  readonly until?: string;
}

export type JourneyMessage =
  | { readonly signal: 'contact'; readonly body: ContactEvent }
  | { readonly signal: 'changed'; readonly body: ContactChanged }
  | { readonly signal: 'settled'; readonly body: TouchSettled }
  | { readonly signal: 'taskSettled'; readonly body: TaskSettled }
  | { readonly signal: 'stop'; readonly body: { readonly by: string; readonly why?: string } }
  | { readonly signal: 'pause'; readonly body: { readonly by: string } }
  | { readonly signal: 'resume'; readonly body: { readonly by: string } };

/** Which mass send is followed. Its touches are those whose deliveries wait for it. */
export interface MassSendInput {
  readonly version: 2;
  /** WeCom's id. */
  readonly msgid: string;
  readonly staffId: string;
  /** ISO: unconfirmed by then, it is cancelled and its slots are released. */
  readonly deadline: string;
  /** True: it was made in the place of one that was cancelled, and may have lost touches while it was being made. */
  readonly isRemade?: true;
}

/** The same as it was given to flows that began before mass sends were shared by touches. */
export interface MassSendOfTouchesInput {
  readonly version: 1;
  readonly msgid: string;
  readonly staffId: string;
  readonly touches: readonly {
    readonly touchId: string;
    readonly contactId: string;
    readonly externalUserId: string;
    readonly workflowId: string;
  }[];
  /** ISO: unconfirmed by then, it is cancelled and its slots are released. */
  readonly deadline: string;
}

/** An acceptance that no run has taken, to be ordered. */
export interface LateOrderInput {
  readonly version: 1;
  readonly orderKey: string;
  readonly contactId: string;
  readonly product: string;
  readonly staffId?: string;
}

/**
 * Rules are about to be published, or a text to be withdrawn: touches that wait for staff are judged again, or put into other
 * words, as soon as that is in force.
 */
export interface TaskReviewInput {
  readonly version: 1;
  readonly rules: 'policies' | 'holidays' | 'templates';
  readonly id: string;
  /** Of the published version. */
  readonly number: number;
  /** ISO; absent: in force once published. */
  readonly effectiveFrom?: string;
}

/** Where a look into the channels' records is. */
export interface BookProgress {
  /** ISO: what happened in between is compared. */
  readonly from: string;
  readonly to: string;
  /** How many parts are at their end. */
  readonly done: number;
  /** Of the part that is being read; null: at its beginning. */
  readonly cursor: string | null;
  readonly report: BookReport;
}

export interface ReapInput {
  readonly version: 1;
  /** Goes on in a history of its own. */
  readonly goOn?: BookProgress;
}

/** The daily look for contacts whose date has come. */
export interface SequenceStartsInput {
  readonly version: 1;
  /** Goes on in a history of its own. */
  readonly goOn?: SequenceStartsProgress;
}

export interface SequenceStartsProgress {
  /** ISO: whose local date it is. */
  readonly at: string;
  /** `id@version`: those that are looked through, in order; the first `done` of them to their end. */
  readonly sequences: readonly string[];
  readonly done: number;
  /** Of the one that is being looked through; null: at its beginning. */
  readonly after: string | null;
  readonly sums: readonly DueSums[];
}

/** What became of the contacts of a sequence in the look. */
export interface DueSums {
  readonly sequence: string;
  readonly looked: number;
  readonly started: number;
  readonly repeated: number;
  readonly refused: number;
  /** Code of what kept it from its end. */
  readonly failure?: string;
}

/** One flow a calendar, as long as it lives. */
export interface CalendarInput {
  readonly version: 1;
  readonly calendarId: string;
  /** ISO: waves that start later are to be started; absent: all since the first version took over. */
  readonly after?: string;
}

/** The last `days`, or what is between `from` and `to` (ISO). */
export interface ReconcileInput {
  readonly version: 1;
  readonly days?: number;
  readonly from?: string;
  readonly to?: string;
  readonly goOn?: BookProgress;
}

/** What a run answers when asked where it stands. */
export interface RunProgress {
  readonly journey: JourneyKind;
  readonly step: string;
  readonly waitingFor?: string;
  readonly until?: string;
  readonly paused: boolean;
  readonly touches: readonly {
    readonly touchId: string;
    readonly verdict: string;
    readonly reason?: string;
  }[];
  /** The steps of a sequence that have begun. */
  readonly steps?: readonly {
    readonly step: string;
    readonly state: string;
    readonly reason?: string;
  }[];
}

export interface JourneyResult {
  readonly outcome: string;
}
