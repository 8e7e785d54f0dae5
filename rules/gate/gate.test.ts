// Each rule of the gate by table, at the edges where it turns.

import type { GateContact, TouchRecord } from '../contact/gateContact.schema';
import type { Policy } from '../policy/policy.schema';
import type { Holidays } from '../time/holidays';
import { decide, preparePolicy } from './gate';
import type { Decision, Touch } from './gate.schema';

const reachable = { wecom: { reachable: true }, sms: { reachable: true } };

interface Fields {
  readonly policy?: Partial<Policy>;
  readonly contact?: Partial<GateContact>;
  readonly touch?: Partial<Touch>;
  readonly holidays?: Holidays;
}

/** A Monday, 10:00 in Shanghai, nothing in the way. */
function ask({ policy, contact, touch, holidays = {} }: Fields): Decision {
  return decide(
    preparePolicy({ id: 'p', version: 1, timezone: 'Asia/Shanghai', ...policy }, holidays),
    { contactId: 'c-1', channels: reachable, ...contact },
    { touchId: 't', at: '2026-03-02T02:00:00Z', channel: 'wecom', class: 'marketing', ...touch },
  );
}

function answer(fields: Fields): string {
  const { verdict, reason, rule, until } = ask(fields);
  return [verdict, reason, rule, until].filter(Boolean).join(' ');
}

const past = (at: string, fields: Partial<TouchRecord> = {}): TouchRecord => ({
  touchId: `o-${at}`,
  at,
  state: 'sent',
  channel: 'wecom',
  class: 'marketing',
  ...fields,
});

const quiet = (fields: object): Partial<Policy> => ({
  quietHours: [{ id: 'q', from: '21:00', to: '09:00', ...fields }],
});
const gap = (fields: object): Partial<Policy> => ({ gaps: [{ id: 'g', hours: 4, ...fields }] });
const cap = (fields: object): Partial<Policy> => ({
  caps: [{ id: 'k', limit: 1, window: { kind: 'calendar', unit: 'day' }, ...fields }],
});

type Row = readonly [title: string, fields: Fields, expected: string];

describe('reach, blocks and consent', () => {
  test.each<Row>([
    ['passes when nothing speaks against it', {}, 'pass'],
    [
      'suppresses a channel that is not reachable',
      { contact: { channels: {} } },
      'suppressed unreachable unreachable',
    ],
    [
      'suppresses when nothing is known of channels',
      { contact: { channels: undefined } },
      'suppressed unreachable unreachable',
    ],
    [
      'suppresses a channel called like a property of every object',
      { touch: { channel: 'constructor' } },
      'suppressed unreachable unreachable',
    ],
    [
      'suppresses a blocked channel',
      { contact: { blocks: [{ channel: 'wecom' }] } },
      'suppressed blocked blocked',
    ],
    [
      'suppresses when every channel is blocked',
      { contact: { blocks: [{ channel: '*', reason: 'x' }] } },
      'suppressed blocked blocked',
    ],
    [
      'suppresses an offer where an answer of the customer waits to be read',
      { contact: { holds: [{ channel: 'wecom', reason: 'reply-unclear' }] } },
      'suppressed blocked blocked',
    ],
    [
      'passes what is no offer there',
      { contact: { holds: [{ channel: 'wecom' }] }, touch: { class: 'service' } },
      'pass',
    ],
    [
      'passes an offer when an answer closed another channel',
      { contact: { holds: [{ channel: 'sms' }] } },
      'pass',
    ],
    [
      'passes when another channel is blocked',
      { contact: { blocks: [{ channel: 'sms' }] } },
      'pass',
    ],
    [
      'reads a missing consent as unknown, which is not granted',
      { policy: { consent: [{ need: 'granted' }] } },
      'suppressed consent consent',
    ],
    ['takes unknown for not refused', { policy: { consent: [{ need: 'not-refused' }] } }, 'pass'],
    [
      'asks every consent rule that applies',
      {
        policy: {
          consent: [
            { need: 'not-refused' },
            { classes: ['service'], need: 'granted' },
            { channels: ['wecom'], need: 'granted' },
          ],
        },
        contact: { consents: { wecom: { marketing: 'refused' } } },
      },
      'suppressed consent consent',
    ],
    [
      'looks up consent by channel and class',
      {
        policy: { consent: [{ need: 'granted' }] },
        contact: { consents: { wecom: { marketing: 'granted' } } },
      },
      'pass',
    ],
  ])('%s', (_title, fields, expected) => expect(answer(fields)).toBe(expected));
});

