// Random cases of the gate, crowded around the instants where clocks, months and windows turn.

import fc from 'fast-check';
import type { GateContact } from '../../rules/contact/gateContact.schema';
import type { Touch } from '../../rules/gate/gate.schema';
import type { Policy } from '../../rules/policy/policy.schema';
import { DAY_MS, MINUTE_MS } from '../../rules/time/durations';

/** Zones and instants shortly before or after which their clocks change; the plain ones have a month end or a holiday instead. */
const TURNS: Readonly<Record<string, readonly string[]>> = {
  'Asia/Shanghai': ['2026-02-28T16:00:00Z', '2026-09-30T16:00:00Z', '2028-02-29T15:00:00Z'],
  'America/New_York': ['2026-03-08T07:00:00Z', '2026-11-01T06:00:00Z'],
  'Europe/London': ['2026-03-29T01:00:00Z', '2026-10-25T01:00:00Z'],
  'Australia/Lord_Howe': ['2026-04-04T15:00:00Z', '2026-10-03T15:30:00Z'],
  'Asia/Kathmandu': ['2026-12-31T18:15:00Z', '1985-12-31T18:30:00Z'],
  'America/Sao_Paulo': ['2018-11-04T03:00:00Z', '2018-02-18T02:00:00Z'],
  'Africa/Cairo': ['2026-04-23T22:00:00Z', '2026-10-29T21:00:00Z'],
  'Pacific/Apia': ['2011-12-30T10:00:00Z', '2011-09-24T11:00:00Z'],
  'America/St_Johns': ['2010-11-07T02:31:00Z', '2010-03-14T03:31:00Z'],
  'America/Havana': ['2026-03-08T05:00:00Z', '2026-11-01T05:00:00Z'],
};
const MINUTE = MINUTE_MS;

const CLASSES = ['marketing', 'service', 'transactional', 'reply'] as const;
const CHANNELS = ['wecom', 'sms', 'call'] as const;
const DIMENSIONS = ['channel', 'category', 'campaign', 'product', 'staffId', 'city'] as const;

const some = <T>(values: readonly T[]) => fc.subarray([...values], { minLength: 1 });
/** Absent but for so many times in ten. */
const optional = <T>(arbitrary: fc.Arbitrary<T>, share: number) =>
  fc.oneof({ arbitrary, weight: share }, { arbitrary: fc.constant(undefined), weight: 10 - share });
const iso = (ms: number) => new Date(ms).toISOString();

/** Drops absent fields, as JSON would. */
function present<T extends object>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

