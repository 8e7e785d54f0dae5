// A proposed policy played over recorded opportunities: what it would have let through, and what no more.

import { contactOf } from './basis';
import { decide, type PreparedPolicy } from './gate';
import type { Decision, Touch, TouchRecord } from './gate.schema';
import { durationMs, formatInstant, instantAt } from './instant';
import type { Basis, DecisionRow, LedgerRow, SettlementRow } from './ledger';

/** The policy proposed for a city, read once. */
export interface Proposal {
  readonly prepared: PreparedPolicy;
  /** Touches older than this many hours can no longer count (rules/windows.ts). */
  readonly keepHours: number;
}

/** What was gained or lost for one reason. Gained: why the gate had last refused it; lost: why it would refuse or hold it. */
export interface BacktestGroup {
  readonly outcome: 'gained' | 'lost';
  readonly city: string;
  readonly channel: string;
  /** Empty: the touches name none. */
  readonly campaign: string;
  readonly reason: string;
  readonly rule: string;
  readonly opportunities: number;
  /** Distinct contacts of the group; one contact may be in several groups. */
  readonly contacts: number;
}

export interface Tally {
  readonly opportunities: number;
  /** Distinct contacts. */
  readonly contacts: number;
}

export interface BacktestReport {
  readonly opportunities: number;
  readonly contacts: number;
  /** Went out and still would; `moved` of them at another instant. */
  readonly kept: number;
  readonly moved: number;
  readonly gained: Tally;
  readonly lost: Tally;
  /** Recorded without the basis that a replay needs: taken as they were. */
  readonly unjudged: number;
  /** Largest first. */
  readonly groups: readonly BacktestGroup[];
}

export interface Backtest {
  /** Plays all rows of one contact, in any order; once per contact. */
  play(rows: readonly LedgerRow[]): void;
  report(): BacktestReport;
}

interface BacktestOptions {
  readonly proposalFor: (city: string) => Proposal;
  /** ISO: opportunities that first arose before it are history, and happened as recorded. Absent: there is no history. */
  readonly from?: string;
}

/**
 * Replays contact by contact. Every opportunity is put to the proposal when it first arose; a deferred one again at the
 * instant it was deferred to; a pass takes up room for those that follow. Releases happen as they were recorded. What was
 * dropped as no longer of use is dropped again, if it was not sent before. What still waits at the last recorded instant did not go out.
 */
export function createBacktest({ proposalFor, from }: BacktestOptions): Backtest {
  const since = from === undefined ? Number.NEGATIVE_INFINITY : instantAt(from, 'from');
  const groups = new Map<string, { -readonly [key in keyof BacktestGroup]: BacktestGroup[key] }>();
  const totals = { opportunities: 0, contacts: 0, kept: 0, moved: 0, unjudged: 0 };
  const gained = { opportunities: 0, contacts: 0 };
  const lost = { opportunities: 0, contacts: 0 };

  function tally(
    outcome: BacktestGroup['outcome'],
    row: DecisionRow,
    why: Omit<Decision, 'explain'>,
    seen: Set<string>,
  ): void {
    const { city, channel, campaign = '' } = row;
    const { reason = why.verdict, rule = reason } = why;
    const key = `${outcome}\n${city}\n${channel}\n${campaign}\n${reason}\n${rule}`;
    let group = groups.get(key);
    if (group === undefined) {
      group = { outcome, city, channel, campaign, reason, rule, opportunities: 0, contacts: 0 };
      groups.set(key, group);
    }
    group.opportunities += 1;
    if (!seen.has(key)) group.contacts += 1;
    seen.add(key);
    const total = outcome === 'gained' ? gained : lost;
    total.opportunities += 1;
    if (!seen.has(outcome)) total.contacts += 1;
    seen.add(outcome);
  }

  function play(rows: readonly LedgerRow[]): void {
    const seen = new Set<string>();
    const found = replay(rows, since, proposalFor);
    if (found.length > 0) totals.contacts += 1;
    totals.opportunities += found.length;
    for (const { first, last, passedAt, proposed, judged } of found) {
      if (!judged) totals.unjudged += 1;
      else if (passedAt !== undefined && proposed.verdict === 'pass') {
        totals.kept += 1;
        if (!isSameTime(proposed.at, passedAt)) totals.moved += 1;
      } else if (passedAt !== undefined) tally('lost', first, proposed, seen);
      else if (proposed.verdict === 'pass') tally('gained', first, last, seen);
    }
  }

  return {
    play,
    report: () => ({
      ...totals,
      gained: { ...gained },
      lost: { ...lost },
      groups: [...groups.values()].sort((a, b) => b.opportunities - a.opportunities),
    }),
  };
}

