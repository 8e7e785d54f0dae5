import { localDate } from './localDate';

test.each([
  ['2026-02-28T15:59:59.999Z', 'Asia/Shanghai', '2026-02-28'],
  ['2026-02-28T16:00:00.000Z', 'Asia/Shanghai', '2026-03-01'],
  ['2026-03-01T00:30:00+08:00', 'UTC', '2026-02-28'],
  ['2024-02-28T16:00:00Z', 'Asia/Shanghai', '2024-02-29'],
])('%s is seen in %s as %s', (instant, zone, date) => {
  expect(localDate(instant, zone)).toBe(date);
});
