// What became of a trigger for an event, as it is kept: for the counters, for whoever asks why, and for comparing with a back-test.

import { localDate } from '../time/localDate';
import type { Tested, TriggerAnswer } from './testTriggers';
import type { OpportunityEvent, TriggerContact } from './trigger';

/** Everything but that it did not match: of what listens to usage, nearly all events are no match. */
export type KeptAnswer = Exclude<TriggerAnswer, { readonly outcome: 'no-match' }>;

export interface OpportunityRow {
  readonly triggerId: string;
  readonly version: number;
  readonly eventId: string;
  readonly contactId: string;
  /** The contact's, when it was tested. */
  readonly city: string;
  /** ISO. */
  readonly occurredAt: string;
  /** ISO. */
  readonly receivedAt: string;
  /** `YYYY-MM-DD` of the event in the deployment's zone: the day of budgets and counters. */
  readonly date: string;
  /** ISO: when it was tested. */
  readonly at: string;
  readonly answer: KeptAnswer;
}

export function opportunityRows(
  { eventId, occurredAt, receivedAt }: OpportunityEvent,
  { contactId, city }: TriggerContact,
  tested: readonly Tested[],
  { at, timezone }: { readonly at: string; readonly timezone: string },
): readonly OpportunityRow[] {
  const date = localDate(occurredAt, timezone);
  const common = { eventId, contactId, city, occurredAt, receivedAt, date, at };

  return tested.flatMap(({ triggerId, version, ...answer }) =>
    answer.outcome === 'no-match' ? [] : { triggerId, version, ...common, answer },
  );
}
