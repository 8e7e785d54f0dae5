import { calendarHolidayWords } from './calendarHoliday';

test('a year without an arrangement is told with its predictions and the slots that it moves', () => {
  const year = { path: 'slots', kind: 'unarranged-year', year: 2027 } as const;
  expect(calendarHolidayWords({ ...year, predicted: 2, slots: ['a', 'b'] })).toEqual({
    'zh-CN':
      '节假日表没有 2027 年的放假安排（仅有 2 天预测）：当年只按普通周末判断；受影响的时段：a、b',
    en: 'the holiday table has no arrangement of 2027 (2 days predicted): that year goes by weekends alone; slots concerned: a, b',
  });
  expect(calendarHolidayWords({ ...year, predicted: 0, slots: [] }).en).toBe(
    'the holiday table has no arrangement of 2027: that year goes by weekends alone; no slot depends on it so far',
  );
});

test('holidays are called by their names in both languages', () => {
  const at = { path: 'slots[0].anchor.name', slot: 's' };
  const undated = { ...at, kind: 'undated-holiday', name: 'spring-festival', year: 2027 } as const;
  expect(calendarHolidayWords(undated)).toEqual({
    'zh-CN': '节假日表没有 2027 年春节的日期：该时段当年不会有日期',
    en: 'the holiday table has no date of Spring Festival in 2027: the slot has none that year',
  });
  const unknown = {
    ...at,
    kind: 'unknown-holiday',
    name: 'springfest',
    known: ['own-day'],
  } as const;
  expect(calendarHolidayWords({ ...unknown, nearest: null }).en).toBe(
    'the holiday table has no "springfest": the slot has no dates (known: own-day own-day)',
  );
});
