// What journeys may ask of the world: inputs and results of every activity. Ids only: no name, phone or text passes here.

import type { DueLook, DuePage } from '../ports/sequenceDoor';
import type { AgendaEntry } from '../rules/calendar/agenda';
import type { WaveInput, WaveNumbers, WaveState } from '../rules/calendar/wave';
import type { AnsweredAct } from '../rules/contact/answeredAct';
import type { TouchClass } from '../rules/contact/contact';
import type { TouchMarks } from '../rules/contact/marks';
import type { JourneyKind } from '../rules/journey/kinds';
import type { LeadOutcome } from '../rules/journey/lead';
import type { TaskReviewInput, TaskSettled } from '../rules/journey/messages';
import type { Relevance } from '../rules/journey/relevance';
import type { BookPage, BookPart, BookReport } from '../rules/ledger/bookReport';
import type { RunFacts, SequencePlan } from '../rules/sequence/plan';
import type { StaffActionKind } from '../rules/sequence/sequence';
import type { StepNote } from '../rules/sequence/stepNote';
import type { DayKind } from '../rules/time/dayKind';

export interface BeginInput {
  readonly journey: JourneyKind;
  readonly contactId: string;
  /** Absent on runs from before it was given. */
  readonly entry?: string;
  readonly staffId?: string;
  /** Template ids the journey may use; their current versions are pinned for the run. */
  readonly templates: readonly string[];
}

/** What a run needs to know of its contact to find its way. */
export interface Begun {
  readonly city: string;
  /** IANA zone of the contact, else of the policy. */
  readonly timezone: string;
  /** The member to speak through: the one asked for, else the latest friend. */
  readonly staffId?: string;
  /** `id` → `id@version`. */
  readonly templates: Readonly<Record<string, string>>;
}

export interface TouchInput extends TouchMarks {
  readonly touchId: string;
  /** Counts from 1; a deferred touch asked again is the next attempt. */
  readonly attempt: number;
  readonly contactId: string;
  readonly journey: JourneyKind;
  readonly step: string;
  readonly channel: string;
  readonly class: TouchClass;
  /** Of a reply, and of nothing else. */
  readonly answers?: AnsweredAct;
  /** `id@version`. */
  readonly template: string;
  /** ISO. */
  readonly expiresAt?: string;
  /** Names a welcome code in its store: the code itself is a secret. */
  readonly welcomeId?: string;
  /** The code itself, of runs begun by release 0.1. */
  readonly welcomeCode?: string;
  readonly relevance?: readonly Relevance[];
  /** The personal feature by which the contact was picked for it, besides the one that its journey always picks by. */
  readonly pickedBy?: string;
  /** How long staff have to act on a tasked touch, in hours; default 24. */
  readonly confirmWithinHours?: number;
}

/** At most 500. */
export interface TouchPageInput {
  readonly touches: readonly TouchInput[];
}

export type TouchVerdict =
  | { readonly verdict: 'sent'; readonly channelRef: string; readonly at: string }
  /** `deadline` ISO: unsettled by then, it counts as unconfirmed. */
  | { readonly verdict: 'tasked'; readonly channelRef: string; readonly deadline: string }
  | {
      readonly verdict: 'deferred';
      readonly until: string;
      readonly reason: string;
      readonly rule: string;
      /** A gap counts an open touch from its deadline: it may be over as soon as that one is settled. */
      readonly heldByOpen?: true;
    }
  /** `reason`: the gate's, or `irrelevant`, `personalisation`, `refused`, `template`. */
  | { readonly verdict: 'suppressed'; readonly reason: string; readonly rule?: string };

/** Whether a touch that waits for staff is still right. */
export type TouchReview =
  /** `quietFrom` ISO: it is to be looked at again then, if nothing changes before. */
  | { readonly stands: true; readonly quietFrom?: string }
  /** It was taken back; `deferred`: it may be asked for again. */
  | {
      readonly stands: false;
      readonly verdict: 'deferred' | 'suppressed';
      readonly reason: string;
    };

