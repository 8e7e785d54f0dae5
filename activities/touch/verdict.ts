// The journey's view of what is kept of a touch: the same answer, however often it is asked.

import { assertNever } from '../../rules/base/errors';
import { CONFIRM_WITHIN_HOURS } from '../../rules/contact/confirmation';
import type { KeptTouch } from '../../rules/contact/contact';
import { parseSettlementReason, type SettlementReason } from '../../rules/contact/settlementReason';
import { isHeldByOpen } from '../../rules/ledger/heldByOpen';
import type { DecisionRow } from '../../rules/ledger/rows';
import { HOUR_MS } from '../../rules/time/durations';
import type { TouchVerdict } from '../contract';
import type { TouchRequest } from './asked';

/**
 * ISO: unsettled by then, a tasked touch counts as unconfirmed. Never later than its expiry, nor than the next quiet time of the
 * contact (`quietFrom`, milliseconds): staff who confirm in it would reach the customer against a rule.
 */
export function deadlineOf(
  reservedAt: string,
  asked: Pick<TouchRequest, 'confirmWithinHours' | 'expiresAt'>,
  quietFrom: number | null = null,
): string {
  const confirm =
    Date.parse(reservedAt) + (asked.confirmWithinHours ?? CONFIRM_WITHIN_HOURS) * HOUR_MS;
  const expiry =
    asked.expiresAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(asked.expiresAt);
  return new Date(Math.min(confirm, expiry, quietFrom ?? Number.POSITIVE_INFINITY)).toISOString();
}

/** The deadline that the reservation was made with; touches from before it was kept have the plain one. */
export const deadlineOfKept = (kept: KeptTouch, asked: TouchRequest): string =>
  kept.settleBy ?? deadlineOf(kept.at, asked);

/** The answer to a touch that the contact's document still holds; `reserved` has none yet. */
export function answerOfKept(kept: KeptTouch, asked: TouchRequest): TouchVerdict {
  if (kept.state === 'sent')
    return { verdict: 'sent', channelRef: kept.channelRef ?? '', at: kept.at };

  if (kept.state === 'tasked')
    return {
      verdict: 'tasked',
      channelRef: kept.channelRef ?? '',
      deadline: deadlineOfKept(kept, asked),
    };

  return verdictOfRelease(parseSettlementReason(kept.why ?? 'released'), kept.at);
}

/** A release in words the journey acts on: a held touch is asked again at once, anything else is over. */
export function verdictOfRelease(reason: SettlementReason, at: string): TouchVerdict {
  switch (reason.kind) {
    case 'held':
      return { verdict: 'deferred', until: at, reason: 'held', rule: reason.rule };
    case 'unconfirmed':
    case 'not-a-friend':
    case 'platform-cap':
      return suppressedBy(reason.kind);
    case 'withdrawn':
    case 'not-stopped':
      return suppressedBy(reason.kind, reason.rule);
    case 'refused':
    case 'sms':
      return suppressedBy(reason.kind, reason.code);
    case 'call':
      return suppressedBy('call', reason.outcome);
    case 'template':
      return suppressedBy('template', reason.place);
    case 'reaped':
    case 'reconciled':
      return suppressedBy(reason.kind, reason.found);
    case 'other':
      return suppressedBy(reason.reason, reason.named);
    default:
      return assertNever(reason, 'reason of a settlement');
  }
}

const suppressedBy = (reason: string, rule?: string): TouchVerdict => ({
  verdict: 'suppressed',
  reason,
  ...(rule !== undefined && { rule }),
});

export function answerOfRow(row: DecisionRow): TouchVerdict {
  const rule = row.rule ?? row.reason ?? row.verdict;
  if (row.verdict === 'deferred')
    return {
      verdict: 'deferred',
      until: row.until ?? row.at,
      reason: row.reason ?? 'deferred',
      rule,
      ...(isHeldByOpen(row.explain) && { heldByOpen: true }),
    };

  // A pass whose touch has left the document was settled and dropped long ago: it happened, and is never repeated.
  return {
    verdict: 'suppressed',
    reason: row.verdict === 'pass' ? 'already-settled' : (row.reason ?? 'suppressed'),
    rule,
  };
}
