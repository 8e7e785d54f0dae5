import { IANAZone } from 'luxon';
import { parseDate } from './civil';
import { DAY_MS, MINUTE_MS } from './durations';
import { isZone, zoneOf } from './zone';

/** A wall time as the arguments of `instantOf`. */
function wall(text: string): [number, number] {
  const [date = '', time = ''] = text.split('T');
  const [hours, minutes] = time.split(':').map(Number);
  return [parseDate(date), (Number(hours) * 60 + Number(minutes)) * MINUTE_MS];
}

const iso = (instant: number) => new Date(instant).toISOString();

describe('a wall time', () => {
  test.each([
    [
      'is one instant on a plain day',
      'Asia/Shanghai',
      '2026-03-01T09:00',
      '2026-03-01T01:00:00.000Z',
    ],
    [
      'in a gap is the first instant after it',
      'America/New_York',
      '2026-03-08T02:59',
      '2026-03-08T07:00:00.000Z',
    ],
    [
      'that comes twice is the first',
      'America/New_York',
      '2026-11-01T01:30',
      '2026-11-01T05:30:00.000Z',
    ],
    [
      'in a gap of half an hour',
      'Australia/Lord_Howe',
      '2026-10-04T02:15',
      '2026-10-03T15:30:00.000Z',
    ],
    [
      'twice within half an hour',
      'Australia/Lord_Howe',
      '2026-04-05T01:45',
      '2026-04-04T14:45:00.000Z',
    ],
    [
      'midnight that the clock skips',
      'Africa/Cairo',
      '2026-04-24T00:00',
      '2026-04-23T22:00:00.000Z',
    ],
    [
      'on a date that does not exist',
      'Pacific/Apia',
      '2011-12-30T21:00',
      '2011-12-30T10:00:00.000Z',
    ],
    ['at an odd offset', 'Asia/Kathmandu', '2026-01-01T00:00', '2025-12-31T18:15:00.000Z'],
    ['in local mean time', 'Asia/Shanghai', '1850-01-01T00:00', '1849-12-31T15:54:17.000Z'],
    ['in the far future', 'Europe/London', '9998-07-01T12:00', '9998-07-01T11:00:00.000Z'],
  ])('%s', (_title, zone, text, expected) => {
    expect(iso(zoneOf(zone).instantOf(...wall(text)))).toBe(expected);
    zoneOf(zone).offsetAt(0); // whatever was looked up before must not matter
    expect(iso(zoneOf(zone).instantOf(...wall(text)))).toBe(expected);
  });

  it('has a last instant, which is the second where it comes twice', () => {
    const last = (zone: string, text: string) => iso(zoneOf(zone).lastInstantOf(...wall(text)));
    expect(last('America/New_York', '2026-11-01T01:30')).toBe('2026-11-01T06:30:00.000Z');
    expect(last('America/New_York', '2026-11-02T01:30')).toBe('2026-11-02T06:30:00.000Z');
    expect(last('America/New_York', '2026-03-08T02:30')).toBe('2026-03-08T07:00:00.000Z');
  });
});

test('local dates follow the clock over the date line', () => {
  const apia = zoneOf('Pacific/Apia');
  expect(apia.dayAt(Date.parse('2011-12-30T09:59:59.999Z'))).toBe(parseDate('2011-12-29'));
  expect(apia.dayAt(Date.parse('2011-12-30T10:00:00Z'))).toBe(parseDate('2011-12-31'));
});

test.each([
  'Africa/Casablanca',
  'America/St_Johns',
  'America/Sao_Paulo',
  'Antarctica/Troll',
  'Asia/Tehran',
  'Europe/Dublin',
])('offsets of %s are those of luxon on every third day of seventy years', (name) => {
  const known = IANAZone.create(name);
  const zone = zoneOf(name);
  const wrong: string[] = [];
  for (let at = Date.UTC(1971, 0, 1); at < Date.UTC(2041, 0, 1); at += 3.1 * DAY_MS)
    if (Math.abs(zone.offsetAt(at) / MINUTE_MS - known.offset(at)) >= 1) wrong.push(iso(at));
  expect(wrong).toEqual([]);
});

test('a change of the clocks is recent for a day', () => {
  const zone = zoneOf('Europe/London');
  expect(zone.justChanged(Date.parse('2026-03-29T12:00:00Z'))).toBe(true);
  expect(zone.justChanged(Date.parse('2026-03-31T12:00:00Z'))).toBe(false);
});

test('a name that the runtime does not know is no zone', () => {
  expect(isZone('Asia/Shanghai')).toBe(true);
  expect(isZone('Mars/Olympus')).toBe(false);
  expect(isZone('')).toBe(false);
  expect(() => zoneOf('Mars/Olympus')).toThrow(
    '"Mars/Olympus" is not a time zone; allowed: an IANA name such as Asia/Shanghai',
  );
});
