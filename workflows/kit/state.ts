// What a run knows of itself: kept in the workflow, rebuilt from its history.

import type { TouchInput, TouchReview } from '../../activities/contract';
import type { ChannelName } from '../../rules/contact/contact';
import type { JourneyKind } from '../../rules/journey/kinds';
import type { Change } from '../../rules/journey/lifts';
import type { ContactEvent, TaskSettled, TouchSettled } from '../../rules/journey/messages';
import type { StepNote } from '../../rules/sequence/stepNote';

export type EventKind = ContactEvent['kind'];

/** A touch that somebody must still act on. */
export interface OpenTask {
  readonly touchId: string;
  readonly channel: ChannelName;
  readonly channelRef: string;
  /** As it was asked for. */
  readonly input: TouchInput;
  /** Milliseconds: staff can act on it until then. */
  readonly deadline: number;
  /** Milliseconds: unsettled by then, nobody will act any more. */
  readonly until: number;
  /** Set once it was taken back. */
  takenBack?: Extract<TouchReview, { stands: false }>;
}

/** Something that the run waits for, as an operator reads it. */
export interface Wait {
  readonly what: string;
  /** ISO. */
  readonly until?: string;
}

/** Where a step of a sequence stands. */
export interface StepLine extends StepNote {
  readonly step: string;
}

/** Where a touch of this run stands. */
export interface TouchNote {
  readonly touchId: string;
  readonly verdict: string;
  readonly reason?: string;
}

export interface RunState {
  readonly journey: JourneyKind;
  readonly contactId: string;
  /** Channels this journey can speak on at all. */
  readonly channels: readonly ChannelName[];
  /** Channels the customer has closed to us since the run began. */
  readonly lost: ChannelName[];
  /** Events not consumed yet, oldest first. */
  readonly events: ContactEvent[];
  /** What has changed since the run began, in the order it was heard. */
  readonly changes: (Change | 'event')[];
  readonly settled: Record<string, TouchSettled>;
  /** Touches whose offer was told not to have arrived; a later word may say that it did. */
  readonly lostOffers: string[];
  readonly open: OpenTask[];
  readonly touches: TouchNote[];
  /** The steps of a sequence that have begun. */
  readonly steps: StepLine[];
  /** What was last told of tasks of staff, by task. */
  readonly tasks: Record<string, TaskSettled>;
  /** What else ends the run: the outcome, or null. */
  stopRule?: (event: ContactEvent) => string | null;
  city?: string;
  /** IANA zone of the contact; empty until the run has begun. */
  zone: string;
  /** The contact has changed since its zone was asked. */
  isZoneOld: boolean;
  staffId?: string;
  /** The acceptance that the run took and has not ordered yet. */
  taken?: ContactEvent;
  /** What is on offer, once known. */
  product?: string;
  /** An answer of the customer was taken. */
  hasAnswered?: true;
  step: string;
  /** What it waits for now, the latest last. */
  readonly waits: Wait[];
  paused: boolean;
  /** True: nothing new begins, and what is open is given back. */
  isClosing: boolean;
  /** Set once: the outcome of a run that must end at its next wait. */
  ending: string | null;
}

/** An event that names another product is about another offer. */
export const isAboutOffer = (state: RunState, { product }: ContactEvent): boolean =>
  product === undefined || state.product === undefined || product === state.product;
