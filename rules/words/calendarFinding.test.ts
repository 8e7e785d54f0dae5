import { type CalendarFinding, calendarFindingWords } from './calendarFinding';

const place = { path: 'slots[0]', slot: 'balance' };
const cases: readonly (readonly [CalendarFinding, zh: string, en: string])[] = [
  [
    {
      ...{ path: 'phases[1].fromDay', kind: 'phases-overlap', phase: 'middle', other: 'start' },
      ...{ fromDay: 4, toDay: 5 },
    },
    '阶段「middle」与「start」重叠：每月 4-5 日',
    'phases "middle" and "start" overlap: both have day 4-5',
  ],
  [
    { ...place, kind: 'expires-before-end', expiresAfterHours: 2, endsAfterHours: 3 },
    '时段「balance」下发 2 小时后失效，而最后一位客户在 3 小时后才轮到；有效时长须不少于 3 小时',
    'slot "balance" expires after 2 h, and its last contact is due after 3 h; allowed: at least 3',
  ],
  [
    { ...place, kind: 'fallback-repeats', channel: 'sms' },
    '时段「balance」的备用渠道「短信」此前已尝试；须为另一渠道',
    'slot "balance" falls back on SMS, which was tried before; allowed: another channel',
  ],
  [
    {
      ...{ path: 'phases', kind: 'days-free' },
      days: [
        { fromDay: 6, toDay: 6 },
        { fromDay: 21, toDay: 31 },
      ],
    },
    '以下日期不属于任何阶段：6、21-31 日',
    'no phase has these days: 6, 21-31',
  ],
  [
    { ...place, kind: 'reaches-nobody', contacts: 300 },
    '时段「balance」的目标客群为空：日历地市的 300 位客户中无人符合',
    'slot "balance" reaches nobody: none of the 300 contacts of the calendar\'s cities matches',
  ],
  [
    { ...place, kind: 'reaches-everybody', contacts: 300 },
    '时段「balance」的目标客群条件未筛掉任何人：日历地市的 300 位客户全部符合',
    'slot "balance" reaches everybody: its condition holds for all 300 contacts of the calendar\'s cities',
  ],
  [
    {
      ...{ ...place, kind: 'lacks-variable', template: 't-58', variable: 'planName' },
      ...{ contacts: 3, reached: 20, first: ['c-1', 'c-2'] },
    },
    '时段「balance」的 20 位客户中 3 位缺少话术 t-58 所需的「planName」，不会收到：c-1、c-2 等',
    'slot "balance": 3 of 20 contacts lack planName, which template t-58 needs, and get nothing: c-1, c-2 …',
  ],
];

it.each(cases)('says what is found: %j', (finding, zh, en) => {
  expect(calendarFindingWords(finding)).toEqual({ 'zh-CN': zh, en });
});
