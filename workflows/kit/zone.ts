// The contact's time zone, which may move while a run sleeps: instants in local time are then computed again.

import { attempt } from './attempt';
import { contactZone } from './proxies';
import type { RunState } from './state';

/** Milliseconds. One that hangs on the local clock is computed from the zone (IANA), again whenever that has moved. */
export type Due = number | ((zone: string) => number);

/** Costs no history unless the contact has changed since it was asked last. */
export async function currentZone(state: RunState): Promise<string> {
  while (state.isZoneOld) {
    state.isZoneOld = false; // before it is asked: what changes meanwhile is heard
    const { contactId } = state;
    const asked = await attempt('asking the zone', () => contactZone({ contactId }));
    state.zone = asked?.timezone ?? state.zone;
  }
  return state.zone;
}