describe('do not disturb', () => {
  const dnd = (...entries: NonNullable<GateContact['dnd']>): Fields => ({
    contact: { dnd: entries },
  });
  test.each<Row>([
    ['suppresses without an end', dnd({}), 'suppressed dnd dnd'],
    [
      'waits for the end',
      dnd({ until: '2026-03-02T02:00:00.001Z' }),
      'deferred dnd dnd 2026-03-02T02:00:00.001Z',
    ],
    ['is over at its end', dnd({ until: '2026-03-02T02:00:00Z' }), 'pass'],
    [
      'begins at its beginning',
      dnd({ from: '2026-03-02T10:00:00+08:00', until: '2026-03-03T00:00:00Z' }),
      'deferred dnd dnd 2026-03-03T00:00:00.000Z',
    ],
    ['has not begun a millisecond before', dnd({ from: '2026-03-02T02:00:00.001Z' }), 'pass'],
    [
      'spares transactional touches unless it names them',
      { ...dnd({}), touch: { class: 'transactional' } },
      'pass',
    ],
    [
      'holds transactional touches when it names them',
      { ...dnd({ classes: ['transactional'] }), touch: { class: 'transactional' } },
      'suppressed dnd dnd',
    ],
    ['is about its channels only', dnd({ channels: ['sms'] }), 'pass'],
    [
      'suppresses when a wait ends inside another entry without end',
      dnd({ until: '2026-03-02T03:00:00Z' }, { from: '2026-03-02T02:30:00Z' }),
      'suppressed dnd dnd',
    ],
    [
      'jumps over what lies between',
      dnd(
        { until: '2026-03-02T05:00:00Z' },
        { from: '2026-03-02T03:00:00Z', until: '2026-03-02T04:00:00Z' },
      ),
      'deferred dnd dnd 2026-03-02T05:00:00.000Z',
    ],
  ])('%s', (_title, fields, expected) => expect(answer(fields)).toBe(expected));
});

describe('quiet hours', () => {
  const night = (at: string, fields: object = {}): Fields => ({
    policy: quiet(fields),
    touch: { at },
  });
  const newYork = (at: string, from: string, to: string): Fields => ({
    policy: { ...quiet({ from, to }), timezone: 'America/New_York' },
    touch: { at },
  });
  test.each<Row>([
    [
      'begin on the minute',
      night('2026-03-02T13:00:00Z'),
      'deferred quiet-hours q 2026-03-03T01:00:00.000Z',
    ],
    ['have not begun a millisecond before', night('2026-03-02T12:59:59.999Z'), 'pass'],
    [
      'hold after midnight',
      night('2026-03-02T00:59:59.999Z'),
      'deferred quiet-hours q 2026-03-02T01:00:00.000Z',
    ],
    ['are over at their end', night('2026-03-02T01:00:00Z'), 'pass'],
    [
      'suppress when told so',
      night('2026-03-02T13:00:00Z', { onHit: 'suppress' }),
      'suppressed quiet-hours q',
    ],
    [
      'test the weekday on which they start',
      night('2026-03-02T00:00:00Z', { days: ['sun'] }),
      'deferred quiet-hours q 2026-03-02T01:00:00.000Z',
    ],
    [
      'do not test the weekday on which they end',
      night('2026-03-02T00:00:00Z', { days: ['mon'] }),
      'pass',
    ],
    [
      'test the kind of day on which they start',
      night('2026-03-02T00:00:00Z', { dayKinds: ['work'] }),
      'pass',
    ],
    [
      'follow the holiday table',
      {
        ...night('2026-03-02T00:00:00Z', { dayKinds: ['work'] }),
        holidays: { '2026-03-01': 'work' },
      },
      'deferred quiet-hours q 2026-03-02T01:00:00.000Z',
    ],
    [
      'need both the weekday and the kind',
      night('2026-03-02T00:00:00Z', { days: ['sun'], dayKinds: ['work'] }),
      'pass',
    ],
    [
      'last a whole day when the ends are equal',
      night('2026-03-02T01:00:00Z', { from: '09:00', to: '09:00', days: ['mon'] }),
      'deferred quiet-hours q 2026-03-03T01:00:00.000Z',
    ],
    [
      'are too late when they never end',
      night('2026-03-02T01:00:00Z', { from: '09:00', to: '09:00' }),
      'suppressed too-late too-late',
    ],
    [
      'leave other classes alone',
      { ...night('2026-03-02T13:00:00Z', { classes: ['service'] }) },
      'pass',
    ],
    [
      'leave other channels alone',
      { ...night('2026-03-02T13:00:00Z', { channels: ['sms'] }) },
      'pass',
    ],
    [
      'of the customer hold marketing',
      { contact: { quietHours: { from: '09:30', to: '10:30' } } },
      'deferred quiet-hours contact 2026-03-02T02:30:00.000Z',
    ],
    [
      'of the customer spare transactional touches',
      {
        contact: { quietHours: { from: '09:30', to: '10:30' } },
        touch: { class: 'transactional' },
      },
      'pass',
    ],
    [
      'read the contact’s own zone',
      { ...night('2026-03-02T02:00:00Z'), contact: { timezone: 'Europe/London' } },
      'deferred quiet-hours q 2026-03-02T09:00:00.000Z',
    ],
    [
      'end at the first instant after a gap of the clock',
      newYork('2026-03-08T06:00:00Z', '00:00', '02:30'),
      'deferred quiet-hours q 2026-03-08T07:00:00.000Z',
    ],
    [
      'are empty when both ends meet in the gap',
      newYork('2026-03-08T07:00:00Z', '02:15', '02:45'),
      'pass',
    ],
    [
      'begin at the first of two equal wall times',
      newYork('2026-11-01T05:30:00Z', '01:30', '03:00'),
      'deferred quiet-hours q 2026-11-01T08:00:00.000Z',
    ],
    [
      'end at the first of two equal wall times',
      newYork('2026-11-01T05:30:00Z', '00:00', '01:30'),
      'pass',
    ],
  ])('%s', (_title, fields, expected) => expect(answer(fields)).toBe(expected));
});

