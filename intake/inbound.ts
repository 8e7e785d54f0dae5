// What came in, as the inbox keeps it: a key that tells repeats, and a lane that keeps the order of one customer.

import { createHash } from 'node:crypto';
import type { CallbackSystem, SystemCallback, WecomCallback } from '../ports/callbacks';
import type { Inbound } from '../ports/inbox';
import type { Lead } from '../ports/leads';
import type { ReportedEvent } from '../rules/event/readEvent.schema';
import { formatInstant, instantAt } from '../rules/time/instant';
import { urgencyOfEvent, urgencyOfSystem, urgencyOfWecom } from './urgency';

export const laneOf = (contactId: string): string => `contact/${contactId}`;

export const inboundEvent = (event: ReportedEvent, receivedAt: number): Inbound => ({
  key: `event/${event.eventId}`,
  kind: 'event',
  lane: laneOf(event.contactId),
  urgency: urgencyOfEvent(event),
  payload: { ...event },
  receivedAt,
});

export const inboundLead = (lead: Lead, receivedAt: number): Inbound => ({
  key: `lead/${lead.leadId}`,
  kind: 'lead',
  lane: laneOf(lead.contactId),
  urgency: 'bulk',
  payload: { ...lead },
  receivedAt,
});

export const inboundWecom = (callback: WecomCallback, receivedAt: number): Inbound => ({
  key: `wecom/${callback.dedupeKey}`,
  kind: 'wecom',
  lane: laneOfWecom(callback),
  urgency: urgencyOfWecom(callback),
  payload: { ...callback },
  receivedAt,
});

/** Of a customer whom nobody knows: of the contact that he will be, unless he turns out to be another. */
function laneOfWecom(callback: WecomCallback): string {
  const externalUserId = callback.kind === 'malformed' ? undefined : callback.externalUserId;
  return externalUserId === undefined
    ? `wecom/${callback.dedupeKey}`
    : laneOf(contactIdOfWecom(externalUserId));
}

/** City of a customer whom no import has named yet. */
export const UNASSIGNED = 'unassigned';

/** The id of a contact whom we know through WeCom alone. */
export const contactIdOfWecom = (externalUserId: string): string => `wx-${externalUserId}`;

export const inboundSystem = (callback: SystemCallback, receivedAt: number): Inbound => ({
  key: `${callback.system}/${callback.id}`,
  kind: callback.system,
  lane: laneOfSystem(callback),
  urgency: urgencyOfSystem(callback),
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

/** What is nothing that we can take: its handler parks it with what is wrong, for people to see and to mend. */
export function inboundMalformed(
  kind: 'lead' | CallbackSystem,
  content: Readonly<Record<string, unknown>>,
  receivedAt: number,
): Inbound {
  const digest = createHash('sha256').update(JSON.stringify(content)).digest('hex');
  const key = `${kind}/malformed-${digest}`;
  return { key, kind, lane: key, urgency: 'bulk', payload: { ...content }, receivedAt };
}
