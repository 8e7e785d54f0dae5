// What became of every trigger for one event.

import type { Stores } from '../../ports/stores';
import type { OpportunityRow } from '../../rules/trigger/opportunity';

/** More triggers than a test has. */
const ALL = 1000;

export async function rowsOfEvent(
  { opportunities }: Pick<Stores, 'opportunities'>,
  eventId: string,
): Promise<readonly OpportunityRow[]> {
  return (await opportunities.list({ eventId, limit: ALL })).rows;
}
