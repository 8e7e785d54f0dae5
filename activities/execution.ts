// This execution of an activity: whether there was one before it, and when it is given up on.

import type { Execution } from './touch/path';

/**
 * What is begun so shortly before the time-out may still be going when the next execution begins. A delivery takes four calls at
 * most (a token, the call, both again when the token was refused), each given up on after 5 s.
 */
const MARGIN_MS = 20_000;

interface ActivityContext {
  readonly info: { readonly attempt: number; readonly startToCloseTimeoutMs: number };
  readonly cancellationSignal: AbortSignal;
}

/** By the clock of the machine, which no skipped time moves: it is what Temporal gives up by. */
export function executionOf({ info, cancellationSignal }: ActivityContext): Execution {
  const deadline = performance.now() + info.startToCloseTimeoutMs - MARGIN_MS;

  return {
    isRepeat: info.attempt > 1,
    isOver: () => cancellationSignal.aborted || performance.now() >= deadline,
  };
}