describe('gaps', () => {
  const after = (rule: object, ...touches: TouchRecord[]): Fields => ({
    policy: gap(rule),
    contact: { touches },
  });
  test.each<Row>([
    [
      'count from the latest touch',
      after({}, past('2026-03-01T22:00:00.001Z'), past('2026-03-01T20:00:00Z')),
      'deferred gap g 2026-03-02T02:00:00.001Z',
    ],
    ['are over at their end', after({}, past('2026-03-01T22:00:00Z')), 'pass'],
    [
      'count a touch that is still to come',
      after({}, past('2026-03-05T00:00:00Z')),
      'deferred gap g 2026-03-05T04:00:00.000Z',
    ],
    [
      'suppress when told so',
      after({ onHit: 'suppress' }, past('2026-03-02T01:00:00Z')),
      'suppressed gap g',
    ],
    [
      'round hours to whole milliseconds',
      after({ hours: 1.000_000_2 }, past('2026-03-02T01:00:00Z')),
      'deferred gap g 2026-03-02T02:00:00.001Z',
    ],
    [
      'do not count the asked touch',
      after({}, past('2026-03-02T01:00:00Z', { touchId: 't' })),
      'pass',
    ],
    [
      'do not count released touches',
      after({}, past('2026-03-02T01:00:00Z', { state: 'released' })),
      'pass',
    ],
    [
      'count tasked ones',
      after({}, past('2026-03-02T01:00:00Z', { state: 'tasked' })),
      'deferred gap g 2026-03-02T05:00:00.000Z',
    ],
    [
      'count an open touch from when it was asked, unless told otherwise',
      after(
        {},
        past('2026-03-02T01:00:00Z', { state: 'tasked', settleBy: '2026-03-03T01:00:00Z' }),
      ),
      'deferred gap g 2026-03-02T05:00:00.000Z',
    ],
    [
      'count a tasked touch from the instant from which it can no longer be confirmed',
      after(
        { openCounts: 'deadline' },
        past('2026-03-02T01:00:00Z', { state: 'tasked', settleBy: '2026-03-03T01:00:00Z' }),
        past('2026-03-02T01:30:00Z'),
      ),
      'deferred gap g 2026-03-03T05:00:00.000Z',
    ],
    [
      'count a reserved one the same, however long ago it was asked',
      after(
        { openCounts: 'deadline' },
        past('2026-03-01T01:00:00Z', { state: 'reserved', settleBy: '2026-03-02T01:59:00Z' }),
      ),
      'deferred gap g 2026-03-02T05:59:00.000Z',
    ],
    [
      'count a sent one from its sending, and an open one whose deadline was earlier from its asking',
      after(
        { openCounts: 'deadline' },
        past('2026-03-01T22:00:00Z', { settleBy: '2026-03-03T01:00:00Z' }),
        past('2026-03-01T23:00:00Z', { state: 'tasked', settleBy: '2026-03-01T21:00:00Z' }),
      ),
      'deferred gap g 2026-03-02T03:00:00.000Z',
    ],
    [
      'count all classes when they name none',
      after({}, past('2026-03-02T01:00:00Z', { class: 'transactional' })),
      'deferred gap g 2026-03-02T05:00:00.000Z',
    ],
    [
      'count the classes they apply to',
      after({ classes: ['marketing'] }, past('2026-03-02T01:00:00Z', { class: 'service' })),
      'pass',
    ],
    [
      'count other classes when told so',
      after(
        { classes: ['marketing'], counts: ['service'] },
        past('2026-03-02T01:00:00Z', { class: 'service' }),
      ),
      'deferred gap g 2026-03-02T05:00:00.000Z',
    ],
    [
      'count past touches on their channels only',
      after({ channels: ['wecom'] }, past('2026-03-02T01:00:00Z', { channel: 'sms' })),
      'pass',
    ],
    [
      'count all channels when they name none',
      after({}, past('2026-03-02T01:00:00Z', { channel: 'sms' })),
      'deferred gap g 2026-03-02T05:00:00.000Z',
    ],
    [
      'do not apply when the asked touch lacks a mark',
      after({ per: ['category'] }, past('2026-03-02T01:00:00Z')),
      'pass',
    ],
    ...(['category', 'campaign', 'product', 'staffId', 'city'] as const).flatMap((mark): Row[] => [
      [
        `count the same ${mark}`,
        {
          ...after({ per: [mark] }, past('2026-03-02T01:00:00Z', { [mark]: 'x' })),
          touch: { [mark]: 'x' },
        },
        'deferred gap g 2026-03-02T05:00:00.000Z',
      ],
      [
        `do not count another ${mark}`,
        {
          ...after({ per: [mark] }, past('2026-03-02T01:00:00Z', { [mark]: 'y' })),
          touch: { [mark]: 'x' },
        },
        'pass',
      ],
    ]),
    [
      'count the same channel only',
      after({ per: ['channel'] }, past('2026-03-02T01:00:00Z', { channel: 'sms' })),
      'pass',
    ],
    [
      'outlast any number of hours',
      after({ hours: 1e300 }, past('2026-03-02T01:00:00Z')),
      'suppressed too-late too-late',
    ],
  ])('%s', (_title, fields, expected) => expect(answer(fields)).toBe(expected));
});

