// When a wave looks at its contacts again.

import { MINUTE_MS } from '../time/durations';

/** So few are taken up at their very minutes. */
export const FEW_CONTACTS = 200;
/** Of more, so many are taken up together: a look at them costs about eight events of history. */
export const MANY_CONTACTS = 160;
/** Nobody waits longer for them than so. */
const GATHER_MS = 5 * MINUTE_MS;

/** Who waits in a wave. */
interface Waiting {
  /** ISO: when the first of them is due. */
  readonly next: string;
  /** ISO: when `MANY_CONTACTS` of them are; absent: they are fewer. */
  readonly many?: string;
  readonly count: number;
}

/** The instant, in milliseconds, at which a wave that has rested since `now` goes on. */
export function restUntil({ next, many, count }: Waiting, now: number): number {
  const due = Date.parse(next);
  if (due <= now || count <= FEW_CONTACTS) return due;

  const gathered = many === undefined ? Number.POSITIVE_INFINITY : Date.parse(many);
  return Math.max(due, Math.min(gathered, now + GATHER_MS));
}
