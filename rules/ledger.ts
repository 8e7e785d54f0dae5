// Rows of the ledger: every decision and every settlement, append-only. Nothing personal is ever in them.

import type { Decision, Touch } from './gate.schema';

/** One attempt of a touch: what was asked, what the gate said, and for whom. `_id` is `touchId#attempt`. */
export interface DecisionRow extends Omit<Touch, 'city'>, Decision {
  readonly kind: 'decision';
  /** Counts from 1. */
  readonly attempt: number;
  readonly contactId: string;
  readonly city: string;
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
