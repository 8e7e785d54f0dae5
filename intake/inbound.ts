// What came in, as the inbox keeps it: a key that tells repeats, and a lane that keeps the order of one customer.

import { createHash } from 'node:crypto';
import type { SystemCallback, WecomCallback } from '../ports/callbacks';
import type { Inbound } from '../ports/inbox';
import type { Lead } from '../ports/leads';
import type { CustomerEvent } from '../rules/journey/event.schema';
import { formatInstant, instantAt } from '../rules/time/instant';

const laneOf = (contactId: string): string => `contact/${contactId}`;

export const inboundEvent = (event: CustomerEvent, receivedAt: number): Inbound => ({
  key: `event/${event.eventId}`,
  kind: 'event',
  lane: laneOf(event.contactId),
  payload: { ...event },
  receivedAt,
});

export const inboundLead = (lead: Lead, receivedAt: number): Inbound => ({
  key: `lead/${lead.leadId}`,
  kind: 'lead',
  lane: laneOf(lead.contactId),
  payload: { ...lead },
  receivedAt,
});

/** A row of the pool that is no lead: its handler refuses it with what is wrong, and the inbox keeps it for people to see. */
export function inboundMalformedLead(
  row: Readonly<Record<string, unknown>>,
  receivedAt: number,
): Inbound {
  const key = `lead/malformed-${createHash('sha256').update(JSON.stringify(row)).digest('hex')}`;
  return { key, kind: 'lead', lane: key, payload: { ...row }, receivedAt };
}

export const inboundWecom = (callback: WecomCallback, receivedAt: number): Inbound => ({
  key: `wecom/${callback.dedupeKey}`,
  kind: 'wecom',
  lane: `wecom/${callback.externalUserId ?? callback.dedupeKey}`,
  payload: { ...callback },
  receivedAt,
});

export const inboundSystem = (callback: SystemCallback, receivedAt: number): Inbound => ({
  key: `${callback.system}/${callback.id}`,
  kind: callback.system,
  lane: laneOfSystem(callback),
  // Stores compare instants as texts.
  payload: { ...callback, at: formatInstant(instantAt(callback.at, 'at')) },
  receivedAt,
});

function laneOfSystem(callback: SystemCallback): string {
  switch (callback.type) {
    case 'receipt':
      return `touch/${callback.clientMessageId}`;
    case 'upstream':
      return `phone/${callback.phone}`;
    case 'order':
    case 'call':
      return laneOf(callback.contactId);
  }
}
