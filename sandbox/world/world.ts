// The automatic world: while it runs, customers join, use data, get bills and react, and staff confirm, all by seeded chance.

import type { Deps } from '../deps';
import { createActivity } from './activity';
import { createReactions } from './reactions';

export interface World {
  /** Lets happen what fell between the last call and now. */
  run(): void;
}

/** A process that slept does not make up for hours at once. */
const LONGEST_STEP_MS = 5000;

export function createWorld(deps: Deps): World {
  const activity = createActivity(deps);
  const reactions = createReactions(deps);
  let last: number | null = null;
  return {
    run() {
      const now = deps.clock.now();
      const elapsedMs = last === null ? 0 : Math.min(now - last, LONGEST_STEP_MS);
      last = now;
      if (!deps.world().running) return;

      activity(elapsedMs * deps.world().speed);
      reactions.decideTasks();
    },
  };
}
