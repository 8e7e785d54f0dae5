import fc from 'fast-check';
import { durationMs, formatInstant, instantAt, parseInstant } from './instant';

describe('reading an instant', () => {
  test.each([
    ['2026-03-01T09:00:00+08:00', '2026-03-01T01:00:00.000Z'],
    ['2026-03-01T09:00:00.5-0330', '2026-03-01T12:30:00.500Z'],
    ['2026-03-01T09:00+08', '2026-03-01T01:00:00.000Z'],
    ['2028-02-29T23:59:59.999999Z', '2028-02-29T23:59:59.999Z'],
    ['0099-01-01T00:00:00Z', '0099-01-01T00:00:00.000Z'],
  ])('reads %s', (text, expected) => expect(formatInstant(parseInstant(text))).toBe(expected));

  test.each([
    ['no offset', '2026-03-01T09:00:00'],
    ['no time', '2026-03-01'],
    ['a date that does not exist', '2026-02-30T00:00:00Z'],
    ['the 29th of February of a common year', '2100-02-29T00:00:00Z'],
    ['the 31st of April', '2026-04-31T00:00:00Z'],
    ['month 13', '2026-13-01T00:00:00Z'],
    ['day 0', '2026-01-00T00:00:00Z'],
    ['hour 24', '2026-03-01T24:00:00Z'],
    ['minute 60', '2026-03-01T00:60:00Z'],
    ['second 60', '2026-03-01T00:00:60Z'],
    ['a fraction without digits', '2026-03-01T00:00:00.Z'],
    ['something after Z', '2026-03-01T00:00:00Zx'],
    ['letters for digits', '2026-0a-01T00:00:00Z'],
    ['an offset of 24 hours', '2026-03-01T00:00:00+24:00'],
    ['an offset of 60 minutes', '2026-03-01T00:00:00+08:60'],
    ['an offset cut short', '2026-03-01T00:00:00+8'],
    ['an offset with letters', '2026-03-01T00:00:00+0x:00'],
    ['a space for the T', '2026-03-01 00:00:00Z'],
    ['a dash in the time', '2026-03-01T00-00:00Z'],
    ['nothing', ''],
  ])('refuses %s', (_title, text) => expect(parseInstant(text)).toBeNaN());

  it('agrees with Date on every instant of four-digit years', () => {
    const instants = fc.integer({
      min: Date.parse('0000-01-01T00:00:00Z'),
      max: Date.parse('9999-12-31T23:59:59.999Z'),
    });
    fc.assert(
      fc.property(instants, (instant) => {
        const text = new Date(instant).toISOString();
        expect(parseInstant(text)).toBe(instant);
        expect(formatInstant(instant)).toBe(text);
      }),
      { seed: 3, numRuns: 3000 },
    );
  });

  it('names the place, the value and the form when it must not be wrong', () => {
    expect(instantAt('1970-01-01T00:00:01Z', 'touch.at')).toBe(1000);
    expect(() => instantAt('now', 'touch.at')).toThrow(
      'touch.at: "now" is not an ISO 8601 instant with offset or Z',
    );
  });
});

describe('printing an instant', () => {
  it('prints years beyond four digits as Date does', () => {
    expect(formatInstant(Date.UTC(10_000, 0, 1))).toBe('+010000-01-01T00:00:00.000Z');
    expect(formatInstant(Date.UTC(-1, 0, 1))).toBe('-000001-01-01T00:00:00.000Z');
  });

  it('prints the last possible instant for one that is later still', () => {
    expect(formatInstant(9e15)).toBe('+275760-09-13T00:00:00.000Z');
    expect(formatInstant(-9e15)).toBe('-271821-04-20T00:00:00.000Z');
  });
});

test('hours become whole milliseconds, however many', () => {
  expect([durationMs(0.5), durationMs(1 / 7), durationMs(1e300)]).toEqual([
    1_800_000, 514_286, 8.64e15,
  ]);
});
