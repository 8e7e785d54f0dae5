// The touch store: a contact's touches and their ledger rows, changed together so that no crash can part them.

import type { Contact, KeptTouch, Withdrawal } from '../rules/contact/contact';
import type { Speaking } from '../rules/contact/fences';
import type { KeptReceipt } from '../rules/contact/receipts';
import type { SettlementReason } from '../rules/contact/settlementReason';
import type { DecisionRow, LedgerRow, SettlementRow } from '../rules/ledger/rows';

export interface Settlement {
  readonly settled: 'sent' | 'released';
  /** Why it was released, or how a late sending came about. */
  readonly reason?: SettlementReason;
  readonly channelRef?: string;
  /** ISO. On `sent` the touch's `at` moves here. */
  readonly deliveredAt?: string;
  /** ISO, when this was learnt. */
  readonly at: string;
  /** ISO. The channel took it then, in so many parts, and receipts say what becomes of them. */
  readonly acceptedAt?: string;
  readonly parts?: number;
}

/** A channel's receipt of one part of a message; `at` (ISO) is when it happened. */
export interface ReceiptOf extends KeptReceipt {
  readonly channelRef: string;
  /** ISO, when it was heard. */
  readonly heardAt: string;
  /** Where the channel never takes more than these: a receipt then settles a touch that is still open. */
  readonly parts?: number;
}

/** A pass, and the contact as it was read for the decision. */
export interface ReservationRequest {
  readonly contact: Pick<Contact, 'contactId' | 'revision' | 'profileRevision'>;
  readonly row: DecisionRow;
  /** ISO: see `TouchStore.reserveMany`. */
  readonly dropBefore?: string;
  /** Of the execution that asks; absent: 0, the first. */
  readonly fence?: number;
}

/** A decision that reserves nothing. */
export interface RecordRequest {
  readonly row: DecisionRow;
  /** Of the execution that asks; absent: 0, the first. */
  readonly fence?: number;
}

/** Which attempt of which touch. */
export interface AttemptRef {
  readonly touchId: string;
  readonly attempt: number;
  readonly contactId: string;
}

export interface Tasking {
  readonly contactId: string;
  readonly touchId: string;
  readonly channelRef: string;
  /** Absent: somebody else than the path of a touch, such as a receipt. */
  readonly by?: Speaking;
}

export interface SettlementOf extends Settlement {
  readonly contactId: string;
  readonly by?: Speaking;
  readonly touchId: string;
}

/** A touch as the contact's document keeps it, and whose it is. */
export interface OverdueTouch extends KeptTouch {
  readonly contactId: string;
}

/**
 * Calls that end in `Many` are for a page of contacts, in few writes; one that moved meanwhile holds up no other. Crashed half-way,
 * it is as if some had been asked for and the others not.
 */
export interface TouchStore {
  /**
   * Begins further executions of attempts, each by one conditional write: what an execution before them asks from then on has no
   * effect. Answers their fences.
   */
  fenceMany(attempts: readonly AttemptRef[]): Promise<number[]>;
  /**
   * Adds the touch as `reserved` in one conditional write on (contactId, revision, profileRevision) and writes the row of the pass.
   * `row.revision` must be `contact.revision + 1`. Touches older than `dropBefore` (ISO) leave the document in the same write; the
   * ledger keeps them. False when the contact moved meanwhile, also when a rival wrote so soon after that it cannot be seen who won:
   * read and decide again, the touch may be reserved. False, too, for an execution that was overtaken.
   */
  reserveMany(reservations: readonly ReservationRequest[]): Promise<boolean[]>;
  /**
   * Writes rows of decisions that reserve nothing, each as the next of its contact's chain. Where an attempt has a row already, that
   * one is returned unchanged. Null: the execution was overtaken, and nothing is written.
   */
  recordMany(decisions: readonly RecordRequest[]): Promise<(DecisionRow | null)[]>;
  /** The rows of attempts, also when a crash left them in the contacts' documents only. */
  decisionMany(attempts: readonly AttemptRef[]): Promise<(DecisionRow | null)[]>;
  /** Reserved touches now wait for somebody to act, and tasked ones under another reference. No row: they are counted as before. Repeats change nothing. */
  taskedMany(taskings: readonly Tasking[]): Promise<void>;
  /**
   * Ends a reservation and writes its row. Repeating an ending changes nothing and answers false; `sent` after `released` is
   * recorded and counted again; `released` after `sent` frees the slot, unless it only supposes that nobody confirmed. What the
   * receipts say goes before. A release gives the attempt's units of shared limits back (ports/quotas.ts), also when it is repeated
   * after a crash.
   */
  settle(contactId: string, touchId: string, settlement: Settlement): Promise<boolean>;
  settleMany(settlements: readonly SettlementOf[]): Promise<boolean[]>;
  /**
   * Keeps a receipt with its touch, in whatever order receipts come, and settles the touch by all that are known; those of a touch
   * that is not settled yet are kept until it is. Repeats change nothing. Answers the touch as it is then.
   */
  receive(contactId: string, touchId: string, receipt: ReceiptOf): Promise<KeptTouch>;
  /**
   * Takes an open task back and writes its row; it goes on counting until it is settled. False: it is no open task, or was taken
   * back before.
   */
  withdraw(contactId: string, touchId: string, withdrawn: Withdrawal): Promise<boolean>;
  /**
   * Touches that wait for their ending although they had to be settled before an instant (ISO), of at most `limit` contacts: those
   * of the longest wait first. `next` is where to go on; null: there are no more.
   */
  overdue(
    before: string,
    after: string | null,
    limit: number,
  ): Promise<{ readonly touches: readonly OverdueTouch[]; readonly next: string | null }>;
  /** Contacts with such touches. */
  countOverdue(before: string): Promise<number>;
  /** All decisions and settlements of a contact with `from <= at < to` (ISO), by `at`. */
  timeline(contactId: string, from?: string, to?: string): Promise<LedgerRow[]>;
  /** The whole ledger in order of `at`, or what is in it with `since <= at < until` (ISO). */
  export(since?: string, until?: string): AsyncIterable<DecisionRow | SettlementRow>;
  /** Counts for people: decisions by verdict and reason, settlements by kind. */
  totals(): Promise<readonly LedgerTotal[]>;
}

export interface LedgerTotal {
  readonly kind: 'decision' | 'settlement';
  /** `pass`, `deferred`, `suppressed`, `sent`, `released`, `withdrawn`; `again`: rows that say more of what had ended. */
  readonly name: string;
  readonly reason?: string;
  readonly count: number;
}
