// One contact's recorded opportunities put to another policy, one after the other, with the room that each of them takes up.

import type { TouchRecord } from '../contact/gateContact.schema';
import { decide, type PreparedPolicy } from '../gate/gate';
import type { Decision, Touch } from '../gate/gate.schema';
import { durationMs, formatInstant, instantAt } from '../time/instant';
import { contactFromBasis } from './basis';
import type { Basis, DecisionRow, LedgerRow, SettlementRow } from './rows';

/** The policy proposed for a city, read once. */
export interface Proposal {
  readonly prepared: PreparedPolicy;
  /** Touches older than this many hours can no longer count (rules/time/windows.ts). */
  readonly keepHours: number;
}

/** One touch, through all its attempts. */
export interface ReplayedTouch {
  readonly first: DecisionRow;
  /** The last answer of the gate. */
  last: DecisionRow;
  /** When the gate let it pass as recorded, the last time; absent: never. */
  passedAt?: number;
  /** False: its first row lacks what a replay needs. */
  readonly judged: boolean;
  proposed: Answer;
  /** Its latest row that tells how the contact stood towards it. */
  based?: BasedRow;
}

/** What was said of it and when; explanations are not kept, there are too many. */
type Answer = Omit<Decision, 'explain' | 'until'> & { readonly at: number };
type BasedRow = DecisionRow & { readonly basis: Basis };
const isBased = (row: DecisionRow): row is BasedRow => row.basis !== undefined;

type Event = { readonly at: number } & (
  | { readonly row: LedgerRow }
  | { readonly again: ReplayedTouch }
);

/** The opportunities of one contact with what the proposal says of each. */
export function replay(
  rows: readonly LedgerRow[],
  since: number,
  proposalFor: (city: string) => Proposal,
): ReplayedTouch[] {
  const recorded: Event[] = rows.map((row) => ({
    at: instantAt(row.at, `${row.touchId}.at`),
    row,
  }));
  recorded.sort((a, b) => a.at - b.at || revisionOf(a) - revisionOf(b));
  const known = new Map<string, ReplayedTouch>();
  const history = new Set<string>();
  const waiting: { readonly at: number; readonly again: ReplayedTouch }[] = [];
  const end = recorded.at(-1)?.at ?? since;
  let touches: TouchRecord[] = [];

  for (let next = 0; ; ) {
    const event = soonest(recorded[next], waiting, end);
    if (event === undefined) break;
    if ('again' in event) {
      waiting.splice(waiting.indexOf(event), 1);
      ask(event.again, event.at);
      continue;
    }
    next += 1;
    if (event.row.kind === 'settlement') settle(event.row);
    else if (event.at < since || history.has(event.row.touchId)) happened(event.row);
    else arise(event.row, event.at);
  }
  return [...known.values()];

  /** What went before the period stays as it was. */
  function happened(row: DecisionRow): void {
    history.add(row.touchId);
    if (row.verdict === 'pass') reserve(row, row.at);
  }

  function arise(row: DecisionRow, at: number): void {
    const opportunity = known.get(row.touchId) ?? begin(row, at);
    if (isGates(row)) opportunity.last = row;
    if (row.verdict === 'pass') opportunity.passedAt = at;
    if (isBased(row)) opportunity.based = row;
    if (!opportunity.judged) {
      if (row.verdict === 'pass') reserve(row, row.at);
    } else if (opportunity.proposed.verdict === 'pass') {
      // Released meanwhile, so this attempt is a new question; otherwise it has gone out and nobody would ask again.
      if (!touches.some(({ touchId }) => touchId === row.touchId)) ask(opportunity, at);
    } else if (!isGates(row)) drop(opportunity, row, at);
    else if (row === opportunity.first || unqueue(opportunity, at)) ask(opportunity, at);
  }

  /** Takes a touch that waits for this very instant, so that those who wait for the same one go in the recorded order. */
  function unqueue(opportunity: ReplayedTouch, at = Number.POSITIVE_INFINITY): boolean {
    const index = waiting.findIndex((event) => event.again === opportunity && event.at <= at);
    if (index !== -1) waiting.splice(index, 1);
    return index !== -1;
  }

  function begin(row: DecisionRow, at: number): ReplayedTouch {
    const opportunity: ReplayedTouch = {
      first: row,
      last: row,
      judged: isBased(row),
      proposed: { verdict: 'deferred', at },
    };
    known.set(row.touchId, opportunity);
    return opportunity;
  }

  function ask(opportunity: ReplayedTouch, at: number): void {
    const { based, first } = opportunity;
    if (based === undefined) return;
    const { prepared, keepHours } = proposalFor(first.city);
    touches = kept(touches, at - durationMs(keepHours));
    const iso = formatInstant(at);
    const decision = decide(prepared, contactFromBasis(based, touches), touchOf(based, iso));
    opportunity.proposed = answerOf(decision, at);
    if (decision.verdict === 'pass') reserve(first, iso);
    else if (decision.until !== undefined)
      waiting.push({ at: instantAt(decision.until, 'until'), again: opportunity });
  }

  function drop(opportunity: ReplayedTouch, row: DecisionRow, at: number): void {
    opportunity.proposed = answerOf(row, at);
    unqueue(opportunity);
  }

  function reserve(row: DecisionRow, at: string): void {
    const { touchId, channel, class: touchClass, category, campaign, product, staffId, city } = row;
    touches = touches.filter((touch) => touch.touchId !== touchId);
    touches.push({
      touchId,
      at,
      state: 'reserved',
      channel,
      class: touchClass,
      category,
      campaign,
      product,
      staffId,
      city,
    });
  }

  /** A touch that the proposal let out at the recorded instant ends as recorded; one at another instant is taken as sent then. */
  function settle(row: SettlementRow): void {
    const index = touches.findIndex(({ touchId }) => touchId === row.touchId);
    const touch = touches[index];
    if (touch === undefined) return;
    if (row.settled === 'released') touches.splice(index, 1);
    else if (isAsRecorded(touch))
      touches[index] = { ...touch, state: 'sent', at: row.deliveredAt ?? touch.at };
  }

  function isAsRecorded({ touchId, at }: TouchRecord): boolean {
    const opportunity = known.get(touchId);
    const passedAt = opportunity?.passedAt;
    return (
      opportunity === undefined ||
      (passedAt !== undefined && isSameTime(passedAt, instantAt(at, 'at')))
    );
  }
}

