// The outcomes of trying to reach a lead, and the ladder of what is tried next.

import type { ChannelName } from '../contact/contact';
import { dayAt, isFrom, sameDayLater } from '../time/anchors';
import { HOUR_MS } from '../time/durations';

/** What a contact attempt came to; `other`: in a word that we do not know, which is kept beside. */
export const LEAD_OUTCOMES = [
  'not-reached',
  'busy',
  'hesitating',
  'refused',
  'wrong-number',
  'accepted',
  'no-relation',
  'other',
] as const;
export type LeadOutcome = (typeof LEAD_OUTCOMES)[number];

/** An outcome as another system names it. */
export interface SaidOutcome {
  readonly outcome: LeadOutcome;
  /** Its own word, where it is none of ours. */
  readonly outcomeSaid?: string;
}

/** A word that we do not know stops nothing: the lead is tried again like one that was not reached. */
export const saidOutcome = (word: string): SaidOutcome => {
  const outcome = LEAD_OUTCOMES.find((known) => known === word);
  return outcome === undefined ? { outcome: 'other', outcomeSaid: word } : { outcome };
};

const FINAL: ReadonlySet<LeadOutcome> = new Set([
  'refused',
  'wrong-number',
  'accepted',
  'no-relation',
]);

/** A final outcome is never tried again. */
export const isFinalOutcome = (outcome: LeadOutcome): boolean => FINAL.has(outcome);

/** One attempt and what it came to. Instants in milliseconds. */
export interface Attempt {
  readonly channel: ChannelName;
  readonly staffId?: string;
  readonly at: number;
  readonly outcome: LeadOutcome;
}

/**
 * Milliseconds until a try without an answer counts as not reached: the call centre reports a call within minutes,
 * a message may lie unread for hours.
 */
export const answerTimeMs = (channel: ChannelName): number =>
  channel === 'call' ? HOUR_MS : 4 * HOUR_MS;

/** How far the ladder was climbed; a run adds to it. */
export interface Ladder {
  /** Our own attempts, oldest first. */
  readonly tried: Attempt[];
  /** Channels on which the gate lets nothing pass any more. */
  readonly closed: ChannelName[];
}

/** What is known of the lead when the next step is chosen. */
export interface LadderState extends Readonly<Ladder> {
  /** What the channel before us met with, and when. */
  readonly lead: { readonly outcome: LeadOutcome; readonly at: number };
  /** Members whose friend the customer is, latest first. */
  readonly friends: readonly string[];
  readonly phoneKnown: boolean;
  /** 1-10. */
  readonly maxAttempts: number;
  readonly expiresAt?: number;
  readonly zone: string;
}

export type Rung =
  | {
      readonly kind: 'try';
      readonly channel: ChannelName;
      readonly staffId?: string;
      readonly at: number;
    }
  | { readonly kind: 'end'; readonly outcome: LeadOutcome | 'exhausted' };

/** Someone who did not answer at one time of day may answer at another. */
const BANDS = ['09:30', '14:30', '19:00'] as const;
const FIRST_HOUR = '09:30';
/** A second call on the same day begins no later than this. */
const LAST_CALL = '20:30';
const AGAIN_AFTER_HOURS = 2;
/** The least intrusive goes first. */
const ORDER: readonly ChannelName[] = ['wecom', 'call', 'sms'];

/** The next attempt: channel, member of staff and time of day, or the end of the ladder. */
export function nextRung(state: LadderState): Rung {
  const last = state.tried.at(-1) ?? state.lead;
  if (isFinalOutcome(last.outcome)) return { kind: 'end', outcome: last.outcome };
  if (state.tried.length >= state.maxAttempts) return { kind: 'end', outcome: 'exhausted' };

  const open = openChannels(state);
  if (open.length === 0)
    return {
      kind: 'end',
      outcome: state.friends.length === 0 && !state.phoneKnown ? 'no-relation' : 'exhausted',
    };

  const channel = channelAfter(state, last.outcome, open);
  const at = instantAfter(state, last);
  if (state.expiresAt !== undefined && at >= state.expiresAt)
    return { kind: 'end', outcome: 'exhausted' };

  const staffId = staffFor(state, channel);
  return { kind: 'try', channel, at, ...(staffId !== undefined && { staffId }) };
}

function openChannels(state: LadderState): ChannelName[] {
  const possible = (channel: ChannelName) =>
    channel === 'wecom' ? state.friends.length > 0 : state.phoneKnown;
  return ORDER.filter((channel) => possible(channel) && !state.closed.includes(channel));
}

/** Who hesitates or was busy is worth a voice; who was not reached is tried where fewest tries were made. */
function channelAfter(
  state: LadderState,
  outcome: LeadOutcome,
  open: readonly ChannelName[],
): ChannelName {
  if ((outcome === 'hesitating' || outcome === 'busy') && open.includes('call')) return 'call';

  const uses = (channel: ChannelName) =>
    state.tried.filter((attempt) => attempt.channel === channel).length;
  return (
    [...open].sort((a, b) => uses(a) - uses(b) || ORDER.indexOf(a) - ORDER.indexOf(b))[0] ?? 'sms'
  );
}

function instantAfter(
  state: LadderState,
  last: { readonly outcome: LeadOutcome; readonly at: number },
): number {
  if (last.outcome === 'hesitating' || last.outcome === 'busy')
    return (
      sameDayLater(last.at, AGAIN_AFTER_HOURS, LAST_CALL, state.zone) ??
      dayAt(last.at, 1, FIRST_HOUR, state.zone)
    );
  return state.tried.length === 0 ? last.at : otherBand(last.at, state.zone);
}

/** The start of the next time-of-day band: from the evening on, the next morning. */
function otherBand(at: number, zone: string): number {
  const next = BANDS.find((from) => !isFrom(at, from, zone));
  return next ? dayAt(at, 0, next, zone) : dayAt(at, 1, FIRST_HOUR, zone);
}

/** The member who tried least on this channel; among equals the latest friend. */
function staffFor(state: LadderState, channel: ChannelName): string | undefined {
  const uses = (staffId: string) =>
    state.tried.filter((attempt) => attempt.channel === channel && attempt.staffId === staffId)
      .length;
  return [...state.friends].sort((a, b) => uses(a) - uses(b))[0];
}