describe('caps', () => {
  const full = (rule: object, at: string[], fields: Fields = {}): Fields => ({
    policy: { ...cap(rule), ...fields.policy },
    contact: { touches: at.map((text) => past(text)), ...fields.contact },
    touch: { ...fields.touch },
  });
  const rolling = { window: { kind: 'rolling', hours: 24 } };
  const calendar = (unit: string) => ({ window: { kind: 'calendar', unit } });
  test.each<Row>([
    [
      'defer to the next local midnight',
      full({}, ['2026-03-01T16:00:00Z']),
      'deferred cap k 2026-03-02T16:00:00.000Z',
    ],
    ['do not count the day before', full({}, ['2026-03-01T15:59:59.999Z']), 'pass'],
    [
      'begin weeks on Monday',
      full(calendar('week'), ['2026-03-01T16:00:00Z']),
      'deferred cap k 2026-03-08T16:00:00.000Z',
    ],
    ['end weeks on Sunday', full(calendar('week'), ['2026-03-01T15:59:59Z']), 'pass'],
    [
      'begin months on the first',
      full(calendar('month'), ['2026-02-28T16:00:00Z']),
      'deferred cap k 2026-03-31T16:00:00.000Z',
    ],
    [
      'begin bill cycles on the first by default',
      full(calendar('billCycle'), ['2026-02-28T16:00:00Z']),
      'deferred cap k 2026-03-31T16:00:00.000Z',
    ],
    [
      'begin bill cycles on the last day of a shorter month',
      full(calendar('billCycle'), ['2026-02-27T16:00:00Z'], {
        contact: { billDay: 31, touches: [past('2026-02-27T16:00:00Z')] },
      }),
      'deferred cap k 2026-03-30T16:00:00.000Z',
    ],
    [
      'do not count before the bill day',
      full(calendar('billCycle'), [], {
        contact: { billDay: 2, touches: [past('2026-03-01T15:59:59Z')] },
      }),
      'pass',
    ],
    [
      'let a touch leave a rolling window exactly after its hours',
      full(rolling, ['2026-03-01T02:00:00Z']),
      'pass',
    ],
    [
      'hold a rolling window a millisecond before',
      full(rolling, ['2026-03-01T02:00:00.001Z']),
      'deferred cap k 2026-03-02T02:00:00.001Z',
    ],
    [
      'wait until fewer than the limit are left',
      full({ ...rolling, limit: 2 }, [
        '2026-03-01T20:00:00Z',
        '2026-03-01T08:00:00Z',
        '2026-03-01T14:00:00Z',
      ]),
      'deferred cap k 2026-03-02T14:00:00.000Z',
    ],
    ['have room below the limit', full({ ...rolling, limit: 2 }, ['2026-03-01T20:00:00Z']), 'pass'],
    [
      'suppress when told so',
      full({ onHit: 'suppress' }, ['2026-03-02T00:00:00Z']),
      'suppressed cap k',
    ],
    ['suppress at a limit of 0 with nothing counted', full({ limit: 0 }, []), 'suppressed cap k'],
    [
      'count a touch to come in a rolling window',
      full(rolling, ['2026-03-04T00:00:00Z']),
      'deferred cap k 2026-03-05T00:00:00.000Z',
    ],
    [
      'count a touch to come until its own window is over',
      full({}, ['2026-03-04T00:00:00Z']),
      'deferred cap k 2026-03-04T16:00:00.000Z',
    ],
    [
      'see the date that clocks put back over midnight bring again',
      full({ limit: 1 }, ['2010-11-07T02:30:30Z'], {
        policy: { timezone: 'America/St_Johns' },
        touch: { at: '2010-11-07T02:40:00Z' },
      }),
      'deferred cap k 2010-11-08T03:30:00.000Z',
    ],
    [
      'defer to the second midnight where the date comes again',
      full({ limit: 1 }, ['2010-11-07T02:00:00Z'], {
        policy: { timezone: 'America/St_Johns' },
        touch: { at: '2010-11-07T02:40:00Z' },
      }),
      'deferred cap k 2010-11-07T03:30:00.000Z',
    ],
  ])('%s', (_title, fields, expected) => expect(answer(fields)).toBe(expected));
});

