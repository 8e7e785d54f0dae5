// When a wave looks at its contacts again.

import { MINUTE_MS } from '../time/durations';

/** So few are taken up at their very minutes. */
const FEW_CONTACTS = 200;
/** More are gathered, so that a spread start costs little history. */
const GATHER_MS = 5 * MINUTE_MS;

/**
 * The instant, in milliseconds, at which a wave that has rested since `now` goes on.
 * @param next ISO: when the first of its contacts is due
 * @param waiting how many wait
 */
export function restUntil(next: string, waiting: number, now: number): number {
  const due = Date.parse(next);
  if (due <= now || waiting <= FEW_CONTACTS) return due;
  return Math.max(due, now + GATHER_MS);
}
