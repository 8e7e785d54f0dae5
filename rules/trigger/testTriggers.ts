// Which triggers an event fires, and why the others do not (spec/trigger.md). Live path, back-test and command line call this.

import { HOUR_MS, MINUTE_MS } from '../time/durations';
import { formatInstant, instantAt } from '../time/instant';
import { localDate } from '../time/localDate';
import { firstDay } from '../time/windows';
import { zoneOf } from '../time/zone';
import { activeHours, isActive } from './activeHours';
import type { CompiledTrigger, CompiledTriggers } from './compileTriggers';
import type { Firing } from './firing';
import {
  EVERY_CITY,
  type MaxPerContact,
  type OpportunityEvent,
  type Trigger,
  type TriggerContact,
} from './trigger';

/** A unit of a trigger's daily budget that is asked for; answered is whether it was taken. */
export interface BudgetUnit {
  readonly triggerId: string;
  readonly city: string;
  /** `YYYY-MM-DD` of the deployment's zone. */
  readonly date: string;
  readonly limit: number;
}

/** Names what is counted. */
export const budgetScope = ({ triggerId, city, date }: Omit<BudgetUnit, 'limit'>): string =>
  `trigger/${triggerId}/${city}/${date}`;

/** What became of a trigger for an event, and what says so. */
export type TriggerAnswer =
  | { readonly outcome: 'no-match' | 'fired' }
  /** By a trigger that was tested before. */
  | { readonly outcome: 'journey-taken'; readonly by: string }
  /** `HH:mm` of the event on the contact's clock. */
  | {
      readonly outcome: 'inactive-hours';
      readonly at: string;
      readonly from: string;
      readonly to: string;
    }
  /** ISO: until when the event could have been heard of in time. */
  | { readonly outcome: 'stale'; readonly until: string }
  /** ISO: the event of the firing that is too near. */
  | { readonly outcome: 'cooldown'; readonly firedAt: string; readonly hours: number }
  | ({ readonly outcome: 'max-per-contact'; readonly fired: number } & MaxPerContact)
  | ({ readonly outcome: 'budget' } & Omit<BudgetUnit, 'triggerId'>);

export type TriggerOutcome = TriggerAnswer['outcome'];

export type Tested = TriggerAnswer & { readonly triggerId: string; readonly version: number };

/** An event and the contact that it is of, as it is known now. */
export interface Occasion<C extends TriggerContact = TriggerContact> {
  readonly event: OpportunityEvent;
  readonly contact: C;
}

/**
 * Tests the triggers that listen to the event in the contact's city, one after the other. Yields each unit of a budget that it
 * needs and is told whether it was taken; returns what became of each trigger, in the order of testing.
 * @param fired when triggers fired for this contact before. One that fired for this very event has been tested before: it fired.
 * @param timezone IANA zone of the deployment: of budgets, and of a contact that names none
 */
export function* testTriggers(
  triggers: CompiledTriggers,
  occasion: Occasion,
  fired: readonly Firing[],
  timezone: string,
): Generator<BudgetUnit, readonly Tested[], boolean> {
  const { event, contact } = occasion;
  const asked = {
    event: { ...event.data, type: event.type, occurredAt: event.occurredAt },
    contact,
  };
  const journeys = new Map<string, string>();
  const tested: Tested[] = [];

  for (const compiled of triggers.get(event.type) ?? []) {
    const { trigger } = compiled;
    const { id: triggerId, version, journey } = trigger;
    if (trigger.city !== EVERY_CITY && trigger.city !== contact.city) continue;

    const own = fired.filter((firing) => firing.triggerId === triggerId);
    const takenBy = journeys.get(journey);
    const answer = yield* answerOf(compiled, { ...occasion, asked, own, takenBy, timezone });
    if (answer.outcome === 'fired') journeys.set(journey, triggerId);
    tested.push({ triggerId, version, ...answer });
  }

  return tested;
}

interface Question extends Occasion {
  /** What `when` is asked of. */
  readonly asked: object;
  /** Firings of this trigger for this contact. */
  readonly own: readonly Firing[];
  /** The trigger that has fired its journey for this event. */
  readonly takenBy: string | undefined;
  readonly timezone: string;
}

const NO_MATCH: TriggerAnswer = { outcome: 'no-match' };
const FIRED: TriggerAnswer = { outcome: 'fired' };

/** The first that holds. */
function* answerOf(
  { trigger, matches }: CompiledTrigger,
  question: Question,
): Generator<BudgetUnit, TriggerAnswer, boolean> {
  const { event, own, takenBy } = question;
  if (own.some(({ eventId }) => eventId === event.eventId)) return FIRED;
  if (!matches(question.asked)) return NO_MATCH;
  if (takenBy !== undefined) return { outcome: 'journey-taken', by: takenBy };

  const refusal =
    outOfHours(trigger, question) ??
    tooLate(trigger, question) ??
    tooSoon(trigger, question) ??
    tooOften(trigger, question);
  if (refusal) return refusal;

  const unit = budgetUnit(trigger, question);
  if (unit && !(yield unit)) {
    const { triggerId: _, ...full } = unit;
    return { outcome: 'budget', ...full };
  }
  return FIRED;
}

function outOfHours(
  trigger: Trigger,
  { event, contact, timezone }: Question,
): TriggerAnswer | null {
  const hours = activeHours(trigger);
  if (hours === null) return null;

  const zone = zoneOf(contact.timezone ?? timezone);
  const at = zone.wallTimeAt(instantAt(event.occurredAt, 'occurredAt'));
  return isActive(hours, at) ? null : { outcome: 'inactive-hours', at, ...hours };
}

function tooLate({ expiresAfterMinutes }: Trigger, { event }: Question): TriggerAnswer | null {
  const until = instantAt(event.occurredAt, 'occurredAt') + expiresAfterMinutes * MINUTE_MS;
  const isStale = instantAt(event.receivedAt, 'receivedAt') > until;
  return isStale ? { outcome: 'stale', until: formatInstant(until) } : null;
}

/** In either direction: an event may come after one that happened later. */
function tooSoon(
  { cooldownHours: hours }: Trigger,
  { event, own }: Question,
): TriggerAnswer | null {
  if (hours === undefined) return null;

  const at = instantAt(event.occurredAt, 'occurredAt');
  const near = own.find(
    ({ occurredAt }) => Math.abs(instantAt(occurredAt, 'occurredAt') - at) < hours * HOUR_MS,
  );
  return near ? { outcome: 'cooldown', firedAt: near.occurredAt, hours } : null;
}

function tooOften(
  { maxPerContact }: Trigger,
  { event, contact, own, timezone }: Question,
): TriggerAnswer | null {
  if (maxPerContact === undefined) return null;

  const { count, per } = maxPerContact;
  const zone = zoneOf(contact.timezone ?? timezone);
  const windowOf = (instant: string): number =>
    firstDay(per, zone.dayAt(instantAt(instant, 'occurredAt')), contact.billDay ?? 1);
  const window = windowOf(event.occurredAt);
  const fired = own.filter(({ occurredAt }) => windowOf(occurredAt) === window).length;

  return fired >= count ? { outcome: 'max-per-contact', fired, count, per } : null;
}

/** Null: there is no limit. */
function budgetUnit(
  { id, dailyBudget: limit }: Trigger,
  { event, contact, timezone }: Question,
): BudgetUnit | null {
  if (limit === undefined) return null;
  return {
    triggerId: id,
    city: contact.city,
    date: localDate(event.occurredAt, timezone),
    limit,
  };
}