describe('the holdout', () => {
  const held = (fields: object): Partial<Policy> => ({
    holdout: { percent: 100, salt: '2026', by: 'contact', ...fields },
  });
  test.each<Row>([
    ['suppresses who is drawn', { policy: held({}) }, 'suppressed holdout holdout'],
    ['spares everybody at 0 percent', { policy: held({ percent: 0 }) }, 'pass'],
    ['is about its classes', { policy: held({ classes: ['service'] }) }, 'pass'],
    ['is about its channels', { policy: held({ channels: ['sms'] }) }, 'pass'],
    ['by campaign does not apply without one', { policy: held({ by: 'campaign' }) }, 'pass'],
    [
      'by campaign applies with one',
      { policy: held({ by: 'campaign' }), touch: { campaign: 'k' } },
      'suppressed holdout holdout',
    ],
    [
      'is not looked at while another rule defers',
      { policy: { ...held({}), ...quiet({ from: '09:00', to: '11:00' }) } },
      'deferred quiet-hours q 2026-03-02T03:00:00.000Z',
    ],
  ])('%s', (_title, fields, expected) => expect(answer(fields)).toBe(expected));
});

describe('the decision', () => {
  const morning = quiet({ from: '09:00', to: '12:00' });
  test.each<Row>([
    [
      'is expired at the instant of expiry',
      { touch: { expiresAt: '2026-03-02T02:00:00Z' }, contact: { channels: {} } },
      'suppressed expired expired',
    ],
    [
      'passes a millisecond before expiry',
      { touch: { expiresAt: '2026-03-02T02:00:00.001Z' } },
      'pass',
    ],
    [
      'is expired when the wait reaches expiry',
      { policy: morning, touch: { expiresAt: '2026-03-02T04:00:00Z' } },
      'suppressed expired expired',
    ],
    [
      'waits when expiry comes after',
      { policy: morning, touch: { expiresAt: '2026-03-02T04:00:00.001Z' } },
      'deferred quiet-hours q 2026-03-02T04:00:00.000Z',
    ],
    [
      'waits as long as is allowed',
      { policy: { ...morning, maxDeferHours: 2 } },
      'deferred quiet-hours q 2026-03-02T04:00:00.000Z',
    ],
    [
      'is too late when the wait is longer',
      { policy: { ...morning, maxDeferHours: 1.999 } },
      'suppressed too-late too-late',
    ],
    [
      'is expired rather than too late',
      { policy: { ...morning, maxDeferHours: 1 }, touch: { expiresAt: '2026-03-02T03:00:00Z' } },
      'suppressed expired expired',
    ],
    [
      'suppresses at once though an earlier rule defers',
      {
        policy: { ...morning, ...cap({ limit: 0 }) },
        contact: { dnd: [{ until: '2026-03-02T03:00:00Z' }] },
      },
      'suppressed cap k',
    ],
    [
      'names the first suppressing rule in the order of the gate',
      {
        policy: {
          ...quiet({ from: '09:00', to: '12:00', onHit: 'suppress' }),
          ...cap({ limit: 0 }),
        },
      },
      'suppressed quiet-hours q',
    ],
    [
      'keeps the reason of the first deferring rule while waiting for the latest',
      { policy: { ...morning, ...cap({}) }, contact: { touches: [past('2026-03-02T01:00:00Z')] } },
      'deferred quiet-hours q 2026-03-02T16:00:00.000Z',
    ],
    [
      'asks again at the end of the wait, and again',
      {
        policy: {
          quietHours: [
            { id: 'a', from: '09:00', to: '12:00' },
            { id: 'b', from: '11:00', to: '14:00' },
          ],
        },
        contact: { quietHours: { from: '13:00', to: '15:30' } },
      },
      'deferred quiet-hours a 2026-03-02T07:30:00.000Z',
    ],
    [
      'ends with a rule that suppresses at the end of the wait',
      {
        policy: {
          quietHours: [
            { id: 'a', from: '09:00', to: '12:00' },
            { id: 'b', from: '11:00', to: '14:00', onHit: 'suppress' },
          ],
        },
      },
      'suppressed quiet-hours b',
    ],
    [
      'waits 400 days',
      { contact: { dnd: [{ until: '2027-04-06T02:00:00Z' }] } },
      'deferred dnd dnd 2027-04-06T02:00:00.000Z',
    ],
    [
      'does not wait longer',
      { contact: { dnd: [{ until: '2027-04-06T02:00:00.001Z' }] } },
      'suppressed too-late too-late',
    ],
  ])('%s', (_title, fields, expected) => expect(answer(fields)).toBe(expected));

  it('explains every rule that applied with its answer at the asked instant', () => {
    const { explain } = ask({
      policy: {
        ...morning,
        consent: [{ need: 'granted' }],
        ...gap({ classes: ['service'] }),
        ...cap({}),
      },
      contact: {
        consents: { wecom: { marketing: 'granted' } },
        dnd: [{ until: '2026-03-01T00:00:00Z' }, { until: '2026-03-02T03:00:00Z' }],
        blocks: [{ channel: 'wecom', reason: 'complaint' }],
        touches: [past('2026-03-02T01:00:00Z'), past('2026-03-01T01:00:00Z')],
      },
    });
    expect(explain).toEqual([
      { kind: 'unreachable', rule: 'unreachable', answer: 'pass', detail: 'reachable' },
      {
        kind: 'blocked',
        rule: 'blocked',
        answer: 'suppress',
        detail: 'blocked on wecom: complaint',
      },
      { kind: 'consent', rule: 'consent', answer: 'pass', detail: 'granted, needs granted' },
      {
        kind: 'dnd',
        rule: 'dnd',
        answer: 'defer',
        until: '2026-03-02T03:00:00.000Z',
        detail: 'from always until 2026-03-02T03:00:00Z',
      },
      {
        kind: 'quiet-hours',
        rule: 'q',
        answer: 'defer',
        until: '2026-03-02T04:00:00.000Z',
        detail: '09:00-12:00',
      },
      {
        kind: 'cap',
        rule: 'k',
        answer: 'defer',
        until: '2026-03-02T16:00:00.000Z',
        detail: '1 of 1 since 2026-03-01T16:00:00.000Z',
      },
    ]);
  });

  it('explains an empty gap, a rolling cap and the holdout that was looked at', () => {
    const { explain } = ask({
      policy: {
        ...gap({}),
        ...cap({ window: { kind: 'rolling', hours: 1 } }),
        holdout: { percent: 0, salt: 's', by: 'contact' },
      },
    });
    expect(explain.slice(2).map(({ rule, detail }) => [rule, detail])).toEqual([
      ['g', 'none counted'],
      ['k', '0 of 1 since 2026-03-02T01:00:00.001Z'],
      ['holdout', 'not in the 0% by contact'],
    ]);
  });

  it.each<readonly [Fields, string]>([
    [{ touch: { at: '2026-03-02T02:00:00' } }, 'touch.at'],
    [{ touch: { expiresAt: 'soon' } }, 'touch.expiresAt'],
    [
      { policy: gap({}), contact: { touches: [past('2026-03-01T01:00:00Z'), past('yesterday')] } },
      'contact.touches[1].at',
    ],
    [{ contact: { dnd: [{ until: '2026-02-30T00:00:00Z' }] } }, 'contact.dnd[0].until'],
    [{ contact: { dnd: [{ from: '' }] } }, 'contact.dnd[0].from'],
    [{ contact: { timezone: 'Mars/Olympus' } }, 'time zone'],
  ])('refuses what a caller left unvalidated instead of giving a verdict (%#)', (fields, place) => {
    expect(() => ask(fields)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', message: expect.stringContaining(place) }),
    );
  });
});

