import { diffPlans } from '../calendar/diff';
import type { CalendarPlan, PlannedSlot } from '../calendar/plan';
import { planChangeWords } from './calendarChange';
import type { Phrase } from './terms';

const aSlot = (more: Partial<PlannedSlot> = {}): PlannedSlot => ({
  id: 'balance',
  anchor: { kind: 'billDay', offsetDays: 1 },
  at: '10:00',
  touch: { channel: 'wecom', class: 'marketing', template: 't-58' },
  ...more,
});
const aPlan = (more: Partial<CalendarPlan> = {}): CalendarPlan => ({
  id: 'month-cycle',
  version: 1,
  timezone: 'Asia/Shanghai',
  phases: [{ id: 'start', fromDay: 1, toDay: 5 }],
  slots: [aSlot()],
  ...more,
});
const wordsOf = (before: CalendarPlan, after: CalendarPlan): readonly Phrase[] =>
  diffPlans(before, after).map(planChangeWords);

it('finds nothing between two ways to write the same calendar', () => {
  const spelt = aPlan({
    version: 2,
    cities: ['yunfu', 'guangzhou'],
    slots: [
      aSlot({ id: 'last' }),
      aSlot({
        shift: 'none',
        spanDays: 1,
        spreadMinutes: 0,
        delivery: { atBlackout: 'skip', whenStaffFull: 'defer', confirmWithinHours: 24 },
        audience: { brand: 'globe', city: 'yunfu' },
      }),
    ],
  });
  const short = aPlan({
    cities: ['guangzhou', 'yunfu'],
    slots: [aSlot({ audience: { city: 'yunfu', brand: 'globe' } }), aSlot({ id: 'last' })],
  });
  expect(diffPlans(short, spelt)).toEqual([]);
});

it.each([
  [aPlan({ cities: ['yunfu'] }), '地市 全部 → yunfu', 'cities all → yunfu'],
  [
    aPlan({ slots: [aSlot({ at: '11:00' })] }),
    '时段「balance」：时刻 10:00 → 11:00',
    'slot "balance": time 10:00 → 11:00',
  ],
  [
    aPlan({ slots: [aSlot({ anchor: { kind: 'monthDay', day: -1 } })] }),
    '时段「balance」：日期 账单日后 1 天 → 每月倒数第 1 日',
    'slot "balance": dates 1 d after bill day → every month on day 1 counted from the end',
  ],
  [
    aPlan({ slots: [aSlot({ audience: { 'plan.fee': { $lt: 58 } } })] }),
    '时段「balance」：目标客群 全部 → {"plan.fee":{"$lt":58}}',
    'slot "balance": audience everybody → {"plan.fee":{"$lt":58}}',
  ],
  [
    aPlan({ slots: [aSlot({ touch: { channel: 'sms', class: 'marketing', template: 't-58' } })] }),
    '时段「balance」：渠道 企业微信 → 短信',
    'slot "balance": channel WeCom → SMS',
  ],
  [
    aPlan({ slots: [aSlot({ delivery: { fallback: ['sms', 'call'] } })] }),
    '时段「balance」：备用渠道 无 → 短信、外呼',
    'slot "balance": channels to fall back on none → SMS, call',
  ],
  [
    aPlan({ slots: [aSlot({ shift: 'next' })] }),
    '时段「balance」：遇休息日 照常 → 顺延到工作日',
    'slot "balance": on days of rest as it is → the next work day',
  ],
  [
    aPlan({ phases: [{ id: 'start', fromDay: 1, toDay: 7 }] }),
    '阶段「start」：结束日 5 → 7',
    'phase "start": last day 5 → 7',
  ],
])('says %# in a line of each language', (after, zh, en) => {
  expect(wordsOf(aPlan(), after)).toEqual([{ 'zh-CN': zh, en }]);
});

it('says what came and what went', () => {
  const reminder = aSlot({ id: 'reminder', anchor: { kind: 'workday', n: 3 }, at: '09:30' });
  const after = aPlan({ phases: [], slots: [reminder] });
  expect(wordsOf(aPlan(), after).map(({ en }) => en)).toEqual([
    'removed phase "start": days 1-5',
    'removed slot "balance": 1 d after bill day 10:00, WeCom marketing, template t-58',
    'added slot "reminder": every month on work day 3 09:30, WeCom marketing, template t-58',
  ]);
  expect(wordsOf(after, aPlan()).map((words) => words['zh-CN'])).toEqual([
    '新增阶段「start」：每月 1-5 日',
    '取消时段「reminder」：每月第 3 个工作日 09:30，企业微信营销，话术 t-58',
    '新增时段「balance」：账单日后 1 天 10:00，企业微信营销，话术 t-58',
  ]);
});

it('names the days of each anchor', () => {
  const dated = (anchor: PlannedSlot['anchor']) =>
    diffPlans(aPlan(), aPlan({ slots: [aSlot({ anchor })] })).map(
      (change) => planChangeWords(change).en.split(' → ')[1],
    );
  expect(dated({ kind: 'date', date: '2026-10-01' })).toEqual(['2026-10-01']);
  expect(dated({ kind: 'monthDay', day: 31, ifMissing: 'skip' })).toEqual([
    'every month on day 31 (skipped when missing)',
  ]);
  expect(dated({ kind: 'weekday', weekday: 'fri', n: -1 })).toEqual([
    'every month on Friday 1 counted from the end',
  ]);
  expect(dated({ kind: 'weekly', weekdays: ['mon', 'fri'] })).toEqual(['every Monday, Friday']);
  expect(dated({ kind: 'holiday', name: '国庆', offsetDays: -3 })).toEqual([
    '3 d before holiday "国庆"',
  ]);
  expect(dated({ kind: 'cycleEnd' })).toEqual(['end of the bill cycle']);
  expect(dated({ kind: 'activation', offsetDays: 30 })).toEqual(['30 d after day of activation']);
});
