// The act of a customer that a reply answers: what makes it one, and how long it does.

import { MINUTE_MS } from '../time/durations';
import type { Contact } from './contact';

/** Ids only. `ref` is what was acted on: the member who was added, the channel that was closed, the event of the acceptance. */
export interface AnsweredAct {
  readonly act: 'added' | 'opted-out' | 'accepted';
  /** ISO. */
  readonly at: string;
  readonly ref: string;
}

/**
 * How far an act and its answer may lie apart, either way: the clocks of two systems, a call-back that is delivered again, a
 * restart of ours. What is said later is no answer any more, whatever set it off.
 */
const REPLY_WITHIN_MS = 5 * MINUTE_MS;

/** `instant` in milliseconds. */
export const isAnswerInTime = ({ at }: Pick<AnsweredAct, 'at'>, instant: number): boolean =>
  Math.abs(instant - Date.parse(at)) <= REPLY_WITHIN_MS;

/** One act has one answer. */
export const actKey = ({ act, at, ref }: AnsweredAct): string => `${act}:${ref}@${at}`;

/** Whether the contact did it, as far as the contact itself tells: who was added is a friend since then. */
export function hasActed({ relations = [] }: Contact, { act, at, ref }: AnsweredAct): boolean {
  if (act !== 'added') return true; // consents and orders have evidence of their own, written before anything is answered
  return relations.some(
    ({ staffId, addedAt }) => staffId === ref && Date.parse(addedAt) >= Date.parse(at),
  );
}
