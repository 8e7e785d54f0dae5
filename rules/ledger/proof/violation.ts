// What the proof can find wrong in a ledger.

import type { LedgerRow } from '../rows';

export type ViolationKind =
  | 'cap-exceeded'
  | 'gap-cut'
  | 'in-quiet-hours'
  | 'in-dnd'
  | 'without-consent'
  | 'unreachable-or-blocked'
  | 'expired-delivery'
  /** The delivery itself broke a rule because a member of staff confirmed late; prevented by the deadline of tasked touches. */
  | 'late-by-staff'
  | 'unsettled'
  | 'delivered-without-reservation'
  | 'delivered-twice'
  /** A task that was taken back was confirmed afterwards. */
  | 'delivered-after-withdrawal'
  | 'unknown-policy'
  /** Somebody of the holdout was touched. */
  | 'in-holdout'
  | 'against-personalisation'
  /** A marketing row does not say whether personal features were refused, and which it rests on. */
  | 'unproved-personalisation'
  /** The holdout or personalisation kept somebody from a touch whom they do not. */
  | 'refused-without-reason'
  /** A reply that names no act of the customer, or one that is long past. */
  | 'reply-without-act'
  /** Two touches in answer to one act. */
  | 'answered-twice'
  | 'delivered-before-pass'
  | 'times-out-of-order'
  | 'no-settle-by'
  /** Settled on another channel than the one it was passed for. */
  | 'other-channel'
  | 'no-reference'
  /** One message stands for two touches. */
  | 'reference-twice'
  | 'hole-in-revisions'
  /** Rows of the contact's chain, which has all kinds, are missing or there twice. */
  | 'hole-in-sequence'
  | 'row-twice'
  | 'broken-chain'
  | 'unchained'
  | 'unkeyed'
  | 'unknown-key'
  /** The row stands under a pseudonym that is not its contact's. */
  | 'other-subject'
  /** What the seals have and the ledger has not, or has otherwise. */
  | 'row-missing'
  | 'contact-missing'
  | 'row-changed'
  /** Its hour was sealed without it. */
  | 'row-not-sealed'
  /** Where the contact begins is not what was recorded when its rows were archived, or not where its archive ends. */
  | 'beginning-changed'
  /** It was archived, and is in the ledger again. */
  | 'row-back';

export interface Violation {
  readonly kind: ViolationKind;
  readonly contactId: string;
  readonly touchId: string;
  /** ISO: when it happened. */
  readonly at: string;
  readonly rule?: string;
  readonly policy?: string;
  readonly detail: string;
  /** ISO: of the seal, where one tells. */
  readonly hour?: string;
  /** The row's id in the ledger, where a seal tells. */
  readonly row?: string;
}

export function violation(
  kind: ViolationKind,
  row: LedgerRow,
  detail: string,
  broken: { readonly rule?: string; readonly policy?: string } = {},
): Violation {
  const { contactId, touchId, at } = row;
  return { kind, contactId, touchId, at, detail, ...broken };
}
