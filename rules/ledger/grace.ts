// How late after its time a touch may still be open, and to whom.

import { MINUTE_MS } from '../time/durations';

/** The flow that ends a touch wakes at its deadline and has to find the systems at home. Afterwards the reaper takes it up. */
export const REAP_AFTER_MS = 10 * MINUTE_MS;

/** The reaper comes every five minutes and asks the channel, which may still have to make up its mind. Older is a violation. */
export const SETTLE_GRACE_MS = 30 * MINUTE_MS;
