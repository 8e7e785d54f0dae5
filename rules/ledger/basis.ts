// What a decision rested on besides the touches: written into its ledger row, so that the ledger alone can prove it.

import type { GateContact, TouchRecord } from '../contact/gateContact.schema';
import type { Touch } from '../gate/gate.schema';
import { blocksFor } from '../gate/timelessRules';
import type { Basis, DecisionRow } from './rows';

/** The part of the contact that the gate read for a touch. `holidays` is the `id@version` of the table it was asked with. */
export function basisOf(
  contact: GateContact,
  touch: Pick<Touch, 'channel' | 'class'>,
  policyZone: string,
  holidays?: string,
): Basis {
  const { channel, class: touchClass } = touch;
  const covers = (entry: NonNullable<GateContact['dnd']>[number]) =>
    (entry.channels ?? [channel]).includes(channel) &&
    (entry.classes ?? ['marketing', 'service']).includes(touchClass);

  return {
    timezone: contact.timezone ?? policyZone,
    billDay: contact.billDay ?? 1,
    reachable: contact.channels?.[channel]?.reachable === true,
    blocked: blocksFor(contact, touch).some(
      (block) => block.channel === channel || block.channel === '*',
    ),
    consent: contact.consents?.[channel]?.[touchClass] ?? 'unknown',
    dnd: (contact.dnd ?? []).filter(covers).map(({ from, until }) => ({
      ...(from != null && { from }),
      ...(until != null && { until }),
    })),
    ...(contact.quietHours && { quietHours: contact.quietHours }),
    ...(holidays !== undefined && { holidays }),
  };
}

/** A row that says what it rested on. */
export type Based = Pick<DecisionRow, 'contactId' | 'channel' | 'class'> & {
  readonly basis: Basis;
};

/** The contact as the gate saw it for the touch of a row: the reverse of `basisOf`. It knows nothing of other channels and classes. */
export function contactFromBasis(
  { contactId, channel, class: touchClass, basis }: Based,
  touches: readonly TouchRecord[],
): GateContact {
  const { timezone, billDay, reachable, blocked, consent, dnd, quietHours } = basis;
  return {
    contactId,
    timezone,
    billDay,
    channels: { [channel]: { reachable } },
    consents: { [channel]: { [touchClass]: consent } },
    ...(blocked && { blocks: [{ channel }] }),
    // The entries were found to cover the touch, whatever their own channels and classes were.
    dnd: dnd.map((entry) => ({ ...entry, channels: [channel], classes: [touchClass] })),
    ...(quietHours && { quietHours }),
    touches,
  };
}
