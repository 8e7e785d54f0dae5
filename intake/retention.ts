// How long things with names and texts in them are kept: what is older and done with goes.

import type { Clock } from '../ports/clock';
import type { Stores } from '../ports/stores';
import { DAY_MS } from '../rules/time/durations';
import { formatInstant } from '../rules/time/instant';

/** In days. */
export interface Retention {
  readonly inbox: number;
  readonly deliveries: number;
  /** Of customers, as triggers see them. */
  readonly events: number;
}

export interface RetentionDeps {
  readonly stores: Pick<Stores, 'inbox' | 'deliveries' | 'events'>;
  readonly clock: Clock;
  /** True: the process stops, and whoever is there next goes on. */
  readonly mustStop: () => boolean;
}

/** Documents of one call. */
const PAGE = 1000;

/** Answers how many of each went. Any number of processes may do this side by side. */
export async function removeOld(
  { stores, clock, mustStop }: RetentionDeps,
  { inbox, deliveries, events }: Retention,
): Promise<Retention> {
  const before = (days: number): number => clock.now() - days * DAY_MS;
  const all = async (remove: () => Promise<number>): Promise<number> => {
    let gone = 0;
    for (let page = PAGE; page > 0 && !mustStop(); gone += page) page = await remove();
    return gone;
  };

  return {
    inbox: await all(() => stores.inbox.removeBefore(before(inbox), PAGE)),
    deliveries: await all(() => stores.deliveries.removeBefore(before(deliveries), PAGE)),
    events: await all(() => stores.events.removeBefore(formatInstant(before(events)), PAGE)),
  };
}
