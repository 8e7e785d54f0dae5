// How a contact's touches move between reserved, tasked, sent and released, and which ledger row each move writes.

import type { KeptTouch, Withdrawal } from '../contact/contact';
import { marksOf } from '../contact/marks';
import {
  formatSettlementReason,
  parseSettlementReason,
  type SettlementReason,
} from '../contact/settlementReason';
import { CHAIN_START, linkOf } from './chain';
import type { DecisionRow, LedgerRow, SettlementRow } from './rows';

/** The part of a contact's document that touches change. */
export interface TouchState {
  readonly contactId: string;
  readonly touches: readonly KeptTouch[];
  readonly revision: number;
  /** Link of the latest row (rules/ledger/chain.ts); absent before the first. */
  readonly chain?: string;
}

/** A change to be written as one: the touches, the revision they make, and the row that records it. */
export interface Moved<R extends LedgerRow> {
  readonly touches: readonly KeptTouch[];
  readonly revision: number;
  readonly row: R & { readonly chain: string };
}

/** How a reservation ended. Instants are ISO. */
export interface SettlementGiven {
  readonly settled: 'sent' | 'released';
  readonly reason?: SettlementReason;
  readonly channelRef?: string;
  readonly deliveredAt?: string;
  readonly at: string;
}

/** True while a touch waits for its ending; such a touch never leaves the document. */
export const isOpen = (touch: KeptTouch): boolean =>
  touch.state === 'reserved' || touch.state === 'tasked';

/**
 * Adds the touch of a passed decision as reserved and drops what ended before `dropBefore` (ISO).
 * Null: the touch is there already; only a released one may be reserved again, and only by a later attempt.
 */
export function withReservation(
  state: TouchState,
  row: DecisionRow,
  dropBefore?: string,
): Moved<DecisionRow> | null {
  const known = state.touches.find((touch) => touch.touchId === row.touchId);
  if (known && (known.state !== 'released' || known.attempt >= row.attempt)) return null;

  const oldest = dropBefore === undefined ? Number.NEGATIVE_INFINITY : Date.parse(dropBefore);
  const kept = state.touches.filter(
    (touch) => touch !== known && (isOpen(touch) || Date.parse(touch.at) >= oldest),
  );

  return {
    touches: [...kept, reservedTouch(row)],
    revision: state.revision + 1,
    row: linked(state, row),
  };
}

/** Marks a reserved touch as waiting for somebody to act, or names the task that it waits for now. Null: nothing changes. */
export function withTasked(
  state: TouchState,
  touchId: string,
  channelRef: string,
): readonly KeptTouch[] | null {
  const known = state.touches.find((touch) => touch.touchId === touchId);
  const isRenamed = known?.state === 'tasked' && known.channelRef !== channelRef;
  if (known?.state !== 'reserved' && !isRenamed) return null;

  return state.touches.map((touch) =>
    touch === known ? { ...touch, state: 'tasked', channelRef } : touch,
  );
}

/**
 * Ends a touch of the document. Null: it ended so before, or is not in the document (see `recalledTouch`).
 * `sent` after `released` counts again, and `released` after `sent` (a failed receipt) frees the slot.
 */
export function withSettlement(
  state: TouchState,
  touchId: string,
  ending: SettlementGiven,
): Moved<SettlementRow> | null {
  const known = state.touches.find((touch) => touch.touchId === touchId);
  if (!known || known.state === ending.settled) return null;

  const row = settlementRow(state, known, ending);
  return {
    touches: state.touches.map((touch) => (touch === known ? ended(known, row) : touch)),
    revision: row.revision,
    row: linked(state, row),
  };
}

/** Takes a task back. Null: it is no open task, or was taken back before, so nothing changes. */
export function withWithdrawal(
  state: TouchState,
  touchId: string,
  withdrawn: Withdrawal,
): Moved<SettlementRow> | null {
  const known = state.touches.find((touch) => touch.touchId === touchId);
  if (known?.state !== 'tasked' || known.withdrawn !== undefined) return null;

  const { contactId, revision } = state;
  const { channel, channelRef } = known;
  const row: SettlementRow = {
    kind: 'settlement',
    touchId,
    contactId,
    at: withdrawn.at,
    settled: 'withdrawn',
    why: formatSettlementReason({ kind: 'withdrawn', rule: withdrawn.rule }),
    channel,
    ...(channelRef !== undefined && { channelRef }),
    revision: revision + 1,
  };

  return {
    touches: state.touches.map((touch) => (touch === known ? { ...known, withdrawn } : touch)),
    revision: row.revision,
    row: linked(state, row),
  };
}

