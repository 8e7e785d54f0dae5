// What happened to customers, in memory.

import type { EventFilter, EventStore, StoredEvent } from '../../ports/events';
import { copy } from './copy';

const placeOf = ({ receivedAt, eventId }: StoredEvent): string => `${receivedAt} ${eventId}`;

export function createMemoryEvents(): EventStore {
  const kept = new Map<string, StoredEvent>();

  return {
    async add(events) {
      for (const event of events)
        if (!kept.has(event.eventId)) kept.set(event.eventId, copy(event));
    },

    find: async (eventId) => copy(kept.get(eventId) ?? null),

    async *walk(filter) {
      const found = [...kept.values()].filter((event) => isAsked(event, filter));
      yield* copy(found.sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1)));
    },

    async removeBefore(before, limit) {
      const old = [...kept.values()].filter(({ receivedAt }) => receivedAt < before);
      for (const { eventId } of old.slice(0, limit)) kept.delete(eventId);
      return Math.min(old.length, limit);
    },
  };
}

const isAsked = (
  { receivedAt, type, city }: StoredEvent,
  { from, to, types, cities }: EventFilter,
): boolean =>
  receivedAt >= from && receivedAt < to && types.includes(type) && cities?.includes(city) !== false;
