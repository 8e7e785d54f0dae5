// What a decision rested on besides the touches: written into its ledger row, so that the ledger alone can prove it.

import type { GateContact, Touch } from './gate.schema';
import type { Basis } from './ledger';

/** The part of the contact that the gate read for a touch. `holidays` is the `id@version` of the table it was asked with. */
export function basisOf(
  contact: GateContact,
  touch: Pick<Touch, 'channel' | 'class'>,
  policyZone: string,
  holidays?: string,
): Basis {
  const { channel, class: touchClass } = touch;
  const covers = (entry: NonNullable<GateContact['dnd']>[number]) =>
    (entry.channels ?? [channel]).includes(channel) && (entry.classes ?? ['marketing', 'service']).includes(touchClass);
  return {
    timezone: contact.timezone ?? policyZone,
    billDay: contact.billDay ?? 1,
    reachable: contact.channels?.[channel]?.reachable === true,
    blocked: (contact.blocks ?? []).some((block) => block.channel === channel || block.channel === '*'),
    consent: contact.consents?.[channel]?.[touchClass] ?? 'unknown',
    dnd: (contact.dnd ?? [])
      .filter(covers)
      .map(({ from, until }) => ({ ...(from != null && { from }), ...(until != null && { until }) })),
    ...(contact.quietHours && { quietHours: contact.quietHours }),
    ...(holidays !== undefined && { holidays }),
  };
}
