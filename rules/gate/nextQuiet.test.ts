import fc from 'fast-check';
import { gateCases } from '../../test/gate/cases';
import type { GateContact } from '../contact/gateContact.schema';
import type { Policy } from '../policy/policy.schema';
import { HOUR_MS } from '../time/durations';
import { formatInstant } from '../time/instant';
import { decide, preparePolicy } from './gate';
import type { Touch } from './gate.schema';
import { nextQuiet } from './nextQuiet';

const night = { id: 'night', classes: ['marketing' as const], from: '21:00', to: '09:00' };
const AT = '2026-03-02T02:00:00Z'; // a Monday, 10:00 in Shanghai

function next(
  policy: Partial<Policy>,
  contact: Partial<GateContact> = {},
  touch: Partial<Touch> = {},
): string | null {
  const asked: Touch = { touchId: 't', at: AT, channel: 'wecom', class: 'marketing', ...touch };
  const prepared = preparePolicy(
    { id: 'p', version: 1, timezone: 'Asia/Shanghai', ...policy },
    { '2026-03-04': 'rest' },
  );
  const found = nextQuiet(prepared, { contactId: 'c', ...contact }, asked, Date.parse(asked.at));
  return found === null ? null : formatInstant(found);
}

describe('it is next quiet', () => {
  it.each<readonly [string, string | null, Partial<Policy>, Partial<GateContact>, Partial<Touch>]>([
    ['at the start of the window', '2026-03-02T13:00:00.000Z', { quietHours: [night] }, {}, {}],
    [
      "in the contact's own zone",
      '2026-03-02T12:00:00.000Z',
      { quietHours: [night] },
      { timezone: 'Asia/Tokyo' },
      {},
    ],
    [
      'now, when it is quiet',
      '2026-03-02T20:00:00.000Z',
      { quietHours: [night] },
      {},
      { at: '2026-03-02T20:00:00Z' },
    ],
    ['never, for another class', null, { quietHours: [night] }, {}, { class: 'service' }],
    [
      'on the day on which a window starts',
      '2026-03-06T13:00:00.000Z',
      { quietHours: [{ ...night, days: ['fri'] }] },
      {},
      {},
    ],
    [
      'on the next rest day of the table',
      '2026-03-04T13:00:00.000Z',
      { quietHours: [{ ...night, dayKinds: ['rest'] }] },
      {},
      {},
    ],
    [
      "in the customer's own hours",
      '2026-03-02T04:00:00.000Z',
      { quietHours: [night] },
      { quietHours: { from: '12:00', to: '14:00' } },
      {},
    ],
    [
      'when do-not-disturb begins',
      '2026-03-02T05:00:00.000Z',
      { quietHours: [night] },
      { dnd: [{ from: '2026-03-02T05:00:00Z' }] },
      {},
    ],
    [
      'not when do-not-disturb of another channel begins',
      null,
      {},
      { dnd: [{ from: '2026-03-02T05:00:00Z', channels: ['sms'] }] },
      {},
    ],
    [
      'not when do-not-disturb begins in two months',
      null,
      {},
      { dnd: [{ from: '2026-05-02T05:00:00Z' }] },
      {},
    ],
    ['never, where nothing is quiet', null, {}, {}, {}],
  ])('%s', (_, expected, policy, contact, touch) => {
    expect(next(policy, contact, touch)).toBe(expected);
  });
});

test('until it is next quiet neither quiet hours nor do-not-disturb have anything to say, and then one has', () => {
  let found = 0;
  fc.assert(
    fc.property(gateCases, ({ policy, contact, touch, holidays }) => {
      const prepared = preparePolicy(policy, holidays);
      const at = Date.parse(touch.at);
      const isQuiet = (instant: number) =>
        decide(prepared, contact, { ...touch, at: formatInstant(instant) }).explain.some(
          ({ kind, answer }) => (kind === 'dnd' || kind === 'quiet-hours') && answer !== 'pass',
        );
      const quiet = nextQuiet(prepared, contact, touch, at);
      if (quiet !== null) expect(isQuiet(quiet)).toBe(true);
      if (quiet !== null && quiet > at) {
        found += 1;
        expect(isQuiet(quiet - 1)).toBe(false);
      }
      const end = Math.min(quiet ?? Number.POSITIVE_INFINITY, at + 40 * HOUR_MS);
      for (let instant = at; instant < end; instant += 10 * 60_000)
        expect(isQuiet(instant)).toBe(false);
    }),
    { seed: 51, numRuns: 400 },
  );
  expect(found).toBeGreaterThan(100);
});