function settlementRow(
  { contactId, revision }: TouchState,
  { touchId, channel, channelRef: knownRef, withdrawn }: KeptTouch,
  { settled, deliveredAt, at, channelRef = knownRef, ...given }: SettlementGiven,
): SettlementRow {
  const reason = withdrawn ? reasonOfWithdrawn(withdrawn, settled, given.reason) : given.reason;

  return {
    kind: 'settlement',
    touchId,
    contactId,
    at,
    settled,
    ...(reason !== undefined && { why: formatSettlementReason(reason) }),
    channel,
    ...(channelRef !== undefined && { channelRef }),
    ...(deliveredAt !== undefined && { deliveredAt }),
    revision: revision + 1,
  };
}

/** Whoever settles a withdrawn task need not know of it: that nobody confirmed it, or somebody did, has one cause. */
function reasonOfWithdrawn(
  { rule }: Withdrawal,
  settled: SettlementGiven['settled'],
  given: SettlementReason | undefined,
): SettlementReason {
  if (settled === 'sent') return given ?? { kind: 'not-stopped', rule };

  const isOurs = given === undefined || given.kind === 'unconfirmed' || given.kind === 'withdrawn';
  return isOurs ? { kind: 'withdrawn', rule } : given;
}

/** The row with its link to the one before. */
const linked = <R extends LedgerRow>(
  { chain = CHAIN_START }: TouchState,
  row: R,
): R & { readonly chain: string } => ({
  ...row,
  chain: linkOf(chain, row),
});

/** The touch as its settlement leaves it. */
function ended(touch: KeptTouch, row: SettlementRow): KeptTouch {
  const { settled, deliveredAt, channelRef, why, at } = row;
  if (settled === 'withdrawn') return { ...touch, withdrawn: { at, rule: ruleOf(why) } };

  return {
    ...touch,
    state: settled,
    ...(settled === 'sent' && deliveredAt !== undefined && { at: deliveredAt }),
    ...(channelRef !== undefined && { channelRef }),
    ...(why !== undefined && { why }),
  };
}

/** What made the task wrong, as the row of its withdrawal says. */
function ruleOf(why = ''): string {
  const reason = parseSettlementReason(why);
  return reason.kind === 'withdrawn' ? (reason.rule ?? '') : '';
}

/** A touch that left the document, as its ledger rows record it; null: it was never reserved. */
export function recalledTouch(rows: readonly LedgerRow[], touchId: string): KeptTouch | null {
  return rows
    .filter(
      (row) => row.touchId === touchId && (row.kind === 'settlement' || row.verdict === 'pass'),
    )
    .sort((a, b) => a.revision - b.revision)
    .reduce<KeptTouch | null>((touch, row) => {
      if (row.kind === 'decision') return reservedTouch(row);
      return touch && ended(touch, row);
    }, null);
}

/** Order of the ledger: by instant; what one contact did within a millisecond by revision. */
export function compareRows(a: LedgerRow, b: LedgerRow): number {
  return (
    compare(a.at, b.at) ||
    a.revision - b.revision ||
    compare(a.kind, b.kind) ||
    compare(a.touchId, b.touchId) ||
    attemptOf(a) - attemptOf(b)
  );
}

const attemptOf = (row: LedgerRow): number => (row.kind === 'decision' ? row.attempt : 0);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The touch of a pass, as its reservation puts it into the contact's document. */
export function reservedTouch(row: DecisionRow): KeptTouch {
  return {
    touchId: row.touchId,
    at: row.at,
    state: 'reserved',
    channel: row.channel,
    class: row.class,
    ...marksOf(row),
    city: row.city,
    attempt: row.attempt,
    ...(row.settleBy !== undefined && { settleBy: row.settleBy }),
  };
}
