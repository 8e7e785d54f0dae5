// One contact's recorded touches put to another policy, one after the other, with the room that each of them takes up.

import type { TouchRecord } from '../contact/gateContact.schema';
import { decide } from '../gate/gate';
import type { PolicySnapshot } from '../gate/policySnapshot';
import { MINUTE_MS } from '../time/durations';
import { durationMs, formatInstant, instantAt } from '../time/instant';
import { contactFromBasis } from './basis';
import { isHeldByOpen } from './heldByOpen';
import { isBased, isFromGate, proposedAnswer, type ReplayedTouch, touchOf } from './replayedTouch';
import type { DecisionRow, LedgerRow, SettlementRow } from './rows';

/** A row of the ledger, at its instant. */
interface Recorded {
  readonly at: number;
  readonly row: LedgerRow;
}

/** A touch that the proposal deferred, at the instant until which it did. */
interface Waiting {
  at: number;
  readonly again: ReplayedTouch;
  /** See `isHeldByOpen`. */
  readonly isHeldByOpen: boolean;
}

/** The touches of one contact with what the proposal answers to each. */
export function replay(
  rows: readonly LedgerRow[],
  since: number,
  proposalFor: (city: string) => PolicySnapshot,
): ReplayedTouch[] {
  const contact = new ReplayedContact(since, proposalFor);
  const recorded = inOrder(rows);
  const end = recorded.at(-1)?.at ?? since;

  for (let next = 0; ; ) {
    const event = soonest(recorded[next], contact.waiting, end);
    if (event === undefined) return [...contact.replayed.values()];

    if ('again' in event) {
      contact.askAgain(event);
    } else {
      contact.take(event);
      next += 1;
    }
  }
}

function inOrder(rows: readonly LedgerRow[]): Recorded[] {
  return rows
    .map((row) => ({ at: instantAt(row.at, `${row.touchId}.at`), row }))
    .sort((a, b) => a.at - b.at || a.row.revision - b.row.revision);
}

/** What happens next: at the same instant the recorded row, for it has the latest that is known of the contact. */
function soonest(
  recorded: Recorded | undefined,
  waiting: readonly Waiting[],
  end: number,
): Recorded | Waiting | undefined {
  let next: Recorded | Waiting | undefined = recorded;
  for (const event of waiting)
    if (event.at <= end && (next === undefined || event.at < next.at)) next = event;
  return next;
}

/** One contact in the course of the replay: the touches that are put to the proposal, those that wait, and the touches that take up room. */
class ReplayedContact {
  readonly replayed = new Map<string, ReplayedTouch>();
  readonly waiting: Waiting[] = [];
  /** Touches of before the period: they stay as they were. */
  private readonly history = new Set<string>();
  private touches: TouchRecord[] = [];

  constructor(
    private readonly since: number,
    private readonly proposalFor: (city: string) => PolicySnapshot,
  ) {}

  take({ row, at }: Recorded): void {
    if (row.kind === 'settlement') this.settle(row, at);
    else if (at < this.since || this.history.has(row.touchId)) this.keepAsRecorded(row);
    else this.attempt(row, at);
  }

  askAgain(waiting: Waiting): void {
    this.waiting.splice(this.waiting.indexOf(waiting), 1);
    this.ask(waiting.again, waiting.at);
  }

  private keepAsRecorded(row: DecisionRow): void {
    this.history.add(row.touchId);
    if (row.verdict === 'pass') this.reserve(row, row.at, row.settleBy);
  }

  /** One recorded attempt of a touch: asked now, unless the proposal's own course of events differs from the record. */
  private attempt(row: DecisionRow, at: number): void {
    const replayed = this.replayed.get(row.touchId) ?? this.begin(row, at);
    if (isFromGate(row)) replayed.last = row;
    if (row.verdict === 'pass') replayed.passedAt = at;
    if (isBased(row)) replayed.based = row;

    if (!replayed.judged) {
      if (row.verdict === 'pass') this.reserve(row, row.at, row.settleBy);
      return;
    }

    if (replayed.proposed.verdict === 'pass') {
      // Released meanwhile, so this attempt is a new question; otherwise it has gone out and nobody would ask again.
      if (!this.takesUpRoom(row.touchId)) this.ask(replayed, at);
      else if (row.verdict === 'pass') this.keepDeadline(row);
      return;
    }

    if (!isFromGate(row)) {
      replayed.proposed = proposedAnswer(row, at);
      this.stopWaiting(replayed);
      return;
    }

    // Those who wait for the same instant go in the recorded order; who waits for a later one is not asked yet.
    if (row === replayed.first || this.stopWaiting(replayed, at)) this.ask(replayed, at);
  }

