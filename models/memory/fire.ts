// When each trigger fired for each contact, in memory.

import type { ContactStore } from '../../ports/contacts';
import { HOUR_MS } from '../../rules/time/durations';

export function createMemoryFire(): ContactStore['fire'] {
  const firings = new Map<string, { readonly eventId: string; readonly at: string }[]>();

  return async (contactId, triggerId, eventId, at, cooldownHours) => {
    const key = JSON.stringify([contactId, triggerId]);
    const fired = firings.get(key) ?? [];
    if (fired.some((firing) => firing.eventId === eventId)) return true;

    const last = fired.at(-1);
    if (last && Date.parse(at) - Date.parse(last.at) < cooldownHours * HOUR_MS) return false;

    firings.set(key, [...fired, { eventId, at }]);
    return true;
  };
}
