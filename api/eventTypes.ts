// The types of event that are registered now.

import type { Stores } from '../ports/stores';
import { type EventReader, eventReader } from '../rules/event/readEvent.schema';

/** @param path of the event, for messages */
export async function currentEventReader(
  { eventTypes }: Pick<Stores, 'eventTypes'>,
  path = '',
): Promise<EventReader> {
  return eventReader(await eventTypes.inForce(), path);
}