/** Held touches wake a little after the instant to which they were held. */
const LATENCY_MS = 60_000;

/** True for two instants that differ by no more than the engine's own latency. */
export const isSameTime = (a: number, b: number): boolean => Math.abs(a - b) <= LATENCY_MS;

/** Reasons that the engine gives instead of asking the gate: another policy would not change them. */
const NOT_THE_GATES: ReadonlySet<string> = new Set(['irrelevant', 'personalisation', 'quota']);
const isGates = ({ reason }: DecisionRow): boolean =>
  reason === undefined || !NOT_THE_GATES.has(reason);

const answerOf = ({ verdict, reason, rule }: Omit<Decision, 'explain'>, at: number): Answer => ({
  verdict,
  ...(reason !== undefined && { reason }),
  ...(rule !== undefined && { rule }),
  at,
});

/** The touch of a row, asked at another instant; written out, for a row has many more fields than the gate reads. */
function touchOf(row: DecisionRow, at: string): Touch {
  const {
    touchId,
    channel,
    class: touchClass,
    category,
    campaign,
    product,
    staffId,
    city,
    expiresAt,
  } = row;
  return {
    touchId,
    at,
    channel,
    class: touchClass,
    category,
    campaign,
    product,
    staffId,
    city,
    expiresAt,
  };
}

const revisionOf = (event: Event): number => ('row' in event ? event.row.revision : 0);

/** What happens next: at the same instant what was recorded goes first, for it tells the latest standing. */
function soonest(
  recorded: Event | undefined,
  waiting: readonly Extract<Event, { again: unknown }>[],
  end: number,
): Event | undefined {
  let next = recorded;
  for (const event of waiting)
    if (event.at <= end && (next === undefined || event.at < next.at)) next = event;
  return next;
}

/** Past this many touches it pays to drop those that no longer count. */
const MANY = 32;

function kept(touches: TouchRecord[], oldest: number): TouchRecord[] {
  return touches.length < MANY
    ? touches
    : touches.filter(({ at }) => instantAt(at, 'at') >= oldest);
}
