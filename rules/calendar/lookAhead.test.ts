import type { Contact } from '../contact/contact';
import { preparePolicy } from '../gate/gate';
import type { Policy } from '../policy/policy.schema';
import type { CalendarLife } from './life';
import { yieldsTo } from './lookAhead';
import { type CalendarPlan, compilePlan, type PlannedSlot } from './plan';

const AT = '2026-03-02T02:00:00.000Z';
const TABLES = { holidays: { days: {}, names: {} }, blackouts: { blackouts: [] } };
const marketing = ['marketing' as const];
const DAY_CAP = {
  ...{ id: 'day', classes: marketing, counts: marketing, limit: 1 },
  window: { kind: 'calendar' as const, unit: 'day' as const },
};

const contact: Contact = {
  ...{ contactId: 'c-1', city: 'guangzhou', brand: 'globe', touches: [], revision: 0 },
  ...{ profileRevision: 0, channels: { sms: { reachable: true } } },
};

const slot = (fields: Partial<PlannedSlot>): PlannedSlot => ({
  ...{ id: 'high', anchor: { kind: 'monthDay', day: 2 }, at: '15:00', priority: 50 },
  touch: { channel: 'sms', class: 'marketing' },
  ...fields,
});

const LIFE: CalendarLife = {
  ...{ calendarId: 'month', state: 'active', revision: 1 },
  takeovers: [{ version: 1, from: '2026-01-01T00:00:00Z', author: 'a', approvedBy: 'b', at: AT }],
};

function asks(
  slots: readonly PlannedSlot[],
  policy: Partial<Policy> = { caps: [DAY_CAP] },
  over: { readonly contact?: Partial<Contact>; readonly life?: Partial<CalendarLife> } = {},
) {
  const plan: CalendarPlan = { id: 'month', version: 1, timezone: 'Asia/Shanghai', slots };
  const whole: Policy = { id: 'default', version: 1, timezone: 'Asia/Shanghai', ...policy };
  return yieldsTo(
    {
      touch: { touchId: 'low', at: AT, channel: 'sms', class: 'marketing', city: 'guangzhou' },
      ...{ priority: 10, contact: { ...contact, ...over.contact }, windowHours: 48 },
      policy: preparePolicy(whole, {}),
    },
    [
      {
        ...{ life: { ...LIFE, ...over.life }, plan },
        slots: compilePlan(plan, TABLES, '2026-03-01', '2026-03-31'),
      },
    ],
  );
}

const HIGH = 'month/high/2026-03-02/c-1';

test('a touch gives way to a higher one whose cap it would use up, until that one is due', () => {
  expect(asks([slot({})])).toEqual({ touchId: HIGH, until: Date.parse('2026-03-02T07:00:00Z') });
});

test('and to one that starts at the same instant, which may be late', () => {
  expect(asks([slot({ at: '10:00' })])).toEqual({
    touchId: HIGH,
    until: Date.parse('2026-03-02T02:30:00Z'),
  });
});

test('and to one that was due before and is still worth a touch', () => {
  expect(asks([slot({ at: '09:00' })])?.touchId).toBe(HIGH);
  expect(asks([slot({ at: '09:00', expiresAfterHours: 0.5 })])).toBeNull();
});

test('a gap makes it give way as well', () => {
  expect(
    asks([slot({ at: '11:00' })], { gaps: [{ id: 'g', classes: marketing, hours: 4 }] }),
  ).toEqual({ touchId: HIGH, until: Date.parse('2026-03-02T03:00:00Z') });
});

test.each<[string, Parameters<typeof asks>]>([
  ['a slot of no higher priority', [[slot({ priority: 10 })]]],
  ['one that the cap leaves room for', [[slot({})], { caps: [{ ...DAY_CAP, limit: 2 }] }]],
  ['one that falls into another window', [[slot({ anchor: { kind: 'monthDay', day: 3 } })]]],
  ['one whose audience the contact is not of', [[slot({ audience: { brand: 'm-zone' } })]]],
  [
    'one that would be refused anyway',
    [[slot({ touch: { channel: 'wecom', class: 'marketing' } })]],
  ],
  [
    'one that has had its turn',
    [
      [slot({})],
      undefined,
      {
        contact: {
          touches: [
            {
              touchId: HIGH,
              at: AT,
              state: 'released',
              channel: 'sms',
              class: 'marketing',
              attempt: 1,
            },
          ],
        },
      },
    ],
  ],
  ['a version that is not in force then', [[slot({})], undefined, { life: { takeovers: [] } }]],
])('it does not give way to %s', (_, given) => {
  expect(asks(...given)).toBeNull();
});