const onHit = optional(fc.constantFrom('defer' as const, 'defer' as const, 'suppress' as const), 4);
const clock = (minutes: number) =>
  `${String(Math.floor(minutes / 60) % 24).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
const minutes = fc.oneof(
  fc.integer({ min: 0, max: 287 }).map((n) => n * 5),
  fc.integer({ min: 0, max: 17 }).map((n) => n * 15),
  fc.integer({ min: 0, max: 1439 }),
);
/** Mostly shorter than half a day: windows that leave no room only lead to `too-late`, after hundreds of questions. */
const length = fc.oneof(
  { arbitrary: fc.integer({ min: 1, max: 40 }).map((n) => n * 15), weight: 12 },
  { arbitrary: fc.integer({ min: 1, max: 1440 }), weight: 1 },
);
const walls = fc
  .tuple(minutes, length)
  .map(([from, lasts]) => ({ from: clock(from), to: clock(from + lasts) }));
const classes = optional(some(CLASSES), 6);
const channels = optional(some(CHANNELS), 3);
const per = optional(fc.subarray([...DIMENSIONS], { maxLength: 2 }), 4);
const hours = fc.constantFrom(0.25, 0.5, 1, 1.0001, 4, 24, 48, 168, 720);

const quietRules = fc.record({
  classes,
  channels,
  days: optional(some(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const), 3),
  dayKinds: optional(some(['work', 'rest'] as const), 2),
  onHit,
});
const quietHours = fc.tuple(quietRules, walls).map(([rules, ends]) => ({ ...rules, ...ends }));
const gap = fc.record({
  classes,
  counts: classes,
  channels,
  per,
  hours,
  openCounts: optional(
    fc.constantFrom('asked' as const, 'deadline' as const, 'deadline' as const),
    7,
  ),
  onHit,
});
const cap = fc.record({
  classes,
  counts: classes,
  channels,
  per,
  limit: fc.constantFrom(0, 1, 1, 1, 2, 2, 3),
  window: fc.oneof(
    fc.record({
      kind: fc.constant('calendar' as const),
      unit: fc.constantFrom(
        'day' as const,
        'week' as const,
        'month' as const,
        'billCycle' as const,
      ),
    }),
    fc.record({ kind: fc.constant('rolling' as const), hours }),
  ),
  onHit,
});
const consent = fc.record({
  classes,
  channels,
  need: fc.constantFrom('granted' as const, 'not-refused' as const),
});
const holdout = fc.record({
  classes,
  percent: fc.constantFrom(0, 5, 50, 100),
  salt: fc.constantFrom('2026', '盐'),
  by: fc.constantFrom('contact' as const, 'campaign' as const),
});

const numbered = <T extends object>(rule: fc.Arbitrary<T>, letter: string, maxLength: number) =>
  fc
    .array(rule, { maxLength })
    .map((rules) => rules.map((entry, i) => ({ id: `${letter}${i}`, ...entry })));

const marks = {
  category: optional(fc.constantFrom('a', 'b'), 8),
  campaign: optional(fc.constantFrom('k-1', 'k-2'), 8),
  product: optional(fc.constantFrom('p-1', 'p-2'), 8),
  staffId: optional(fc.constantFrom('s-1', 's-2'), 8),
  city: optional(fc.constantFrom('guangzhou', 'qingyuan'), 8),
};

/** An offset in milliseconds of at most so many hours either way, often on the quarter and sometimes one millisecond off it. */
const around = (hoursBack: number, hoursOn: number) =>
  fc
    .tuple(
      fc.integer({ min: -hoursBack * 4, max: hoursOn * 4 }),
      fc.constantFrom(0, 0, 0, -1, 1, 7 * MINUTE),
    )
    .map(([quarters, ms]) => quarters * 15 * MINUTE + ms);

export interface Case {
  readonly policy: Policy;
  readonly contact: GateContact;
  readonly touch: Touch;
  readonly holidays: Readonly<Record<string, 'rest' | 'work'>>;
}

const turn = fc.constantFrom(
  ...Object.entries(TURNS).flatMap(([zone, turns]) =>
    turns.map((at) => ({ zone, at: Date.parse(at) })),
  ),
);

const pastTouch = (at: number) =>
  fc.record({
    touchId: fc.constantFrom('o-1', 'o-2', 'o-3', 'o-4', 'o-5', 't'),
    at: fc.oneof(around(30, 6), around(800, 60)).map((offset) => iso(at + offset)),
    state: fc.constantFrom(
      'sent' as const,
      'sent' as const,
      'tasked' as const,
      'reserved' as const,
      'released' as const,
    ),
    channel: fc.constantFrom(...CHANNELS),
    class: fc.constantFrom('marketing' as const, ...CLASSES),
    ...marks,
    settleBy: optional(
      around(24, 48).map((offset) => iso(at + offset)),
      6,
    ),
  });

const dndEntry = (at: number) =>
  fc.record({
    from: optional(
      around(48, 24).map((offset) => iso(at + offset)),
      6,
    ),
    until: optional(
      around(24, 96).map((offset) => iso(at + offset)),
      8,
    ),
    channels,
    classes,
  });

const consentState = optional(
  fc.constantFrom('granted' as const, 'granted' as const, 'refused' as const, 'unknown' as const),
  8,
);

const contactAt = (at: number, zone: string) =>
  fc.record({
    contactId: fc.integer({ min: 1, max: 999 }).map((n) => `c-${n}`),
    timezone: optional(fc.constant(zone), 5),
    billDay: optional(fc.constantFrom(1, 15, 28, 29, 30, 31), 7),
    channels: fc.constantFrom(
      ...Array.from({ length: 9 }, () => ({
        wecom: { reachable: true },
        sms: { reachable: true },
        call: { reachable: true },
      })),
      { wecom: { reachable: false } },
    ),
    consents: optional(
      fc.record({
        wecom: fc.record({ marketing: consentState, service: consentState }),
        sms: fc.record({ marketing: consentState }),
      }),
      8,
    ),
    blocks: optional(
      fc.array(fc.record({ channel: fc.constantFrom('sms', 'push', 'push', '*') }), {
        maxLength: 1,
      }),
      2,
    ),
    dnd: optional(fc.array(dndEntry(at), { maxLength: 2 }), 4),
    quietHours: optional(walls, 3),
    touches: optional(fc.array(pastTouch(at), { maxLength: 6 }), 9),
  });

const policyIn = (zone: string) =>
  fc.record({
    id: fc.constant('p'),
    version: fc.constant(1),
    timezone: fc.constantFrom(zone, zone, 'Asia/Shanghai'),
    maxDeferHours: optional(fc.constantFrom(0, 1, 24, 72, 0.5), 3),
    consent: optional(fc.array(consent, { maxLength: 2 }), 2),
    quietHours: optional(numbered(quietHours, 'q', 3), 8),
    gaps: optional(numbered(gap, 'g', 2), 5),
    caps: optional(numbered(cap, 'c', 3), 8),
    holdout: optional(holdout, 3),
  });

const caseAround = ({ zone, at: near }: { zone: string; at: number }): fc.Arbitrary<Case> =>
  fc.oneof(around(3, 3), around(72, 72)).chain((offset) => {
    const at = near + offset;
    const date = (days: number) => iso(at + days * DAY_MS).slice(0, 10);
    const contact = contactAt(at, zone);
    const touch = fc.record({
      touchId: fc.constant('t'),
      at: fc.constant(iso(at)),
      channel: fc.constantFrom(...CHANNELS),
      class: fc.constantFrom('marketing' as const, 'marketing' as const, ...CLASSES),
      ...marks,
      expiresAt: optional(
        fc.constantFrom(0, 1, 60, 600, 4000).map((minutes) => iso(at + minutes * MINUTE)),
        3,
      ),
    });
    const kinds = fc.array(
      fc.tuple(fc.integer({ min: -2, max: 3 }), fc.constantFrom('rest' as const, 'work' as const)),
      { maxLength: 3 },
    );
    return fc.record({ policy: policyIn(zone), contact, touch, holidays: kinds }).map((drawn) =>
      present({
        ...drawn,
        holidays: Object.fromEntries(drawn.holidays.map(([days, kind]) => [date(days), kind])),
      } as Case),
    );
  });

/** A valid case of the gate. */
export const gateCases: fc.Arbitrary<Case> = turn.chain(caseAround);
