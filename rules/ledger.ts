// Rows of the ledger: every decision and every settlement, append-only. Nothing personal is ever in them.

import type { TouchClass } from './contact';
import type { Decision, Explained } from './gate.schema';

/** One attempt of a touch. `_id` is `touchId#attempt`. */
export interface DecisionRow {
  readonly kind: 'decision';
  readonly touchId: string;
  readonly attempt: number;
  readonly contactId: string;
  readonly city: string;
  readonly channel: string;
  readonly class: TouchClass;
  readonly category?: string;
  readonly campaign?: string;
  readonly product?: string;
  readonly staffId?: string;
  readonly at: string;
  readonly expiresAt?: string;
  readonly verdict: Decision['verdict'];
  /** The gate's reason, or `irrelevant` when the journey no longer had a reason to ask. */
  readonly reason?: string;
  readonly rule?: string;
  readonly until?: string;
  readonly explain: readonly Explained[];
  /** `id@version` of the policy that answered. */
  readonly policy: string;
  readonly journey: string;
  readonly step: string;
  readonly workflowId: string;
  readonly runId: string;
  /** On a pass the revision that the reservation made; otherwise the one that was read. */
  readonly revision: number;
}

/** What became of a reserved touch. `_id` is `touchId!revision`. */
export interface SettlementRow {
  readonly kind: 'settlement';
  readonly touchId: string;
  readonly contactId: string;
  readonly at: string;
  readonly settled: 'sent' | 'released';
  /** Why it was released, or how a late sending came about. */
  readonly why?: string;
  readonly channel: string;
  readonly channelRef?: string;
  readonly deliveredAt?: string;
  readonly revision: number;
}

export type LedgerRow = DecisionRow | SettlementRow;
