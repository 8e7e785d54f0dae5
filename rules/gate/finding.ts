// What a rule of the gate found, as data, and the one English sentence that stored rows carry of it.

import { assertNever } from '../base/errors';
import type { UnreachableReason } from '../contact/gateContact.schema';

export type RuleFinding =
  | { readonly kind: 'unreachable'; readonly reachable: true }
  | {
      readonly kind: 'unreachable';
      readonly reachable: false;
      readonly channel: string;
      readonly why?: UnreachableReason | undefined;
    }
  /** `block` null: none is about the touch. */
  | { readonly kind: 'blocked'; readonly block: Block | null }
  | { readonly kind: 'consent'; readonly given: ConsentGiven; readonly need: ConsentNeed }
  /** Instants as the contact has them; without `from` it was always in force, without `until` it has no end. */
  | {
      readonly kind: 'dnd';
      readonly from?: string | undefined;
      readonly until?: string | undefined;
    }
  /** Wall times `HH:mm`. `unannounced`: the year, when the rule tells kinds of days and nobody has arranged its holidays. */
  | {
      readonly kind: 'quiet-hours';
      readonly from: string;
      readonly to: string;
      readonly unannounced?: number;
    }
  /** `latest` null: no touch was counted. */
  | { readonly kind: 'gap'; readonly latest: null }
  /** `open`: a touch that staff may still confirm; `latest` is the instant from which they no longer can. */
  | {
      readonly kind: 'gap';
      readonly hours: number;
      readonly latest: string;
      readonly open?: true;
    }
  /** `since` is the start of the window (ISO). */
  | {
      readonly kind: 'cap';
      readonly counted: number;
      readonly limit: number;
      readonly since: string;
    }
  | {
      readonly kind: 'holdout';
      readonly isHeldOut: boolean;
      readonly percent: number;
      readonly by: 'contact' | 'campaign';
    };

/** A channel that the contact or its carrier closed; `*` closes them all. */
interface Block {
  readonly channel: string;
  readonly reason?: string | undefined;
}

export type ConsentGiven = 'granted' | 'refused' | 'unknown';
export type ConsentNeed = 'granted' | 'not-refused';

export type RuleKind = RuleFinding['kind'];

/**
 * The finding in short English, as `explain` lines of decisions and ledger rows keep it. Stored rows are read back from
 * these very words (rules/ledger/storedFinding.ts), so they must never change.
 */
export function detailOf(finding: RuleFinding): string {
  switch (finding.kind) {
    case 'unreachable':
      return finding.reachable ? 'reachable' : unreachableDetail(finding);
    case 'blocked':
      return finding.block === null ? 'no block' : blockDetail(finding.block);
    case 'consent':
      return `${finding.given}, needs ${finding.need}`;
    case 'dnd':
      return `from ${finding.from ?? 'always'} until ${finding.until ?? 'further notice'}`;
    case 'quiet-hours':
      return quietDetail(finding);
    case 'gap':
      return finding.latest === null ? 'none counted' : gapDetail(finding);
    case 'cap':
      return `${finding.counted} of ${finding.limit} since ${finding.since}`;
    case 'holdout':
      return `${finding.isHeldOut ? 'in' : 'not in'} the ${finding.percent}% by ${finding.by}`;
    default:
      return assertNever(finding, 'finding');
  }
}

/** Before the year: ordinary weekends stand in for its holidays. */
export const UNANNOUNCED = ', by weekends alone: no holidays announced for ';

const quietDetail = ({ from, to, unannounced }: Extract<RuleFinding, { kind: 'quiet-hours' }>) =>
  `${from}-${to}${unannounced === undefined ? '' : `${UNANNOUNCED}${unannounced}`}`;

/** What `latest` is when the touch is open. */
export const OPEN_UNTIL = ', the deadline of an open touch';

const gapDetail = ({ hours, latest, open }: Extract<RuleFinding, { readonly latest: string }>) =>
  `${hours} h after ${latest}${open ? OPEN_UNTIL : ''}`;

const unreachableDetail = ({ channel, why }: { channel: string; why?: string | undefined }) =>
  why === undefined ? `not reachable on ${channel}` : `not reachable on ${channel}: ${why}`;

function blockDetail({ channel, reason }: Block): string {
  return reason === undefined ? `blocked on ${channel}` : `blocked on ${channel}: ${reason}`;
}
