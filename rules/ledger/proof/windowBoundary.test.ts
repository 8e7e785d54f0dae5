import fc from 'fast-check';
import { DateTime } from 'luxon';
import { dateInZone } from './windowBoundary';

const ZONES = ['Asia/Shanghai', 'Asia/Kathmandu', 'America/New_York', 'Australia/Lord_Howe'];

describe('the local date of an instant', () => {
  it('is what the calendar says there, also on the days on which clocks are moved', () => {
    const instants = fc.integer({
      min: Date.parse('2015-01-01T00:00:00.000Z'),
      max: Date.parse('2045-01-01T00:00:00.000Z'),
    });
    fc.assert(
      fc.property(instants, fc.constantFrom(...ZONES), (ms, zone) => {
        for (const at of [ms, ms + 1_000, ms + 20 * 60_000])
          expect(dateInZone(at, zone)).toBe(DateTime.fromMillis(at, { zone }).toISODate());
      }),
      { numRuns: 500 },
    );
  });
});
