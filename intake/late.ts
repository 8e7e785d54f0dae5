// What reading the systems' own records brings in late goes the way of their call-backs, under the same keys: whichever comes
// second changes nothing.

import type { SystemCallback, WecomCallback } from '../ports/callbacks';
import type { Clock } from '../ports/clock';
import type { Inbound } from '../ports/inbox';
import type { LateIntake } from '../ports/intake';
import type { Lead } from '../ports/leads';
import type { Stores } from '../ports/stores';
import { partitionOf } from '../rules/base/partition';
import type { CustomerEvent } from '../rules/event/event.schema';
import { inCustomersLane } from './customer';
import { inboundEvent, inboundLead, inboundSystem, inboundWecom } from './inbound';

type LateStores = Pick<Stores, 'inbox' | 'contacts' | 'deliveries'>;

/** Who holds the lanes reads there what was put in; this process holds none. */
export function createLateIntake(stores: LateStores, clock: Clock): LateIntake {
  const put = (items: readonly Inbound[]) => putLate(stores, items);

  return {
    wecom: (callbacks: readonly WecomCallback[]) =>
      put(callbacks.map((callback) => inboundWecom(callback, clock.now()))),
    system: (callbacks: readonly SystemCallback[]) =>
      put(callbacks.map((callback) => inboundSystem(callback, clock.now()))),
    leads: (leads: readonly Lead[]) => put(leads.map((lead) => inboundLead(lead, clock.now()))),
    acceptances: (events: readonly CustomerEvent[], runId: string) =>
      put(events.map((event) => returned(event, runId, clock.now()))),
  };
}

/** Of each run once: another one may have been given it since, and return it, too. */
function returned(event: CustomerEvent, runId: string, now: number): Inbound {
  const item = inboundEvent(event, now);
  return { ...item, key: `${item.key}/returned/${runId}` };
}

/** Answers how many were new. */
async function putLate(stores: LateStores, items: readonly Inbound[]): Promise<number> {
  if (items.length === 0) return 0;

  const placed = await Promise.all(items.map((item) => inCustomersLane(stores, item)));
  const { outcomes } = await stores.inbox.put(
    placed.map((item) => ({ ...item, partition: partitionOf(item.lane) })),
  );
  return outcomes.filter((outcome) => outcome === 'new').length;
}
