// Random calendars, answered a second time by an implementation that only counts days.

import fc from 'fast-check';
import { calendarCases } from '../../test/calendar/cases';
import { naiveOccurrences } from '../../test/calendar/oracle';
import { occurrences } from './occurrences';

test('the compile agrees with asking every day', () => {
  let found = 0;
  fc.assert(
    fc.property(calendarCases, (given) => {
      const { calendar, contacts, holidays, from, to } = given;
      const answer = occurrences(calendar, contacts, holidays, from, to);
      found += answer.length;
      expect(answer).toEqual(naiveOccurrences(given));
    }),
    { seed: 12, numRuns: 60 },
  );
  expect(found).toBeGreaterThan(40);
});
