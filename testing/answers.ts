// What the gate answers in a test.

import type { TouchInput, TouchVerdict } from '../activities/contract';
import { HOUR_MS } from '../rules/time/durations';

/** A verdict, one made from the run's own time, or a failure to throw. */
export type TouchAnswer =
  | TouchVerdict
  | Error
  | ((input: TouchInput, nowMs: number) => TouchVerdict);

export const SENT: TouchVerdict = {
  verdict: 'sent',
  channelRef: 'ref',
  at: '2090-01-01T00:00:00.000Z',
};

/** `reason` as the gate names it: `cap`, `dnd`, `consent` … */
export const suppressed = (reason: string): TouchVerdict => ({
  verdict: 'suppressed',
  reason,
  rule: reason,
});

/** Held up to an ISO instant, by the night unless another kind of rule is given. */
export const heldUntil = (
  until: string,
  { reason = 'quiet-hours', rule = 'night' } = {},
): Extract<TouchVerdict, { verdict: 'deferred' }> => ({ verdict: 'deferred', until, reason, rule });

/** A task that staff may act on for so many hours. */
export const taskedFor =
  (hours: number, channelRef = 'msg-1'): TouchAnswer =>
  (_, nowMs) => ({
    verdict: 'tasked',
    channelRef,
    deadline: new Date(nowMs + hours * HOUR_MS).toISOString(),
  });
