// A proposed policy played over recorded opportunities: what it would have let through, and what no more.

import type { Decision } from '../gate/gate.schema';
import { instantAt } from '../time/instant';
import { isSameTime, type Proposal, replay } from './replay';
import type { DecisionRow, LedgerRow } from './rows';

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
