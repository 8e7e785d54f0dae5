// What there is to say of a kind of journey, in one entry of the table (kinds.ts).

import type { ChannelName, TouchClass } from '../contact/contact';
import type { LeadOutcome } from './lead';
import type { Reentry } from './reentry';

/**
 * The words in which an entry says what a start brings. Schemas are made of them (journey.schema.ts), so that workflow code
 * reads the table without a schema library.
 */
interface FieldTypes {
  readonly id: string;
  readonly label: string;
  /** ISO, UTC. */
  readonly instant: string;
  /** `YYYY-MM-DD`. */
  readonly date: string;
  readonly channel: ChannelName;
  readonly channels: readonly ChannelName[];
  readonly 'lead-outcome': LeadOutcome;
  /** 1-10. */
  readonly attempts: number;
  readonly reentry: Reentry;
}

export type FieldWord = keyof FieldTypes;

/** A question mark behind the word: the start may leave the field out. */
export type Fields = Readonly<Record<string, FieldWord | `${FieldWord}?`>>;

/** The values of such fields. */
export type FieldValues<F extends Fields> = {
  readonly [Name in keyof F as F[Name] extends FieldWord ? Name : never]: FieldTypes[F[Name] &
    FieldWord];
} & {
  readonly [Name in keyof F as F[Name] extends FieldWord
    ? never
    : Name]?: F[Name] extends `${infer Word extends FieldWord}?` ? FieldTypes[Word] : never;
};

/** The same before defaults stand in for what may be left out. */
export type StartWith<F extends Fields, Defaults> = Omit<FieldValues<F>, keyof Defaults> &
  Partial<FieldValues<F>>;

/** What every run is given. */
export interface JourneyInput {
  readonly version: 1;
  readonly contactId: string;
  /** Tells this entry from every other of the same journey and contact; part of every touchId of the run. */
  readonly entry: string;
  readonly staffId?: string;
  /** What is on offer from the start, when the occasion names it. */
  readonly product?: string;
}

/** `Fixed`: what a start over HTTP cannot choose. */
export type InputWith<F extends Fields, Fixed> = JourneyInput & FieldValues<F> & Fixed;

/** A text of a journey: as what it is said, and on which channels. */
export interface TextUse {
  readonly template: string;
  readonly class: TouchClass;
  readonly channels: readonly ChannelName[];
}

interface Phrase {
  readonly zh: string;
  readonly en: string;
}

export interface Kind<F extends Fields, Defaults extends object, Fixed extends object> {
  readonly name: Phrase;
  /** What it does, as an operations manager would say it. */
  readonly does: Phrase;
  /** What a start brings besides the contact. */
  readonly fields: F;
  /** What stands in for fields that a start leaves out. */
  readonly defaults?: Defaults;
  /** What a start over HTTP cannot choose; what starts by an event may name another. */
  readonly fixed?: Fixed;
  /** `cities`: city operators may start it, too, besides other systems, ops and admins. */
  readonly startedBy: 'systems' | 'cities';
  /** Names the occasion, so that one occasion has one run. `zone`: IANA, of the contact. */
  readonly entryOf: (start: FieldValues<F>, zone: string) => string;
  readonly workflowId: (input: InputWith<F, Fixed>) => string;
  /** True: it may run again under the id of a run that has ended. */
  readonly mayRunAgain?: boolean;
  /** Its texts; the versions current at the beginning are used to the end. */
  readonly texts: (input: InputWith<F, Fixed>) => readonly TextUse[];
  /** Every channel it may speak on: when the customer has closed them all, the run ends. */
  readonly channels: (input: InputWith<F, Fixed>) => readonly ChannelName[];
  readonly classes: readonly TouchClass[];
  /** The feature of a customer by which its audience is picked (PIPL Art. 24); absent: everybody's. */
  readonly audienceBy?: string;
  /** True: a purchase does not end the run as converted, for the journey answers it itself. */
  readonly answersPurchases?: boolean;
  /** True: triggers may start it, with what they offer. */
  readonly byTriggers?: boolean;
  /** True: contacts are let in by a door of its own, and by no start of a run. */
  readonly hasDoor?: boolean;
  /** True: an acceptance that names no touch is not meant for it: it runs for weeks, and others offer, too. */
  readonly takesOwnAnswersOnly?: boolean;
}
