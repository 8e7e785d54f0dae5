import { civilOf, dayNumber, daysInMonth, parseDate, weekdayOf } from './civil';
import { DAY_MS } from './durations';

test('dates and day numbers are each other’s inverse, as Date counts them, over ten thousand years', () => {
  const wrong: number[] = [];
  for (let dayNo = parseDate('0001-01-01'); dayNo < parseDate('9999-12-31'); dayNo += 37) {
    const { year, month, day } = civilOf(dayNo);
    const date = new Date(dayNo * DAY_MS);
    const same =
      date.getUTCFullYear() === year &&
      date.getUTCMonth() + 1 === month &&
      date.getUTCDate() === day;
    const back =
      dayNumber(year, month, day) === dayNo && weekdayOf(dayNo) === (date.getUTCDay() + 6) % 7;
    if (!same || !back) wrong.push(dayNo);
  }
  expect(wrong).toEqual([]);
});

test('February has 29 days in leap years only', () => {
  expect([2024, 2026, 2000, 1900].map((year) => daysInMonth(year, 2))).toEqual([29, 28, 29, 28]);
});

test.each(['2026-02-29', '2026-13-01', '2026-00-01', '2026-01-00', '2026-1-1', '2026-04-31', ''])(
  '%s is no date',
  (text) => {
    expect(parseDate(text)).toBeNaN();
  },
);
