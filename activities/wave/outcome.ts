// What a contact of a wave comes to by the answer to its touch. Pure.

import type { WaveContact } from '../../ports/waves';
import { nextChannelOf } from '../../rules/calendar/fallback';
import type { PlannedSlot } from '../../rules/calendar/plan';
import type { WaveContactState } from '../../rules/calendar/wave';
import { HOUR_MS, MINUTE_MS } from '../../rules/time/durations';
import { formatInstant } from '../../rules/time/instant';
import type { TouchVerdict } from '../contract';
import { expiresAtOf } from './wave';

/** What failed for now is tried again so much later. */
const AGAIN_MS = MINUTE_MS;
/** Staff answer soon or late: an open task is looked at with longer and longer pauses, and once more after its deadline. */
const LOOK_HOURS = [0.25, 1, 3, 8, 20];
/** Whoever follows a task to its deadline comes first. */
const GRACE_MS = 30 * MINUTE_MS;
/** Looks fall on these, so that many tasks share one. */
const LOOK_STEP_MS = 15 * MINUTE_MS;

/** The platform, the text or staff kept the touch from the customer: it may work another time. */
const FAILURES: ReadonlySet<string> = new Set([
  ...['refused', 'template', 'unconfirmed', 'not-a-friend', 'platform-cap'],
  ...['reaped', 'reconciled', 'sms', 'call'],
]);
/** The touch cannot reach this customer on the channel: it is closed to them, the text got lost, or no member of staff confirmed it in time. */
const CHANNEL_IS_NO_WAY: ReadonlySet<string> = new Set([
  ...['refused', 'unreachable', 'not-a-friend', 'platform-cap', 'unconfirmed', 'sms'],
]);

interface Answered {
  readonly contact: WaveContact;
  readonly slot: PlannedSlot;
  /** Milliseconds. */
  readonly now: number;
}

export function afterVerdict(answered: Answered, verdict: TouchVerdict): WaveContact {
  switch (verdict.verdict) {
    case 'sent':
      return ended(answered, 'sent');
    case 'tasked':
      return tasked(answered, Date.parse(verdict.deadline));
    case 'deferred':
      return waiting(answered, Date.parse(verdict.until), verdict);
    case 'suppressed':
      return onNextChannel(answered, verdict.reason) ?? ended(answered, kindOf(verdict), verdict);
  }
}

/** Left without an answer: the same attempt is asked again, which goes on where this one stopped. */
export const afterDelay = ({ contact, now }: Answered, reason: string): WaveContact => ({
  ...moved(contact, contact.state, contact.at),
  ...{ isAsked: true, dueAt: formatInstant(now + AGAIN_MS), reason },
});

/** It can never succeed. */
export const afterFailure = (answered: Answered, reason: string): WaveContact =>
  ended(answered, 'failed', { reason });

export function ended(
  { contact, now }: Omit<Answered, 'slot'>,
  state: WaveContactState,
  { reason, rule }: { readonly reason?: string; readonly rule?: string | undefined } = {},
): WaveContact {
  const why = { ...(reason !== undefined && { reason }), ...(rule !== undefined && { rule }) };
  return { ...moved(contact, state, formatInstant(now)), ...why };
}

/** Asked for anew, as the next attempt of the touch. */
export function waiting(
  { contact, now }: Omit<Answered, 'slot'>,
  until: number,
  { reason, rule }: { readonly reason: string; readonly rule?: string },
): WaveContact {
  return {
    ...moved(contact, 'waiting', formatInstant(now)),
    dueAt: formatInstant(until),
    attempt: contact.attempt + 1,
    ...(contact.fullStaff && { fullStaff: contact.fullStaff }),
    reason,
    ...(rule !== undefined && { rule }),
  };
}

const tasked = ({ contact, now }: Answered, deadline: number): WaveContact => ({
  ...moved(contact, 'tasked', formatInstant(now)),
  ...{ dueAt: formatInstant(nextLook(now, 0, deadline)), looks: 0 },
});

/** It is open as before: the next look is later. `deadline` in milliseconds. */
export function stillTasked({ contact, now }: Answered, deadline: number): WaveContact {
  const looks = (contact.looks ?? 0) + 1;
  const next = nextLook(Date.parse(contact.at), looks, deadline);

  return {
    ...moved(contact, 'tasked', contact.at),
    ...{ dueAt: formatInstant(Math.max(next, now + LOOK_STEP_MS)), looks },
    ...(contact.takenBack && { takenBack: contact.takenBack }),
  };
}

/** It is on its way out: whoever follows its mass send is told, and ends it soon. */
export const takenBack = (
  { contact, now }: Omit<Answered, 'slot'>,
  verdict: 'deferred' | 'suppressed',
  reason: string,
): WaveContact => ({
  ...moved(contact, 'tasked', contact.at),
  ...{ dueAt: formatInstant(now + AGAIN_MS), looks: contact.looks ?? 0 },
  ...{ takenBack: verdict, reason },
});

function nextLook(taskedAt: number, looks: number, deadline: number): number {
  const hours = LOOK_HOURS[looks];
  const last = deadline + GRACE_MS;
  const next = hours === undefined ? last : Math.min(taskedAt + hours * HOUR_MS, last);
  return Math.ceil(next / LOOK_STEP_MS) * LOOK_STEP_MS;
}

/** Null: there is none, the offer has expired, or the customer is to be left alone whatever the channel. */
function onNextChannel({ contact, slot, now }: Answered, reason: string): WaveContact | null {
  const next = nextChannelOf(slot, contact.channel);
  if (next === undefined || !CHANNEL_IS_NO_WAY.has(reason)) return null;
  if (contact.takenBack === 'suppressed' || Date.parse(expiresAtOf(slot, contact)) <= now)
    return null;

  return {
    ...moved(contact, 'waiting', formatInstant(now)),
    ...{ channel: next, attempt: 1, dueAt: formatInstant(now), reason },
  };
}

function kindOf({ reason }: { readonly reason: string }): WaveContactState {
  if (reason === 'expired') return 'missed';
  return FAILURES.has(reason) ? 'failed' : 'suppressed';
}

/** Without what was true of the state before. */
function moved(contact: WaveContact, state: WaveContactState, at: string): WaveContact {
  const { waveId, contactId, city, plannedAt, channel, attempt, staffId, revision } = contact;
  return {
    ...{ waveId, contactId, city, state, plannedAt, channel, attempt, at },
    ...(staffId !== undefined && { staffId }),
    revision: revision + 1,
  };
}
