// What an event of ours says of the customer: the same as `sopflow people` answers, with the names that our events give it.

import { type DatedFact, type FactEvent, factOf } from '../contact/facts';
import type { CustomerEvent } from './event.schema';

/** Null: it says nothing that is kept as a fact. `occurredAt` is taken as it stands: no later than we heard of it. */
export function factOfEvent(event: CustomerEvent): DatedFact | null {
  return factOf({ ...inWordsOfFacts(event), eventId: event.eventId }, event.occurredAt);
}

function inWordsOfFacts(event: CustomerEvent): Pick<FactEvent, 'type' | 'data'> {
  switch (event.type) {
    case 'usage':
      return { type: 'usage', data: { percent: event.data.dataUsedPct } };
    case 'bill':
      return { type: 'bill', data: { dueFen: event.data.billDueFen } };
    case 'customer-message':
      return { type: 'message', data: {} };
    default:
      return event;
  }
}
