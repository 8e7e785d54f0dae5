// How a contact's touches move between reserved, tasked, sent and released, and which ledger row each move writes.

import type { KeptTouch, Withdrawal } from '../contact/contact';
import { marksOf } from '../contact/marks';
import { type KeptReceipt, withReceiptKept } from '../contact/receipts';
import {
  formatSettlementReason,
  parseSettlementReason,
  type SettlementReason,
} from '../contact/settlementReason';
import { MINUTE_MS } from '../time/durations';
import { CHAIN_START, type LedgerKey, linkOf } from './chain';
import { endByReceipts, receiptsOf } from './endByReceipts';
import type { DecisionRow, LedgerRow, SettlementRow } from './rows';
import { pseudonymous } from './subject';

/** The part of a contact's document that touches change. */
export interface TouchState {
  readonly contactId: string;
  readonly touches: readonly KeptTouch[];
  readonly revision: number;
  /** Link of the latest row (rules/ledger/chain.ts); absent before the first. */
  readonly chain?: string;
  /** Rows so far, of every kind. */
  readonly sequence?: number;
  /** Which life of the contact this is, counted from 1; absent: the first. */
  readonly life?: number;
  /** Signs the links; absent: they are plain hashes, which anybody can make. */
  readonly key?: LedgerKey | undefined;
}

/** A row in its place in the contact's chain. */
export type Linked<R extends LedgerRow> = R & {
  readonly sequence: number;
  readonly chain: string;
};

/** A change to be written as one: the touches, the revision they make, and the row that records it. */
export interface Moved<R extends LedgerRow> {
  readonly touches: readonly KeptTouch[];
  readonly revision: number;
  readonly row: Linked<R>;
}

/** How a reservation ended. Instants are ISO. */
export interface SettlementGiven {
  readonly settled: 'sent' | 'released';
  readonly reason?: SettlementReason;
  readonly channelRef?: string;
  readonly deliveredAt?: string;
  readonly at: string;
  /** The channel took it then, in so many parts, and receipts say what becomes of them. */
  readonly acceptedAt?: string;
  readonly parts?: number;
}

/** A receipt of one part, and what is known of the message beside it. */
export interface ReceiptGiven extends KeptReceipt {
  readonly channelRef: string;
  readonly heardAt: string;
  /** Where the channel never takes more: its touch need not be settled first. */
  readonly parts?: number;
}

/** True while a touch waits for its ending; such a touch never leaves the document. */
export const isOpen = (touch: KeptTouch): boolean =>
  touch.state === 'reserved' || touch.state === 'tasked';

/** ISO: the first instant by which one of these touches must be settled; undefined: none waits for its ending. */
export function settledFirstBy(touches: readonly KeptTouch[]): string | undefined {
  const deadlines = touches.flatMap((touch) => (isOpen(touch) ? (touch.settleBy ?? []) : []));
  return deadlines.toSorted()[0];
}

/** Open touches that had to be settled before an instant (ISO). */
export const overdueTouches = (
  touches: readonly KeptTouch[],
  before: string,
): readonly KeptTouch[] =>
  touches.filter(
    (touch) => isOpen(touch) && touch.settleBy !== undefined && touch.settleBy < before,
  );

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
 * `sent` after `released` counts again. What the receipts of its parts say goes before what anybody else does.
 */
export function withSettlement(
  state: TouchState,
  touchId: string,
  ending: SettlementGiven,
): Moved<SettlementRow> | null {
  const known = state.touches.find((touch) => touch.touchId === touchId);
  if (!known || isGuess(known, ending)) return null;

  const { parts, acceptedAt } = ending;
  const told = acceptedAt === undefined ? known : { ...known, acceptedAt, parts: parts ?? 1 };
  const byReceipts = endByReceipts({ ...told, state: ending.settled });
  const end = { ...ending, ...byReceipts };
  if (known.state === end.settled && known.acceptedAt === told.acceptedAt) return null;

  return movedTo(state, known, told, end);
}

/** That a touch was not confirmed, or was taken back, is no news of one that is known to have been sent. */
const isGuess = ({ state }: KeptTouch, { settled, reason }: SettlementGiven): boolean =>
  state === 'sent' &&
  settled === 'released' &&
  reason !== undefined &&
  ['unconfirmed', 'withdrawn', 'held'].includes(reason.kind);

/** A receipt that is kept: with a row when it changes what the touch has come to. */
export interface Received {
  readonly touches: readonly KeptTouch[];
  readonly touch: KeptTouch;
  readonly moved?: Moved<SettlementRow>;
}