export interface WithdrawInput {
  readonly contactId: string;
  readonly touchId: string;
  /** What has made it wrong. */
  readonly why: string;
}

/** Facts a journey branches on, none of them personal. */
export interface JourneyFacts {
  readonly lastSpokeAt?: string;
  readonly products: readonly string[];
  /** Members whose friend the customer is, latest first. */
  readonly friends: readonly string[];
  readonly phoneKnown: boolean;
}

export interface Suggestion {
  /** Null: nothing better to offer than what the contact has. */
  readonly product: string | null;
  readonly currentPlan?: string;
  /** The migration that suggests it; `personalisation`: the customer wants no offer of this kind. */
  readonly rule?: string;
  /** `catalogue@version`. */
  readonly catalogue: string;
}

export interface PlaceOrderInput {
  readonly orderKey: string;
  readonly contactId: string;
  readonly product: string;
  readonly staffId?: string;
}

export interface ReturnInput {
  readonly contactId: string;
  readonly acceptances: readonly {
    readonly eventId: string;
    /** ISO. */
    readonly at: string;
    readonly product: string;
    readonly touchId?: string;
  }[];
}

export type MassSendState =
  | { readonly touchId: string; readonly state: 'waiting' }
  | { readonly touchId: string; readonly state: 'sent'; readonly deliveredAt: string }
  | { readonly touchId: string; readonly state: 'failed'; readonly why: string };

export interface MassSendRef {
  /** WeCom's id. */
  readonly msgid: string;
  readonly staffId: string;
}

/** A page of open tasks, after the last one of the page before. */
export interface TaskPageInput {
  readonly after?: { readonly openTask: string; readonly touchId: string };
  /** `templates`: those in words that were withdrawn; absent: all of them. */
  readonly rules?: TaskReviewInput['rules'];
}

export interface TaskPageResult {
  /** Runs that were told. */
  readonly told: number;
  /** Absent: that was the last page. */
  readonly after?: NonNullable<TaskPageInput['after']>;
}

export interface SettleInput {
  readonly touchId: string;
  readonly contactId: string;
  readonly settled: 'sent' | 'released';
  readonly why?: string;
  readonly channelRef?: string;
  readonly deliveredAt?: string;
}

export interface BookPageInput {
  readonly part: BookPart;
  /** ISO: what happened in between is compared. Of touches past their time: those that had to be settled before `to`. */
  readonly from: string;
  readonly to: string;
  /** Where to go on; null: at the beginning. */
  readonly cursor: string | null;
}

/** `next` null: this was the last page. */
export interface BookPageResult extends BookPage {
  readonly next: string | null;
}

export interface SealResult {
  /** Hours. */
  readonly sealed: number;
  /** ISO: the ledger is sealed up to here; null: there is nothing to seal yet. */
  readonly until: string | null;
  /** True: more hours are over. */
  readonly more: boolean;
}

export interface AgendaInput {
  readonly calendarId: string;
  /** ISO; absent: since the first version took over. */
  readonly after?: string;
}

export interface Agenda {
  /** `none`: it was never approved. */
  readonly state: 'none' | 'active' | 'paused' | 'ended';
  /** Waves to be started, in the order in which they start. */
  readonly entries: readonly AgendaEntry[];
  /** ISO: no other wave starts before. */
  readonly until: string;
}

/** Where a wave stands after a step. */
export interface WaveStep {
  /** A wave that is held rests as a paused one does. */
  readonly state: Exclude<WaveState, 'held'>;
  /** The walk through the audience is over. */
  readonly isWalked: boolean;
  /** ISO: when somebody is due next; absent: everybody has come to an end. */
  readonly next?: string;
  /** ISO: when `MANY_CONTACTS` are due; absent: fewer wait. */
  readonly many?: string;
  /** The task queue from which its pages are handed out at its channel's pace; absent: the usual one. */
  readonly queue?: string;
  /** The only city of its calendar. */
  readonly city?: string;
  readonly numbers: WaveNumbers;
}

