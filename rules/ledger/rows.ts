// Rows of the ledger: every decision and every settlement, append-only. Nothing personal is ever in them.

import { decisionId, settlementId } from '../base/ids';
import type { AnsweredAct } from '../contact/answeredAct';
import type { Decision, Touch } from '../gate/gate.schema';

/** What a decision rested on besides the touches, so that the ledger alone can prove a pass and replay a refusal. */
export interface Basis {
  readonly timezone: string;
  readonly billDay: number;
  readonly reachable: boolean;
  readonly blocked: boolean;
  readonly consent: 'granted' | 'refused' | 'unknown';
  /** Entries of do-not-disturb that cover the touch's channel and class. */
  readonly dnd: readonly { readonly from?: string; readonly until?: string }[];
  /** The customer's own window. */
  readonly quietHours?: { readonly from: string; readonly to: string };
  /** `id@version` of the holiday table. */
  readonly holidays?: string;
  /** On marketing: whether the customer let personal features be used. */
  readonly personalisation?: 'allowed' | 'refused';
  /** On marketing: the first personal feature that the touch rests on; absent: it would be the same for anybody. */
  readonly personalFeature?: string;
}

/** How a row hangs together with the other rows of its contact (rules/ledger/chain.ts). */
interface Chained {
  /** Stands for the contact in all codes over the row (rules/ledger/subject.ts); rows from before there was one lack it. */
  readonly subject?: string;
  /** Which life of the contact the pseudonym is of; absent: the first. */
  readonly life?: number;
  /** Of a row whose contact was forgotten, and that was sealed before it had a pseudonym: the digest that it was sealed with. */
  readonly sealedAs?: string;
  /** Counts the contact's rows of every kind from 1; rows from before every kind was counted lack it. */
  readonly sequence?: number;
  /** Code over this row and the one before it of the same contact. */
  readonly chain?: string;
  /** Id of the key that the code was made with; absent: with none. */
  readonly chainKey?: string;
}

/** One attempt of a touch: what was asked, what the gate said, and for whom. `_id` is `touchId#attempt`. */
export interface DecisionRow extends Omit<Touch, 'city'>, Decision, Chained {
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
  /** Of a reply: what it answers. */
  readonly answers?: AnsweredAct;
  /** On a pass the revision that the reservation made; otherwise the one that was read. */
  readonly revision: number;
  /** On every row of the engine; rows from before it was kept lack it. */
  readonly basis?: Basis;
  /** On a pass only: ISO, by when it must be settled. */
  readonly settleBy?: string;
}

/** What became of a reserved touch. `_id` is `touchId!revision`. */
export interface SettlementRow extends Chained {
  readonly kind: 'settlement';
  readonly touchId: string;
  readonly contactId: string;
  readonly at: string;
  /** `withdrawn`: its task was taken back; what came of that is a row of its own. */
  readonly settled: 'sent' | 'released' | 'withdrawn';
  /** Why it was withdrawn or released, or how a late sending came about. */
  readonly why?: string;
  readonly channel: string;
  readonly channelRef?: string;
  /** Of a message whose receipts follow: when the channel took it, and in how many parts. `sent` says no more than that. */
  readonly acceptedAt?: string;
  readonly parts?: number;
  /** A receipt, or the channel itself, says that it reached the customer. */
  readonly deliveredAt?: string;
  /** Only some of its parts did. */
  readonly partly?: true;
  /** A touch that had ended so before: this row says more of the same message. */
  readonly again?: true;
  readonly revision: number;
}

export type LedgerRow = DecisionRow | SettlementRow;

/** The id under which the ledger keeps a row. */
export const rowId = (row: LedgerRow): string =>
  row.kind === 'decision'
    ? decisionId(row.touchId, row.attempt)
    : settlementId(row.touchId, row.revision);
