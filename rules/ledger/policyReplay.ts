// A proposed policy played over recorded touches: what it would have let through, and what no more.

import type { Decision } from '../gate/gate.schema';
import type { PolicySnapshot } from '../gate/policySnapshot';
import { instantAt } from '../time/instant';
import { isSameTime, replay } from './replay';
import type { DecisionRow, LedgerRow } from './rows';

/** What was gained or lost for one reason. Gained: why the gate had last refused it; lost: why it would refuse or hold it. */
export interface PolicyReplayGroup {
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

export interface PolicyReplayReport {
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
  readonly groups: readonly PolicyReplayGroup[];
  /** Years played whose holidays nobody has arranged, where the policy tells kinds of days: weekends stood in for them. */
  readonly unannounced?: readonly number[];
}

export interface PolicyReplay {
  /** Plays all rows of one contact, in any order; once per contact. */
  play(rows: readonly LedgerRow[]): void;
  report(): PolicyReplayReport;
}

interface PolicyReplayOptions {
  readonly proposalFor: (city: string) => PolicySnapshot;
  /** ISO: touches that first arose before it are history, and happened as recorded. Absent: there is no history. */
  readonly from?: string;
}

/**
 * Replays contact by contact. Every touch is put to the proposal when it first arose; a deferred one again at the
 * instant it was deferred to, or when the open touch that it waits for is settled; a pass takes up room for those that follow. Releases happen as they were recorded. What was
 * dropped as no longer of use is dropped again, if it was not sent before. What still waits at the last recorded instant did not go out.
 */
export function createPolicyReplay({ proposalFor, from }: PolicyReplayOptions): PolicyReplay {
  const since = from === undefined ? Number.NEGATIVE_INFINITY : instantAt(from, 'from');
  const totals = { opportunities: 0, contacts: 0, kept: 0, moved: 0, unjudged: 0 };
  const changes = new Changes();

  function play(rows: readonly LedgerRow[]): void {
    const found = replay(rows, since, proposalFor);
    if (found.length > 0) totals.contacts += 1;
    totals.opportunities += found.length;

    const changed: Change[] = [];
    for (const { first, last, passedAt, proposed, judged } of found) {
      if (!judged) totals.unjudged += 1;
      else if (passedAt !== undefined && proposed.verdict === 'pass') {
        totals.kept += 1;
        if (!isSameTime(proposed.at, passedAt)) totals.moved += 1;
      } else if (passedAt !== undefined)
        changed.push({ outcome: 'lost', row: first, why: proposed });
      else if (proposed.verdict === 'pass')
        changed.push({ outcome: 'gained', row: first, why: last });
    }

    changes.addContact(changed);
  }

  return { play, report: () => ({ ...totals, ...changes.report() }) };
}

type Counts = { -readonly [Field in keyof Tally]: Tally[Field] };
type Group = { -readonly [Field in keyof PolicyReplayGroup]: PolicyReplayGroup[Field] };

/** One touch that the proposal would end otherwise, and the answer that is to blame. */
interface Change {
  readonly outcome: PolicyReplayGroup['outcome'];
  readonly row: DecisionRow;
  readonly why: Omit<Decision, 'explain'>;
}

/** What was gained and lost so far, in all and by group. */
class Changes {
  private readonly groups = new Map<string, Group>();
  private readonly totals: Readonly<Record<PolicyReplayGroup['outcome'], Counts>> = {
    gained: { opportunities: 0, contacts: 0 },
    lost: { opportunities: 0, contacts: 0 },
  };

  /** Counts all changes of one contact, and the contact itself once in each group and each total. */
  addContact(changes: readonly Change[]): void {
    const counted = new Set<Counts>();

    for (const change of changes) {
      for (const counts of [this.groupOf(change), this.totals[change.outcome]]) {
        counts.opportunities += 1;
        if (!counted.has(counts)) counts.contacts += 1;
        counted.add(counts);
      }
    }
  }

  private groupOf({ outcome, row, why }: Change): Group {
    const { city, channel, campaign = '' } = row;
    const { reason = why.verdict, rule = reason } = why;
    const key = [outcome, city, channel, campaign, reason, rule].join('\n');
    const known = this.groups.get(key);
    if (known !== undefined) return known;

    const about = { outcome, city, channel, campaign, reason, rule };
    const group: Group = { ...about, opportunities: 0, contacts: 0 };
    this.groups.set(key, group);

    return group;
  }

  report(): Pick<PolicyReplayReport, 'gained' | 'lost' | 'groups'> {
    return {
      gained: { ...this.totals.gained },
      lost: { ...this.totals.lost },
      groups: [...this.groups.values()].sort((a, b) => b.opportunities - a.opportunities),
    };
  }
}