/** What a step of a sequence asks of a member of staff. The words are those of the step. */
export interface OpenTaskInput {
  /** Asked for again it is the same task. */
  readonly taskId: string;
  readonly kind: StaffActionKind;
  readonly contactId: string;
  /** Absent: nobody knows the customer; anybody of the city may do it. */
  readonly staffId?: string;
  /** `id@version`. */
  readonly sequence: string;
  readonly step: string;
  /** ISO. Done after `dueBy` it is late, not done by `expiresAt` it is missed. */
  readonly dueAt: string;
  readonly dueBy: string;
  readonly expiresAt: string;
}

/** The zone of a day is that of the contact. */
export interface StepDateInput {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  readonly kind: DayKind;
}

/** A step with a condition, and what its run knows of itself. */
export interface StepConditionInput {
  readonly contactId: string;
  /** `id@version`. */
  readonly sequence: string;
  readonly step: string;
  /** Conditions reach it as `run`. */
  readonly run: RunFacts;
}

/** How a step of the calling run stands. */
export interface KeepStepInput extends StepNote {
  readonly stepId: string;
  readonly contactId: string;
  readonly staffId?: string;
  /** `id@version`. */
  readonly sequence: string;
  readonly step: string;
  /** ISO: when it was due, and since when it stands so. */
  readonly dueAt: string;
  readonly at: string;
}

export interface EnterInput {
  readonly contactId: string;
  /** Id: the version in force is entered. */
  readonly sequence: string;
  /** Names what lets the contact in; days count from `at` (ISO). */
  readonly occasion: string;
  readonly at: string;
  readonly staffId?: string;
}

export interface EndTasksInput {
  readonly contactId: string;
  readonly taskIds: readonly string[];
  readonly as: 'missed' | 'cancelled';
}

