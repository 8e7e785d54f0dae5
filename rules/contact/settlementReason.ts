// Why a settlement came about. Rows keep it as one text (`why`); it is read and written here and nowhere else.

import { assertNever } from '../base/errors';

export type SettlementReason =
  /** No member of staff confirmed the task in time. */
  | { readonly kind: 'unconfirmed' }
  /** The task was taken back before anybody confirmed it; `rule` is what made it wrong. Rows of before it was kept lack it. */
  | { readonly kind: 'withdrawn'; readonly rule?: string }
  /** It was taken back, and reached the customer all the same. */
  | { readonly kind: 'not-stopped'; readonly rule: string }
  | { readonly kind: 'not-a-friend' }
  /** The platform lets the customer receive no more. */
  | { readonly kind: 'platform-cap' }
  /** The channel refused the touch; `code` is the channel's own, and may hold colons. */
  | { readonly kind: 'refused'; readonly code: string }
  /** The receipt of a short message reports a failure; `code` is the carrier's. */
  | { readonly kind: 'sms'; readonly code: string }
  | { readonly kind: 'call'; readonly outcome: string }
  /** The text could not be rendered; `place` is a variable or the template itself. */
  | { readonly kind: 'template'; readonly place: string }
  /** A rule of the gate held the reserved touch back while it waited for its channel. */
  | { readonly kind: 'held'; readonly rule: string }
  /** Nobody had settled it in time. `found`: what the channel said of it then: `never-sent`, `unconfirmed`, or `unknown`. */
  | { readonly kind: 'reaped'; readonly found: string }
  /** Learnt by reading the channel's own record, later. `found`: what it says when it is no delivery. */
  | { readonly kind: 'reconciled'; readonly found?: string }
  /** Anything else, split at its first colon. */
  | { readonly kind: 'other'; readonly reason: string; readonly named?: string };

/** Reads the `why` of a settlement. The first colon ends the kind; whatever follows, colons too, belongs to its code. */
export function parseSettlementReason(why: string): SettlementReason {
  const colon = why.indexOf(':');
  if (colon === -1) return plainReason(why);

  const kind = why.slice(0, colon);
  const named = why.slice(colon + 1);

  switch (kind) {
    case 'refused':
    case 'sms':
      return { kind, code: named };
    case 'call':
      return { kind, outcome: named };
    case 'template':
      return { kind, place: named };
    case 'held':
    case 'withdrawn':
    case 'not-stopped':
      return { kind, rule: named };
    case 'reaped':
    case 'reconciled':
      return { kind, found: named };
    default:
      return { kind: 'other', reason: kind, named };
  }
}

function plainReason(why: string): SettlementReason {
  switch (why) {
    case 'unconfirmed':
    case 'withdrawn':
    case 'not-a-friend':
    case 'platform-cap':
    case 'reconciled':
      return { kind: why };
    default:
      return { kind: 'other', reason: why };
  }
}

/** The reason as rows keep it: the reverse of `parseSettlementReason`. */
export function formatSettlementReason(reason: SettlementReason): string {
  switch (reason.kind) {
    case 'unconfirmed':
    case 'not-a-friend':
    case 'platform-cap':
      return reason.kind;
    case 'withdrawn':
      return reason.rule === undefined ? reason.kind : `${reason.kind}:${reason.rule}`;
    case 'refused':
    case 'sms':
      return `${reason.kind}:${reason.code}`;
    case 'call':
      return `call:${reason.outcome}`;
    case 'template':
      return `template:${reason.place}`;
    case 'held':
    case 'not-stopped':
      return `${reason.kind}:${reason.rule}`;
    case 'reaped':
      return `reaped:${reason.found}`;
    case 'reconciled':
      return reason.found === undefined ? 'reconciled' : `reconciled:${reason.found}`;
    case 'other':
      return reason.named === undefined ? reason.reason : `${reason.reason}:${reason.named}`;
    default:
      return assertNever(reason, 'reason of a settlement');
  }
}
