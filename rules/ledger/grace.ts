// How late after its time a touch may still be open, and to whom.

import { HOUR_MS, MINUTE_MS } from '../time/durations';

/** The flow that ends a touch wakes at its deadline and has to find the systems at home. Afterwards the reaper takes it up. */
export const REAP_AFTER_MS = 10 * MINUTE_MS;

/** The reaper comes every five minutes and asks the channel, which may still have to make up its mind. Older is a violation. */
export const SETTLE_GRACE_MS = 30 * MINUTE_MS;

/**
 * What happened so lately may still be told by call-back. A welcome code comes with its call-back alone: taken first from the
 * other side's list, an add would be greeted too late for it.
 */
export const CALLBACKS_WITHIN_MS = 10 * MINUTE_MS;

/** A stray mass send is looked for as long back: whoever made it has given up on its answer by then. */
export const STRAYS_WITHIN_MS = 3 * HOUR_MS;
