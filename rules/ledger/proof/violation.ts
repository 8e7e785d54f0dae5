// What the proof can find wrong in a ledger.

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
  | 'hole-in-revisions'
  | 'broken-chain';

export interface Violation {
  readonly kind: ViolationKind;
  readonly contactId: string;
  readonly touchId: string;
  /** ISO: when it happened. */
  readonly at: string;
  readonly rule?: string;
  readonly policy?: string;
  readonly detail: string;
}