/** One touch, through all its attempts. */
interface Opportunity {
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

type Event = { readonly at: number } & ({ readonly row: LedgerRow } | { readonly again: Opportunity });

/** The opportunities of one contact with what the proposal says of each. */
function replay(rows: readonly LedgerRow[], since: number, proposalFor: (city: string) => Proposal): Opportunity[] {
  const recorded: Event[] = rows.map((row) => ({ at: instantAt(row.at, `${row.touchId}.at`), row }));
  recorded.sort((a, b) => a.at - b.at || revisionOf(a) - revisionOf(b));
  const known = new Map<string, Opportunity>();
  const history = new Set<string>();
  const waiting: { readonly at: number; readonly again: Opportunity }[] = [];
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
  function unqueue(opportunity: Opportunity, at = Number.POSITIVE_INFINITY): boolean {
    const index = waiting.findIndex((event) => event.again === opportunity && event.at <= at);
    if (index !== -1) waiting.splice(index, 1);
    return index !== -1;
  }

  function begin(row: DecisionRow, at: number): Opportunity {
    const opportunity: Opportunity = {
      first: row,
      last: row,
      judged: isBased(row),
      proposed: { verdict: 'deferred', at },
    };
    known.set(row.touchId, opportunity);
    return opportunity;
  }

  function ask(opportunity: Opportunity, at: number): void {
    const { based, first } = opportunity;
    if (based === undefined) return;
    const { prepared, keepHours } = proposalFor(first.city);
    touches = kept(touches, at - durationMs(keepHours));
    const iso = formatInstant(at);
    const decision = decide(prepared, contactOf(based, touches), touchOf(based, iso));
    opportunity.proposed = answerOf(decision, at);
    if (decision.verdict === 'pass') reserve(first, iso);
    else if (decision.until !== undefined) waiting.push({ at: instantAt(decision.until, 'until'), again: opportunity });
  }

  function drop(opportunity: Opportunity, row: DecisionRow, at: number): void {
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
    else if (isAsRecorded(touch)) touches[index] = { ...touch, state: 'sent', at: row.deliveredAt ?? touch.at };
  }

  function isAsRecorded({ touchId, at }: TouchRecord): boolean {
    const opportunity = known.get(touchId);
    const passedAt = opportunity?.passedAt;
    return opportunity === undefined || (passedAt !== undefined && isSameTime(passedAt, instantAt(at, 'at')));
  }
}

/** Held touches wake a little after the instant to which they were held. */
const LATENCY_MS = 60_000;
const isSameTime = (a: number, b: number): boolean => Math.abs(a - b) <= LATENCY_MS;

/** Reasons that the engine gives instead of asking the gate: another policy would not change them. */
const NOT_THE_GATES: ReadonlySet<string> = new Set(['irrelevant', 'personalisation', 'quota']);
const isGates = ({ reason }: DecisionRow): boolean => reason === undefined || !NOT_THE_GATES.has(reason);

const answerOf = ({ verdict, reason, rule }: Omit<Decision, 'explain'>, at: number): Answer => ({
  verdict,
  ...(reason !== undefined && { reason }),
  ...(rule !== undefined && { rule }),
  at,
});

/** The touch of a row, asked at another instant; written out, for a row has many more fields than the gate reads. */
function touchOf(row: DecisionRow, at: string): Touch {
  const { touchId, channel, class: touchClass, category, campaign, product, staffId, city, expiresAt } = row;
  return { touchId, at, channel, class: touchClass, category, campaign, product, staffId, city, expiresAt };
}

const revisionOf = (event: Event): number => ('row' in event ? event.row.revision : 0);

/** What happens next: at the same instant what was recorded goes first, for it tells the latest standing. */
function soonest(
  recorded: Event | undefined,
  waiting: readonly Extract<Event, { again: unknown }>[],
  end: number,
): Event | undefined {
  let next = recorded;
  for (const event of waiting) if (event.at <= end && (next === undefined || event.at < next.at)) next = event;
  return next;
}

/** Past this many touches it pays to drop those that no longer count. */
const MANY = 32;

function kept(touches: TouchRecord[], oldest: number): TouchRecord[] {
  return touches.length < MANY ? touches : touches.filter(({ at }) => instantAt(at, 'at') >= oldest);
}
