// A sequence: what is done with one customer, step by step, counted from something that happened.

import type { ChannelName } from '../contact/contact';
import type { Reentry } from '../journey/reentry';
import type { Condition } from '../trigger/condition';

/** What people write and publish; its id and version stand beside it. */
export interface Sequence {
  readonly name?: string | undefined;
  readonly start: SequenceStart;
  /** Of those whom the start concerns, who is taken in; a condition on the contact. Absent: everybody. */
  readonly audience?: Condition | undefined;
  readonly reentry: Reentry;
  /** Any of these ends the run before its steps are over. */
  readonly stopWhen?: readonly StopRule[] | undefined;
  /** Each with an id of its own. */
  readonly steps: readonly SequenceStep[];
  readonly atEnd?: readonly AtEnd[] | undefined;
}

/** What begins it. Days of steps count from the local date of that event. */
export type SequenceStart =
  /** The customer added a member; `scenes`: by one of these channel codes only. */
  | { readonly kind: 'added'; readonly scenes?: readonly string[] | undefined }
  /** The fact `stage` became this. */
  | { readonly kind: 'stage'; readonly stage: string }
  /** So many days before the birthday (fact `birthday`, `YYYY-MM-DD` or `MM-DD`); absent: on the day. */
  | { readonly kind: 'birthday'; readonly daysBefore?: number | undefined }
  /** The customer has said nothing for so many days (fact `lastSpokeAt`). */
  | { readonly kind: 'silent'; readonly days: number }
  /** An order was completed; `products`: of one of these only. */
  | { readonly kind: 'order'; readonly products?: readonly string[] | undefined }
  /** So many days before the contract ends (fact `contractEndsOn`, `YYYY-MM-DD`). */
  | { readonly kind: 'contract-end'; readonly daysBefore: number }
  /** Nothing that happens: another sequence, a person or another system asks for it. */
  | { readonly kind: 'request' };

export type StopRule =
  | { readonly kind: 'replied' }
  /** `products`: by one of these only. */
  | { readonly kind: 'converted'; readonly products?: readonly string[] | undefined }
  /** The fact `tags` has one of these. */
  | { readonly kind: 'tagged'; readonly tags: readonly string[] }
  /** Of any channel. Who has closed all of them is left alone in any case. */
  | { readonly kind: 'opted-out' }
  /** The customer deleted the member whom the run speaks through. */
  | { readonly kind: 'deleted' };

export interface SequenceStep {
  readonly id: string;
  /** Local dates after the one of the event; 0 is the same date. */
  readonly day: number;
  /** When on that date: local times, the step begins with the first and is over with the second. */
  readonly window: { readonly from: string; readonly to: string };
  /** Not sooner than so long after the event: what comes at once looks like a machine. */
  readonly afterMinutes?: number | undefined;
  /** The step moves to the first such day on or after its own. */
  readonly onlyOn?: 'work' | 'rest' | undefined;
  /** Asked when the step is due, of the contact and of the run (`run.replied`, `run.steps.<id>`); else it is skipped. */
  readonly when?: Condition | undefined;
  readonly do: StepAction;
  /** So many hours after its window it is still done, as a late one. Absent: what is past its window is missed. */
  readonly lateWithinHours?: number | undefined;
}

export type StepAction = SendAction | StaffAction | TagAction | StageAction;

/** Sent by itself, through the gate. WeCom makes it a task that a member confirms. */
export interface SendAction {
  readonly kind: 'send';
  readonly channel: ChannelName;
  readonly class: 'marketing' | 'service';
  /** `id`: the version that is in force when the run begins; `id@version`: that one. */
  readonly template: string;
  readonly category?: string | undefined;
  readonly product?: string | undefined;
  /** How long the member has to confirm it; absent: 24. */
  readonly confirmWithinHours?: number | undefined;
}

/**
 * What a member of staff does, for no API can: follow up, call, invite into a group, post a moment that the customer sees. A
 * `notice` is to be read only.
 */
export const STAFF_ACTIONS = ['task', 'notice', 'group-invite', 'moments', 'call'] as const;
export type StaffActionKind = (typeof STAFF_ACTIONS)[number];

/** What to say or to post is a text, a scene, or both; `id`, or `id@version`. */
export interface StaffAction {
  readonly kind: StaffActionKind;
  readonly template?: string | undefined;
  readonly scene?: string | undefined;
  readonly product?: string | undefined;
}

export const isStaffAction = (action: StepAction): action is StaffAction =>
  STAFF_ACTIONS.some((kind) => kind === action.kind);

/** On the relation with the member in WeCom, and in the fact `tags`. */
export interface TagAction {
  readonly kind: 'tag';
  readonly tags: readonly string[];
}

/** The fact `stage` becomes this. */
export interface StageAction {
  readonly kind: 'stage';
  readonly stage: string;
}

/** How a run may come to its end, as actions at the end are told apart. */
export const SEQUENCE_ENDINGS = [
  'completed',
  'replied',
  'converted',
  'tagged',
  'opted-out',
  'deleted',
] as const;
export type SequenceEnding = (typeof SEQUENCE_ENDINGS)[number];

export interface AtEnd {
  /** Absent: `completed` only. */
  readonly on?: readonly SequenceEnding[] | undefined;
  readonly do: TagAction | StageAction | { readonly kind: 'next'; readonly sequence: string };
}
