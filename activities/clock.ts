// The clock of activities: the run's own time, which is ahead of the system's when a test skips time.

import { Context } from '@temporalio/activity';
import type { Clock } from '../ports/clock';

/**
 * The later of the system clock and the instant at which the run scheduled this attempt. So a worker whose clock lags never
 * decides before the hold has ended, and under skipped time each run is decided in its own. Local activities carry the
 * system's time only. Works inside activities alone.
 */
export function activityClock(system: Clock = { now: () => Date.now() }): Clock {
  return {
    now: () => Math.max(system.now(), Context.current().info.currentAttemptScheduledTimestampMs),
  };
}
