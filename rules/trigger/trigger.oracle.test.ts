// A second reading of the specification on random cases: what both say must be the same.

import fc from 'fast-check';
import { DateTime } from 'luxon';
import { MEANT_CONDITIONS, secondReading } from '../../test/support/secondReading';
import { takeEvents } from './takeEvents';
import type { TriggerCase } from './triggerCase.schema';

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
    when: fc.constantFrom(...MEANT_CONDITIONS.map(([condition]) => condition)),
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
