// The specification of triggers read a second time, as plain as can be, for comparing with what the product does.

import { DateTime } from 'luxon';
import type { EventOutcome, takeEvents } from '../../rules/trigger/takeEvents';
import type { OpportunityEvent, Trigger, TriggerContact } from '../../rules/trigger/trigger';
import type { TriggerCase } from '../../rules/trigger/triggerCase.schema';

type Contact = TriggerContact & { readonly plan?: { readonly fee: number } };

/** Conditions, each with what it means. */
export const MEANT_CONDITIONS: readonly (readonly [
  Trigger['when'],
  (event: OpportunityEvent, contact: Contact) => boolean,
])[] = [
  [{}, () => true],
  [{ 'event.dataUsedPct': { $gte: 100 } }, ({ data }) => Number(data.dataUsedPct) >= 100],
  [{ 'contact.plan.fee': { $lt: 88 } }, (_, { plan }) => plan !== undefined && plan.fee < 88],
  [{ 'contact.plan': { $exists: false } }, (_, { plan }) => plan === undefined],
  [
    { 'event.type': 'usage', 'contact.city': 'gz' },
    ({ type }, { city }) => type === 'usage' && city === 'gz',
  ],
];

interface Fire {
  readonly trigger: string;
  readonly contact: string;
  readonly city: string;
  readonly at: DateTime;
}

/** Whether a unit of a trigger's budget is left, where that is known from elsewhere. */
export type BudgetKnown = (trigger: Trigger, event: OpportunityEvent) => boolean;

/** @param hasBudget absent: budgets are counted in the order of the events */
export function secondReading(
  { timezone, contacts, triggers, events }: TriggerCase,
  hasBudget?: BudgetKnown,
): ReturnType<typeof takeEvents> {
  const outcomes: EventOutcome[] = [];
  const seen: string[] = [];
  const fires: Fire[] = [];
  let noMatch = 0;

  for (const event of events) {
    const { eventId } = event;
    const occurred = DateTime.fromISO(event.occurredAt);
    const received = DateTime.fromISO(event.receivedAt);
    const contact = contacts.find(({ contactId }) => contactId === event.contactId);
    const isSeen = seen.includes(eventId);
    seen.push(eventId);

    if (isSeen) outcomes.push({ eventId, outcome: 'duplicate' });
    else if (occurred > received.plus({ minutes: 5 }))
      outcomes.push({ eventId, outcome: 'refused' });
    else if (!contact) outcomes.push({ eventId, outcome: 'unknown-contact' });
    if (isSeen || occurred > received.plus({ minutes: 5 }) || !contact) continue;

    const listening = triggers.filter(
      ({ enabled, event: type, city }) =>
        enabled && type === event.type && (city === '*' || city === contact.city),
    );
    listening.sort((a, b) => {
      const byPriority = (b.priority ?? 0) - (a.priority ?? 0);
      return byPriority === 0 ? (a.id > b.id ? 1 : -1) : byPriority;
    });

    const journeysOfEvent: string[] = [];
    for (const trigger of listening) {
      const holds = MEANT_CONDITIONS.find(([condition]) => condition === trigger.when)?.[1];
      if (!holds?.(event, contact)) {
        noMatch += 1;
        continue;
      }

      const before = fires.filter((fire) => fire.trigger === trigger.id);
      const ofContact = before.filter((fire) => fire.contact === contact.contactId);
      const local = (at: DateTime) => at.setZone(contact.timezone ?? timezone);
      const outcome = firstOf([
        ['journey-taken', () => journeysOfEvent.includes(trigger.journey)],
        ['inactive-hours', () => isOutside(trigger, local(occurred).toFormat('HH:mm'))],
        ['stale', () => received > occurred.plus({ minutes: trigger.expiresAfterMinutes })],
        [
          'cooldown',
          () =>
            ofContact.some(
              (fire) => Math.abs(fire.at.diff(occurred).as('hours')) < (trigger.cooldownHours ?? 0),
            ),
        ],
        [
          'max-per-contact',
          () => {
            const { maxPerContact } = trigger;
            if (!maxPerContact) return false;
            const window = windowOf(local(occurred), maxPerContact.per, contact.billDay ?? 1);
            const inWindow = ofContact.filter(
              ({ at }) => windowOf(local(at), maxPerContact.per, contact.billDay ?? 1) === window,
            );
            return inWindow.length >= maxPerContact.count;
          },
        ],
        [
          'budget',
          () => {
            if (hasBudget) return !hasBudget(trigger, event);
            const day = (at: DateTime) => at.setZone(timezone).toISODate();
            const spent = before.filter(
              (fire) => fire.city === contact.city && day(fire.at) === day(occurred),
            );
            return trigger.dailyBudget !== undefined && spent.length >= trigger.dailyBudget;
          },
        ],
      ]);

      if (outcome === 'fired') {
        journeysOfEvent.push(trigger.journey);
        fires.push({
          trigger: trigger.id,
          contact: contact.contactId,
          city: contact.city,
          at: occurred,
        });
      }
      outcomes.push({ eventId, trigger: trigger.id, outcome });
    }
  }

  return { outcomes, noMatch };
}

type Outcome = Extract<EventOutcome, { readonly trigger: string }>['outcome'];

function firstOf(tests: readonly (readonly [Outcome, () => boolean])[]): Outcome {
  for (const [outcome, holds] of tests) if (holds()) return outcome;
  return 'fired';
}

function isOutside({ activeFrom, activeTo }: Trigger, at: string): boolean {
  if (activeFrom === activeTo) return false;
  const from = activeFrom ?? '00:00';
  const to = activeTo ?? '24:00';
  if (from === to) return false;
  return from < to ? !(at >= from && at < to) : !(at >= from || at < to);
}

/** Names the window by its first day. */
function windowOf(
  at: DateTime,
  per: 'day' | 'week' | 'month' | 'billCycle',
  billDay: number,
): string {
  if (per !== 'billCycle') return at.startOf(per).toISODate() ?? '';

  const startIn = (month: DateTime) =>
    month.set({ day: Math.min(billDay, month.daysInMonth ?? 31) });
  const thisMonth = startIn(at.startOf('month'));
  const begun =
    at.startOf('day') >= thisMonth ? thisMonth : startIn(at.startOf('month').minus({ months: 1 }));
  return begun.toISODate() ?? '';
}