describe('what held an expired touch', () => {
  const own = { quietHours: { from: '09:00', to: '13:00' } };
  const heldPast = (fields: Fields) =>
    ask(fields).explain.flatMap(({ rule, heldPast: held }) => (held ? [[rule, held]] : []));

  test('is the rule that would let it pass only after its end', () => {
    expect(heldPast({ contact: own, touch: { expiresAt: '2026-03-02T12:01:00+09:00' } })).toEqual([
      [
        'contact',
        { wouldPassAt: '2026-03-02T05:00:00.000Z', expiresAt: '2026-03-02T03:01:00.000Z' },
      ],
    ]);
  });

  test('is not one that ends in time', () => {
    const policy = quiet({ from: '09:00', to: '10:30' });
    const touch = { expiresAt: '2026-03-02T03:01:00Z' };
    expect(heldPast({ policy, contact: own, touch })).toMatchObject([['contact', {}]]);
  });

  test('is the first of several when none of them alone goes past the end', () => {
    const policy: Partial<Policy> = {
      quietHours: [
        { id: 'q', from: '09:00', to: '10:30' },
        { id: 'r', from: '10:30', to: '12:00' },
      ],
    };
    expect(heldPast({ policy, touch: { expiresAt: '2026-03-02T03:01:00Z' } })).toEqual([
      ['q', { wouldPassAt: '2026-03-02T04:00:00.000Z', expiresAt: '2026-03-02T03:01:00.000Z' }],
    ]);
  });

  test('is nothing when it is asked too late, or when it only waits', () => {
    expect(heldPast({ contact: own, touch: { expiresAt: '2026-03-02T01:00:00Z' } })).toEqual([]);
    expect(heldPast({ contact: own })).toEqual([]);
  });
});

describe('a rule about days of rest in a year that nobody has arranged', () => {
  const policy = quiet({ from: '09:00', to: '12:00', dayKinds: ['rest'] });
  const detailAt = (at: string, holidays: Holidays) =>
    ask({ policy, touch: { at }, holidays }).explain.find(({ rule }) => rule === 'q');

  test('goes by weekends, and says so', () => {
    const arranged = { '2026-10-01': 'rest' } as const;
    expect(detailAt('2027-10-01T02:00:00Z', arranged)).toMatchObject({
      answer: 'pass',
      detail: '09:00-12:00, by weekends alone: no holidays announced for 2027',
    });
    expect(detailAt('2026-10-01T02:00:00Z', arranged)).toMatchObject({
      answer: 'defer',
      detail: '09:00-12:00',
    });
  });
});
