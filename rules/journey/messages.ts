// What can be said to a running journey, and how a journey begins. Plain JSON, ids only.

import type { JourneyKind } from '../base/ids';
import type { LeadOutcome } from './lead';

export interface JourneyInput {
  readonly version: 1;
  readonly contactId: string;
  /** Tells this entry from every other of the same journey and contact; part of every touchId of the run. */
  readonly entry: string;
  readonly staffId?: string;
}

export interface WelcomeInput extends JourneyInput {
  readonly staffId: string;
  readonly externalUserId: string;
  /** Absent when WeCom gave none (a console welcome is set, or the chat had begun). */
  readonly welcomeCode?: string;
  /** Channel parameter of the code that was scanned. */
  readonly scene?: string;
  /** ISO: when the customer added the member. */
  readonly addedAt: string;
}

export interface FollowUpInput extends JourneyInput {
  readonly staffId: string;
  readonly addedAt: string;
}

export interface MonthStartInput extends JourneyInput {
  /** ISO: when the bill came out. */
  readonly billedAt: string;
}

export interface OverageInput extends JourneyInput {
  readonly triggerId: string;
  readonly product: string;
  readonly template: string;
  readonly channel: string;
  readonly fallback: readonly string[];
  /** ISO: the opportunity is worth nothing from here on. */
  readonly expiresAt: string;
}

export interface LeadRetryInput extends JourneyInput {
  readonly leadId: string;
  readonly product: string;
  readonly outcome: LeadOutcome;
  /** 1-10. */
  readonly maxAttempts: number;
  readonly expiresAt?: string;
}

export interface InputOf {
  readonly welcome: WelcomeInput;
  readonly followUp: FollowUpInput;
  readonly monthStart: MonthStartInput;
  readonly overage: OverageInput;
  readonly leadRetry: LeadRetryInput;
}

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
    | 'call-result';
  /** ISO. */
  readonly at: string;
  readonly product?: string;
  readonly staffId?: string;
  readonly channel?: string;
  readonly touchId?: string;
  readonly outcome?: LeadOutcome;
}

/** What became of a touch that was tasked, or of a sent one whose receipt came later. */
export interface TouchSettled {
  readonly touchId: string;
  readonly settled: 'sent' | 'released';
  readonly why?: string;
}

export type JourneyMessage =
  | { readonly signal: 'contact'; readonly body: ContactEvent }
  | { readonly signal: 'settled'; readonly body: TouchSettled }
  | { readonly signal: 'stop'; readonly body: { readonly by: string; readonly why?: string } }
  | { readonly signal: 'pause'; readonly body: { readonly by: string } }
  | { readonly signal: 'resume'; readonly body: { readonly by: string } };

export interface MassSendInput {
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
}

export interface JourneyResult {
  readonly outcome: string;
}
