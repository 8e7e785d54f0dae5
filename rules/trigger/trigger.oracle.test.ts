// A second reading of the specification, as plain as can be, on random cases: what both say must be the same.

import fc from 'fast-check';
import { DateTime } from 'luxon';
import { type EventOutcome, takeEvents } from './takeEvents';
import type { OpportunityEvent, Trigger, TriggerContact } from './trigger';
import type { TriggerCase } from './triggerCase.schema';

type Contact = TriggerContact & { readonly plan?: { readonly fee: number } };

/** Conditions, each with what it means. */
const CONDITIONS: readonly (readonly [
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

function secondReading({
  timezone,
  contacts,
  triggers,
  events,
}: TriggerCase): ReturnType<typeof takeEvents> {
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
      const holds = CONDITIONS.find(([condition]) => condition === trigger.when)?.[1];
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

const zone = fc.constantFrom(
  'Asia/Shanghai',
  'Asia/Urumqi',
  'Europe/Berlin',
  'America/New_York',
  'Pacific/Apia',
);
const wall = fc.constantFrom('00:00', '02:30', '08:00', '12:00', '21:00', '23:59');

/** Around a change of clocks in Europe, the end of February, and a noon. */
const instant = fc
  .tuple(
    fc.constantFrom(
      '2026-03-29T00:30:00Z',
      '2026-02-28T15:59:00Z',
      '2026-03-02T04:00:00Z',
      '2026-11-01T05:30:00Z',
    ),
    fc.constantFrom(-2880, -1440, -60, -30, -1, 0, 0.5, 1, 30, 59, 60, 61, 1439, 1440, 1441, 4320),
  )
  .map(([base, minutes]) => DateTime.fromISO(base).plus({ minutes }).toUTC().toISO() ?? '');

const contact = (contactId: string, city: string) =>
  fc.record(
    {
      contactId: fc.constant(contactId),
      city: fc.constantFrom('gz', city),
      timezone: zone,
      billDay: fc.constantFrom(1, 5, 28, 29, 30, 31),
      plan: fc.record({ fee: fc.constantFrom(58, 88, 129) }),
    },
    { requiredKeys: ['contactId', 'city'] },
  );

const trigger = fc.record(
  {
    id: fc.constantFrom('t-0', 't-1', 'T-2', '超-3', 'a'),
    version: fc.constant(1),
    city: fc.constantFrom('*', '*', 'gz', 'qy'),
    enabled: fc.constantFrom(true, true, true, false),
    event: fc.constantFrom('usage', 'usage', 'balance'),
    when: fc.constantFrom(...CONDITIONS.map(([condition]) => condition)),
    offer: fc.constant({ template: 't', channel: 'wecom' as const }),
    journey: fc.constantFrom('overage', 'retain'),
    expiresAfterMinutes: fc.constantFrom(0, 30, 120, 5000),
    cooldownHours: fc.constantFrom(0, 1, 24, 72),
    maxPerContact: fc.record({
      count: fc.constantFrom(0, 1, 2),
      per: fc.constantFrom('day' as const, 'week' as const, 'month' as const, 'billCycle' as const),
    }),
    dailyBudget: fc.constantFrom(0, 1, 1, 2),
    priority: fc.constantFrom(-1, 0, 5, 5.5),
    activeFrom: wall,
    activeTo: wall,
  },
  {
    requiredKeys: [
      'id',
      'version',
      'city',
      'enabled',
      'event',
      'when',
      'offer',
      'journey',
      'expiresAfterMinutes',
    ],
  },
);

const event = fc
  .record({
    eventId: fc.nat(12).map((n) => `e-${n}`),
    type: fc.constantFrom('usage', 'usage', 'usage', 'balance', 'login'),
    contactId: fc.constantFrom('c-0', 'c-0', 'c-1', 'nobody'),
    occurredAt: instant,
    lateMinutes: fc.constantFrom(-6, -5, 0, 0, 0, 29, 30, 31, 120),
    data: fc.record({ dataUsedPct: fc.constantFrom(50, 100, 130) }),
  })
  .map(({ lateMinutes, ...each }) => ({
    ...each,
    receivedAt:
      DateTime.fromISO(each.occurredAt).plus({ minutes: lateMinutes }).toUTC().toISO() ?? '',
  }));

const anyCase = fc.record({
  timezone: zone,
  contacts: fc.tuple(contact('c-0', 'gz'), contact('c-1', 'qy')),
  triggers: fc.uniqueArray(trigger, { minLength: 1, maxLength: 5, selector: ({ id }) => id }),
  events: fc.array(event, { minLength: 1, maxLength: 25 }),
});

test('both readings of the specification say the same of any case', () => {
  fc.assert(
    fc.property(anyCase, (given) => {
      const asked = given as unknown as TriggerCase; // absent fields are absent, as a case that was read has them
      expect(takeEvents(asked)).toEqual(secondReading(asked));
    }),
    { numRuns: 4000 },
  );
});