  private begin(row: DecisionRow, at: number): ReplayedTouch {
    const replayed: ReplayedTouch = {
      first: row,
      last: row,
      judged: isBased(row),
      proposed: { verdict: 'deferred', at },
    };
    this.replayed.set(row.touchId, replayed);
    return replayed;
  }

  /** Puts a touch to the proposal, with the contact's latest basis and the room that is taken. */
  private ask(replayed: ReplayedTouch, at: number): void {
    const { based, first } = replayed;
    if (based === undefined) return;

    const { prepared, windowHours } = this.proposalFor(first.city);
    this.touches = keptSince(this.touches, at - durationMs(windowHours));

    const iso = formatInstant(at);
    const contact = contactFromBasis(based, this.touches);
    const decision = decide(prepared, contact, touchOf(based, iso));
    replayed.proposed = proposedAnswer(decision, at);

    if (decision.verdict === 'pass') this.reserve(first, iso, deadlineAt(replayed, at));
    else if (decision.until !== undefined)
      this.waiting.push({
        at: instantAt(decision.until, 'until'),
        again: replayed,
        isHeldByOpen: isHeldByOpen(decision.explain),
      });
  }

  /** Takes back a touch that waits for an instant no later than `at`. False: none does. */
  private stopWaiting(replayed: ReplayedTouch, at = Number.POSITIVE_INFINITY): boolean {
    const index = this.waiting.findIndex(
      (waiting) => waiting.again === replayed && waiting.at <= at,
    );
    if (index !== -1) this.waiting.splice(index, 1);
    return index !== -1;
  }

  private takesUpRoom(id: string): boolean {
    return this.touches.some(({ touchId, state }) => touchId === id && state !== 'released');
  }

  private reserve(row: DecisionRow, at: string, settleBy: string | undefined): void {
    const { expiresAt: _, ...touch } = touchOf(row, at);
    this.touches = this.touches.filter(({ touchId }) => touchId !== row.touchId);
    this.touches.push({ ...touch, state: 'reserved', settleBy });
  }

  /** The recorded pass may come a moment after the proposal's own. */
  private keepDeadline({ touchId, settleBy }: DecisionRow): void {
    this.touches = this.touches.map((touch) =>
      touch.touchId === touchId && this.isAsRecorded(touch) ? { ...touch, settleBy } : touch,
    );
  }

  /** A touch that the proposal let out at the recorded instant ends as recorded; one at another instant is taken as sent then. */
  private settle(row: SettlementRow, at: number): void {
    const index = this.touches.findIndex(({ touchId }) => touchId === row.touchId);
    const touch = this.touches[index];
    if (touch === undefined || row.settled === 'withdrawn') return;

    if (row.settled === 'released') this.touches[index] = { ...touch, state: 'released' };
    else if (touch.state === 'sent' || this.isAsRecorded(touch))
      this.touches[index] = { ...touch, state: 'sent', at: sentAt(row, touch) };
    else return;

    this.wake(at);
  }

  /** Those who wait for a deadline need not: an open touch was settled. */
  private wake(at: number): void {
    for (const waiting of this.waiting)
      if (waiting.isHeldByOpen) waiting.at = Math.min(waiting.at, at);
  }

  private isAsRecorded({ touchId, at }: TouchRecord): boolean {
    const replayed = this.replayed.get(touchId);
    if (replayed === undefined) return true;

    const { passedAt } = replayed;
    return passedAt !== undefined && isSameTime(passedAt, instantAt(at, 'at'));
  }
}

/** Deferred touches wake a little after the instant until which they waited. */
const LATENCY_MS = MINUTE_MS;

/** True for two instants that differ by no more than the engine's own latency. */
export const isSameTime = (a: number, b: number): boolean => Math.abs(a - b) <= LATENCY_MS;

const sentAt = ({ deliveredAt, acceptedAt }: SettlementRow, touch: TouchRecord): string =>
  deliveredAt ?? acceptedAt ?? touch.at;

/** The deadline of a touch that goes out when it did; one at another instant is taken as sent then. */
const deadlineAt = ({ passedAt, last }: ReplayedTouch, at: number): string | undefined =>
  passedAt !== undefined && isSameTime(passedAt, at) ? last.settleBy : undefined;

/** Past this many touches it pays to drop those that no longer count. */
const MANY = 32;

function keptSince(touches: TouchRecord[], oldest: number): TouchRecord[] {
  return touches.length < MANY
    ? touches
    : touches.filter(({ at, settleBy = at }) => instantAt(settleBy, 'settleBy') >= oldest);
}
