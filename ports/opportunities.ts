// What became of triggers for events: one row each, written once.

import type { OpportunityRow } from '../rules/trigger/opportunity';
import type { TriggerOutcome } from '../rules/trigger/testTriggers';
import type { CityScope } from './contacts';

export interface OpportunityFilter extends CityScope {
  readonly triggerId?: string;
  readonly contactId?: string;
  readonly eventId?: string;
  readonly outcome?: TriggerOutcome;
  /** Where to go on: the `next` of the page before. */
  readonly after?: string;
  readonly limit: number;
}

export interface OpportunityPage {
  readonly rows: readonly OpportunityRow[];
  readonly next: string | null;
}

/** Events of a day and what became of them for a trigger. */
export interface OpportunityCount {
  readonly triggerId: string;
  /** `YYYY-MM-DD`. */
  readonly date: string;
  readonly city: string;
  readonly outcome: TriggerOutcome;
  readonly count: number;
}

export interface OpportunityStore {
  /** The first row of a trigger and an event stands. */
  keep(rows: readonly OpportunityRow[]): Promise<void>;
  /** Latest first. */
  list(filter: OpportunityFilter): Promise<OpportunityPage>;
  /** Of the dates from the first to the last, both included. */
  counts(
    filter: CityScope & { readonly from: string; readonly to: string; readonly triggerId?: string },
  ): Promise<readonly OpportunityCount[]>;
}
