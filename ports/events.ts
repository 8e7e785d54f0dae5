// What happened to customers, as triggers see it: kept for some weeks, to be played through triggers that are not enabled yet.

import type { OpportunityEvent } from '../rules/trigger/trigger';

/** With the city that the contact was of when it was heard. */
export interface StoredEvent extends OpportunityEvent {
  readonly city: string;
  /** Of a type that an admin registered: the version that took it. */
  readonly typeVersion?: number;
}

export interface EventFilter {
  /** ISO, by `receivedAt`: from the first, before the second. */
  readonly from: string;
  readonly to: string;
  readonly types: readonly string[];
  /** Absent: of all. */
  readonly cities?: readonly string[];
}

export interface EventStore {
  /** Each event once, as it was told first. */
  add(events: readonly StoredEvent[]): Promise<void>;
  find(eventId: string): Promise<StoredEvent | null>;
  /** Those of a time in the order in which they were received, read as they are taken. */
  walk(filter: EventFilter): AsyncIterable<StoredEvent>;
  /** Takes away at most `limit` that were received before an instant (ISO); how many. */
  removeBefore(before: string, limit: number): Promise<number>;
}
