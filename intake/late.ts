// What reading the systems' own records brings in late goes the way of their call-backs, under the same keys: whichever comes
// second changes nothing.

import type { SystemCallback, WecomCallback } from '../ports/callbacks';
import type { Clock } from '../ports/clock';
import type { Inbound, Inbox } from '../ports/inbox';
import type { LateIntake } from '../ports/intake';
import type { Lead } from '../ports/leads';
import { inboundLead, inboundSystem, inboundWecom } from './inbound';

export function createLateIntake(inbox: Pick<Inbox, 'put'>, clock: Clock): LateIntake {
  const put = async (items: readonly Inbound[]): Promise<number> =>
    items.length === 0 ? 0 : (await inbox.put(items)).filter(Boolean).length;

  return {
    wecom: (callbacks: readonly WecomCallback[]) =>
      put(callbacks.map((callback) => inboundWecom(callback, clock.now()))),
    system: (callbacks: readonly SystemCallback[]) =>
      put(callbacks.map((callback) => inboundSystem(callback, clock.now()))),
    leads: (leads: readonly Lead[]) => put(leads.map((lead) => inboundLead(lead, clock.now()))),
  };
}
