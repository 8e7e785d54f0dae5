// A trigger: a city's rule over events, and what is offered to whom it fires for (spec/trigger.md).

import type { ChannelName } from '../contact/contact';
import type { CalendarUnit } from '../time/windows';
import type { Condition } from './condition';

export interface TriggerOffer {
  readonly product: string;
  readonly template: string;
  readonly channel: ChannelName;
  /** Channels to go on with, in this order. */
  readonly fallback?: readonly ChannelName[] | undefined;
}

/** At most so many firings for one contact in a window of the contact's zone. */
export interface MaxPerContact {
  readonly count: number;
  readonly per: CalendarUnit;
}

export interface Trigger {
  readonly id: string;
  readonly version: number;
  /** `*`: every city. */
  readonly city: string;
  readonly name?: string | undefined;
  readonly enabled: boolean;
  /** The event type it listens to. */
  readonly event: string;
  /** Over `{ event, contact }`. */
  readonly when: Condition;
  readonly offer: TriggerOffer;
  readonly journey: string;
  /** How long after the event the opportunity is worth a touch. */
  readonly expiresAfterMinutes: number;
  /** Hours between two firings for a contact; absent: none. */
  readonly cooldownHours?: number | undefined;
  readonly maxPerContact?: MaxPerContact | undefined;
  /** Firings a city and a local day of the deployment's zone; absent: no limit. */
  readonly dailyBudget?: number | undefined;
  /** Higher is tested first; absent: 0. */
  readonly priority?: number | undefined;
  /** `HH:mm` of the contact's zone by the time of the event: from the first to before the second, over midnight when it is earlier. */
  readonly activeFrom?: string | undefined;
  readonly activeTo?: string | undefined;
}

/** Something that happened to a contact, as triggers see it. */
export interface OpportunityEvent {
  readonly eventId: string;
  readonly type: string;
  readonly contactId: string;
  /** ISO. */
  readonly occurredAt: string;
  /** ISO. */
  readonly receivedAt: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What is read of a contact besides the fields that conditions ask. */
export interface TriggerContact {
  readonly contactId: string;
  readonly city: string;
  /** IANA; absent: the deployment's. */
  readonly timezone?: string | undefined;
  readonly billDay?: number | undefined;
}

export const EVERY_CITY = '*';