/** Everything the workflows call. Retry classes are chosen in workflows/kit/proxies.ts. */
export interface Activities {
  /** Records the run and pins what it begins with. */
  begin(input: BeginInput): Promise<Begun>;
  finish(input: { readonly outcome: string }): Promise<void>;
  touch(input: TouchInput): Promise<TouchVerdict>;
  /** Many touches with the guarantees of one; answers in their order. `unknown-contact`: nobody of that id. */
  touchPage(input: TouchPageInput): Promise<readonly TouchVerdict[]>;
  /** Judges a touch that waits for staff again, and takes it back when it has become wrong. */
  reviewTouch(input: TouchInput): Promise<TouchReview>;
  /** Takes back a touch that waits for staff; how it ended is told by its settlement. */
  withdrawTouch(input: WithdrawInput): Promise<void>;
  /** Ends a reservation; repeating it changes nothing. True when this call ended it. */
  settleTouch(input: SettleInput): Promise<boolean>;
  facts(input: { readonly contactId: string }): Promise<JourneyFacts>;
  /** IANA zone of the contact, else of the policy, as it is now. */
  contactZone(input: { readonly contactId: string }): Promise<Pick<Begun, 'timezone'>>;
  suggestPlan(input: { readonly contactId: string }): Promise<Suggestion>;
  placeOrder(input: PlaceOrderInput): Promise<{
    readonly orderId: string;
    readonly state: 'accepted' | 'completed' | 'rejected';
    readonly reason?: string;
  }>;
  /** Gives back acceptances that the run heard of and did not order. */
  returnAcceptances(input: ReturnInput): Promise<void>;
  tagCustomer(input: {
    readonly contactId: string;
    readonly staffId: string;
    readonly tags: readonly string[];
  }): Promise<void>;
  reportLead(input: {
    readonly leadId: string;
    readonly outcome: LeadOutcome | 'exhausted' | 'stopped';
    readonly attempts: number;
  }): Promise<void>;
  /** Settles the touches of a mass send whose end WeCom knows; answers how many still wait. */
  settleMassSend(input: MassSendRef): Promise<number>;
  /** Takes out the touches that were taken back, and makes it again for the others. Answers how many still wait under it. */
  withdrawFromMassSend(input: MassSendRef): Promise<number>;
  /** Cancels it and settles all that is left. */
  closeMassSend(input: MassSendRef): Promise<void>;
  isPublished(input: Pick<TaskReviewInput, 'rules' | 'id' | 'number'>): Promise<boolean>;
  /** Tells the runs that wait for staff to judge their tasks again. */
  reviewTaskPage(input: TaskPageInput): Promise<TaskPageResult>;
  /** Null while WeCom is still dispatching. For flows of before mass sends were shared by touches. */
  massSendStates(input: {
    readonly msgid: string;
    readonly staffId: string;
    readonly touches: readonly { readonly touchId: string; readonly externalUserId: string }[];
  }): Promise<readonly MassSendState[] | null>;
  /** False: no more reminders allowed today. */
  remindMassSend(input: { readonly msgid: string }): Promise<boolean>;
  cancelMassSend(input: { readonly msgid: string }): Promise<void>;
  /** Compares a page of the channels' own records with ours, and makes good what is missing. Repeating it changes nothing. */
  bookPage(input: BookPageInput): Promise<BookPageResult>;
  /** Keeps what a flow has found so far. */
  saveBookReport(report: BookReport): Promise<void>;
  /** The waves of a calendar that are to be started next. */
  calendarAgenda(input: AgendaInput): Promise<Agenda>;
  /** Takes in the next contacts of a wave's audience, and touches those who are due at once; begins the wave where nobody has. */
  wavePage(input: WaveInput): Promise<WaveStep>;
  /** Takes up the contacts of a wave who are due by now, and looks at its open tasks. */
  waveDuePage(input: WaveInput): Promise<WaveStep>;
  /** Looks at open tasks of waves that were hastened, whichever wave they are of; `more`: there are others. */
  reviewWaveTasks(input: { readonly version: 1 }): Promise<{ readonly more: boolean }>;
  /** Seals some hours of the ledger that are over; an hour is sealed once, whoever asks and however often. */
  sealHours(input: { readonly version: 1 }): Promise<SealResult>;
  /** What a run of a published sequence has to do; its texts are pinned. */
  sequencePlan(input: { readonly sequence: string }): Promise<SequencePlan>;
  /** The first date of a kind on or after a date, by the holiday table in force. */
  stepDate(input: StepDateInput): Promise<{ readonly date: string }>;
  /** Whether the contact meets the condition of a step. */
  stepApplies(input: StepConditionInput): Promise<boolean>;
  /** Whether the fact `tags` has one of these. */
  hasTag(input: { readonly contactId: string; readonly tags: readonly string[] }): Promise<boolean>;
  /** Adds to the fact `tags`. Repeating it changes nothing. */
  addTags(input: { readonly contactId: string; readonly tags: readonly string[] }): Promise<void>;
  /** The fact `stage` is this from now on. */
  setStage(input: { readonly contactId: string; readonly stage: string }): Promise<void>;
  /** Keeps how a step stands; one that has come to its end stays as it is. */
  keepStep(input: KeepStepInput): Promise<void>;
  /** Begins a sequence for the contact if its rules let it in. Repeating it changes nothing. */
  enterSequence(input: EnterInput): Promise<{ readonly entered: boolean; readonly why?: string }>;
  /** The sequences that begin with a date, as `id@version`, in force now. */
  datedSequences(input: {
    readonly version: 1;
  }): Promise<{ readonly sequences: readonly string[] }>;
  /** Lets those of a page of contacts into a sequence whose date has come. Repeating it changes nothing. */
  duePage(input: DueLook): Promise<DuePage>;
  /** Asks a member of staff to do something; the run hears of it as `taskSettled`. Repeating it changes nothing. */
  openTask(input: OpenTaskInput): Promise<void>;
  /** Ends those that are still open, and answers how each has ended: what a member did first stands. */
  endTasks(input: EndTasksInput): Promise<readonly TaskSettled[]>;
}
