// Events taken one after the other with everything in memory: firings and budgets are counted here.

import { MAX_AHEAD_MS } from '../contact/statements';
import { instantAt } from '../time/instant';
import { answered } from './answered';
import { compileTriggers } from './compileTriggers';
import type { Firing } from './firing';
import { type BudgetUnit, type Tested, testTriggers } from './testTriggers';
import type { OpportunityEvent, TriggerContact } from './trigger';
import type { TriggerCase } from './triggerCase.schema';

/** What became of an event as a whole, or of a trigger for it. */
export type EventOutcome =
  | { readonly eventId: string; readonly outcome: 'duplicate' | 'refused' | 'unknown-contact' }
  | { readonly eventId: string; readonly trigger: string; readonly outcome: Tested['outcome'] };

export interface TakenEvents {
  /** In the order of testing, without those that did not match. */
  readonly outcomes: readonly EventOutcome[];
  /** How many triggers did not match, over all events. */
  readonly noMatch: number;
}

export function takeEvents({ timezone, contacts, triggers, events }: TriggerCase): TakenEvents {
  const known = new Map(contacts.map((contact) => [contact.contactId, contact]));
  const compiled = compileTriggers(triggers);
  const seen = new Set<string>();
  const firings = firingsInMemory();
  const take = budgetsInMemory();
  const outcomes: EventOutcome[] = [];
  let noMatch = 0;

  for (const event of events) {
    const { eventId } = event;
    const contact = known.get(event.contactId);
    const whole = seen.has(eventId) ? 'duplicate' : wholeOutcome(event, contact);
    seen.add(eventId);
    if (whole !== null || contact === undefined) {
      outcomes.push({ eventId, outcome: whole ?? 'unknown-contact' });
      continue;
    }

    const before = firings.of(contact.contactId);
    const tested = answered(testTriggers(compiled, { event, contact }, before, timezone), take);
    firings.keep(event, tested);

    noMatch += tested.filter(({ outcome }) => outcome === 'no-match').length;
    for (const { triggerId, outcome } of tested)
      if (outcome !== 'no-match') outcomes.push({ eventId, trigger: triggerId, outcome });
  }

  return { outcomes, noMatch };
}

/** Null: triggers are asked. */
function wholeOutcome(
  { occurredAt, receivedAt }: OpportunityEvent,
  contact: TriggerContact | undefined,
): 'refused' | 'unknown-contact' | null {
  const ahead = instantAt(occurredAt, 'occurredAt') - instantAt(receivedAt, 'receivedAt');
  if (ahead > MAX_AHEAD_MS) return 'refused';
  return contact === undefined ? 'unknown-contact' : null;
}

/** Answers units of budgets, of which there are as many as their limits say. */
export function budgetsInMemory(): (unit: BudgetUnit) => boolean {
  const used = new Map<string, number>();

  return ({ triggerId, city, date, limit }) => {
    const scope = JSON.stringify([triggerId, city, date]);
    const before = used.get(scope) ?? 0;
    if (before >= limit) return false;

    used.set(scope, before + 1);
    return true;
  };
}

interface Firings {
  readonly of: (contactId: string) => readonly Firing[];
  readonly keep: (event: OpportunityEvent, tested: readonly Tested[]) => void;
}

function firingsInMemory(): Firings {
  const firings = new Map<string, readonly Firing[]>();

  return {
    of: (contactId) => firings.get(contactId) ?? [],

    keep({ eventId, contactId, occurredAt }, tested) {
      const fired = tested.filter(({ outcome }) => outcome === 'fired');
      if (fired.length === 0) return;

      const further = fired.map(({ triggerId }) => ({ triggerId, eventId, occurredAt }));
      firings.set(contactId, [...(firings.get(contactId) ?? []), ...further]);
    },
  };
}