/** Keeps a receipt with its touch, and ends the touch by all that are known. Null: the touch is not in the document. */
export function withReceipt(
  state: TouchState,
  touchId: string,
  { channelRef, heardAt, parts, ...receipt }: ReceiptGiven,
): Received | null {
  const known = state.touches.find((each) => each.touchId === touchId);
  if (!known) return null;

  const told: KeptTouch = {
    ...known,
    receipts: withReceiptKept(receiptsOf(known), receipt),
    ...(known.parts === undefined && parts !== undefined && { parts }),
  };
  const end = endByReceipts(told);
  if (end === null || isSameEnd(told, end))
    return { touches: replaced(state, known, told), touch: told };

  const moved = movedTo(state, known, told, { ...end, at: heardAt, channelRef });
  return { touches: moved.touches, touch: ended(told, moved.row), moved };
}

type End = NonNullable<ReturnType<typeof endByReceipts>>;

const isSameEnd = (touch: KeptTouch, { settled, deliveredAt, partly, reason }: End): boolean =>
  touch.state === settled &&
  touch.deliveredAt === deliveredAt &&
  touch.partly === partly &&
  (settled === 'sent' || touch.why === (reason && formatSettlementReason(reason)));

const replaced = (
  { touches }: TouchState,
  known: KeptTouch,
  after: KeptTouch,
): readonly KeptTouch[] => touches.map((touch) => (touch === known ? after : touch));

function movedTo(
  state: TouchState,
  known: KeptTouch,
  told: KeptTouch,
  end: SettlementGiven & Pick<End, 'partly'>,
): Moved<SettlementRow> {
  const row = settlementRow(state, told, end);
  return {
    touches: replaced(state, known, ended(told, row)),
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
  known: KeptTouch,
  { settled, at, channelRef = known.channelRef, ...given }: SettlementGiven & Pick<End, 'partly'>,
): SettlementRow {
  const { touchId, state, channel, withdrawn, acceptedAt, parts } = known;
  const reason = withdrawn ? reasonOfWithdrawn(withdrawn, settled, given.reason) : given.reason;
  const deliveredAt = given.deliveredAt && notBeforePass(given.deliveredAt, known);

  return {
    kind: 'settlement',
    touchId,
    contactId,
    at,
    settled,
    ...(reason !== undefined && { why: formatSettlementReason(reason) }),
    channel,
    ...(channelRef !== undefined && { channelRef }),
    ...(acceptedAt !== undefined && { acceptedAt, parts }),
    ...(deliveredAt !== undefined && { deliveredAt }),
    ...(given.partly && { partly: true }),
    ...(state === settled && { again: true }),
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

/** A channel's clock may be a little behind ours, or know no fractions of a second; more than that is left for the proof to find. */
const CHANNEL_CLOCK_MS = MINUTE_MS;

/** ISO. A touch that is not sent yet has the instant of its pass. */
function notBeforePass(deliveredAt: string, { state, at }: KeptTouch): string {
  const earlyMs = Date.parse(at) - Date.parse(deliveredAt);
  return state !== 'sent' && earlyMs > 0 && earlyMs <= CHANNEL_CLOCK_MS ? at : deliveredAt;
}

/** The row as the next of the contact's chain. A decision that reserves nothing changes nothing else. */
export function linked<R extends LedgerRow>(
  {
    chain = CHAIN_START,
    sequence = 0,
    life,
    key,
  }: Pick<TouchState, 'chain' | 'sequence' | 'life' | 'key'>,
  row: R,
): Linked<R> {
  const next = {
    ...row,
    ...(key?.subjectOf && { subject: key.subjectOf(row.contactId, life) }),
    ...(life !== undefined && { life }),
    sequence: sequence + 1,
    ...(key && { chainKey: key.id }),
  };
  return { ...next, chain: linkOf(chain, pseudonymous(next), key) };
}

/** The touch as its settlement leaves it. */
function ended(touch: KeptTouch, row: SettlementRow): KeptTouch {
  const { settled, channelRef, why, at, acceptedAt, parts } = row;
  if (settled === 'withdrawn') return { ...touch, withdrawn: { at, rule: ruleOf(why) } };

  const { why: _, deliveredAt: __, partly: ___, ...before } = touch;
  const deliveredAt = settled === 'sent' ? row.deliveredAt : undefined;
  return {
    ...before,
    state: settled,
    at: deliveredAt ?? acceptedAt ?? touch.at,
    ...(channelRef !== undefined && { channelRef }),
    ...(why !== undefined && { why }),
    ...(acceptedAt !== undefined && { acceptedAt }),
    ...(parts !== undefined && { parts }),
    ...(deliveredAt !== undefined && { deliveredAt }),
    ...(row.partly && { partly: true }),
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
