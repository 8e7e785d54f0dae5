import fc from 'fast-check';
import { gateCases } from '../../test/gate/cases';
import { changeWords } from '../words/policy';
import { diffPolicies, type PolicyChange } from './diff';
import type { PolicyDocument } from './document.schema';
import type { Policy } from './policy.schema';

const week = {
  id: 'week',
  classes: ['marketing' as const],
  channels: ['wecom'],
  limit: 3,
  window: { kind: 'rolling' as const, hours: 168 },
};
const gap = { id: 'gap', classes: ['marketing' as const], hours: 4 };
const night = { id: 'night', classes: ['marketing' as const], from: '21:00', to: '09:00' };
const holdout = {
  classes: ['marketing' as const],
  percent: 5,
  salt: '2026',
  by: 'contact' as const,
};

const policy = (fields: Partial<PolicyDocument> = {}): PolicyDocument => ({
  id: 'default',
  version: 1,
  timezone: 'Asia/Shanghai',
  ...fields,
});
const words = (before: Partial<PolicyDocument>, after: Partial<PolicyDocument>) =>
  diffPolicies(policy(before), policy({ version: 2, ...after })).flatMap((change) => [
    changeWords(change, 'en'),
    changeWords(change, 'zh-CN'),
  ]);

type Row = readonly [string, Partial<PolicyDocument>, Partial<PolicyDocument>, string, string];

describe('a change of a policy reads', () => {
  it.each<Row>([
    [
      'a lower cap',
      { caps: [week] },
      { caps: [{ ...week, limit: 2 }] },
      'weekly cap 3 → 2 for marketing on WeCom',
      '每周上限 3 → 2（营销，企业微信）',
    ],
    [
      'a cap by bill cycle and category',
      { caps: [] },
      { caps: [{ ...week, per: ['category'], window: { kind: 'calendar', unit: 'billCycle' } }] },
      'added: bill-cycle cap 3 per category for marketing on WeCom',
      '新增：每账期上限 3（营销，企业微信，按品类）',
    ],
    [
      'another window of a cap',
      { caps: [week] },
      { caps: [{ ...week, window: { kind: 'calendar', unit: 'week' } }] },
      'weekly cap for marketing on WeCom: window rolling 168 hours → calendar weekly',
      '每周上限（营销，企业微信）：窗口 滚动 168 小时 → 自然每周',
    ],
    [
      'a cap that suppresses',
      { caps: [week] },
      { caps: [{ ...week, onHit: 'suppress' }] },
      'weekly cap for marketing on WeCom: when hit defer → suppress',
      '每周上限（营销，企业微信）：命中后 顺延 → 抑制',
    ],
    [
      'a cap that is gone',
      { caps: [{ ...week, channels: undefined, window: { kind: 'rolling', hours: 36 } }] },
      {},
      'removed: 36-hour cap 3 for marketing',
      '取消：每 36 小时上限 3（营销）',
    ],
    [
      'a longer gap',
      { gaps: [gap] },
      { gaps: [{ ...gap, hours: 6 }] },
      'gap 4 h → 6 h for marketing',
      '触达间隔 4 小时 → 6 小时（营销）',
    ],
    [
      'what a gap counts',
      { gaps: [gap] },
      { gaps: [{ ...gap, counts: ['marketing', 'service'] }] },
      'gap for marketing: counts marketing → marketing, service',
      '触达间隔（营销）：计数类别 营销 → 营销、服务',
    ],
    [
      'where open touches stand',
      { gaps: [gap] },
      { gaps: [{ ...gap, openCounts: 'deadline' }] },
      'gap for marketing: open touches counted from when they were asked → their deadlines',
      '触达间隔（营销）：待确认触达起算 下发时刻 → 截止时刻',
    ],
    [
      'a gap that stands open touches at their deadlines',
      {},
      { gaps: [{ ...gap, openCounts: 'deadline' }] },
      'added: gap 4 h for marketing, open touches counted from their deadlines',
      '新增：触达间隔 4 小时（营销），待确认触达自截止时刻起算',
    ],
    [
      'longer quiet hours',
      { quietHours: [night] },
      { quietHours: [{ ...night, from: '20:00', to: '09:30' }] },
      'quiet hours 21:00-09:00 → 20:00-09:30 for marketing',
      '静默时段 21:00-09:00 → 20:00-09:30（营销）',
    ],
    [
      'quiet hours on some days',
      { quietHours: [night] },
      { quietHours: [{ ...night, days: ['sat', 'sun'] }] },
      'quiet hours for marketing: days all → Sat, Sun',
      '静默时段（营销）：星期 全部 → 周六、周日',
    ],
    [
      'a stronger need of consent',
      { consent: [{ classes: ['marketing'], channels: ['sms'], need: 'not-refused' }] },
      { consent: [{ classes: ['marketing'], channels: ['sms'], need: 'granted' }] },
      'consent needed not refused → granted for marketing on SMS',
      '同意要求 未拒绝即可 → 须明示同意（营销，短信）',
    ],
    [
      'a larger holdout',
      { holdout },
      { holdout: { ...holdout, percent: 10 } },
      'holdout 5% → 10% for marketing',
      '对照组 5% → 10%（营销）',
    ],
    [
      'another draw',
      { holdout },
      { holdout: { ...holdout, by: 'campaign' } },
      'holdout for marketing: drawn by contact → campaign',
      '对照组（营销）：抽样单位 客户 → 活动',
    ],
    [
      'a shorter wait',
      {},
      { maxDeferHours: 72 },
      'longest deferral no limit → 72 h',
      '最长顺延 不限 → 72 小时',
    ],
    [
      'another zone',
      {},
      { timezone: 'Asia/Urumqi' },
      'time zone Asia/Shanghai → Asia/Urumqi',
      '时区 Asia/Shanghai → Asia/Urumqi',
    ],
    [
      "a city's own cap",
      { cities: { yunfu: { caps: [week] } } },
      { cities: { yunfu: { caps: [{ ...week, limit: 1 }] } } },
      'yunfu: weekly cap 3 → 1 for marketing on WeCom',
      'yunfu：每周上限 3 → 1（营销，企业微信）',
    ],
    [
      "a city's shorter wait",
      {},
      { cities: { yunfu: { maxDeferHours: 24 } } },
      'yunfu: longest deferral no limit → 24 h',
      'yunfu：最长顺延 不限 → 24 小时',
    ],
  ])('%s', (_, before, after, english, chinese) => {
    expect(words(before, after)).toEqual([english, chinese]);
  });

  it('as nothing where only the order, a default or a repetition differs', () => {
    expect(
      diffPolicies(
        policy({
          caps: [week, { ...week, id: 'b' }],
          gaps: [gap],
          consent: [{ need: 'not-refused' }, { need: 'granted' }],
        }),
        policy({
          caps: [
            { ...week, id: 'b', per: [] },
            { ...week, onHit: 'defer' },
          ],
          gaps: [{ ...gap, counts: ['marketing'] }],
          consent: [{ need: 'granted' }],
        }),
      ),
    ).toEqual([]);
  });
});

/** The policy with the changes made to it. */
function patched(before: Policy, changes: readonly PolicyChange[]): Policy {
  const lists: Record<string, Map<string, unknown>> = {};
  for (const part of ['quietHours', 'gaps', 'caps'] as const)
    lists[part] = new Map((before[part] ?? []).map((rule) => [rule.id, rule]));
  let { holdout, maxDeferHours, timezone } = before;
  for (const change of changes) {
    const after = 'after' in change ? change.after : undefined;
    if (change.part === 'holdout') holdout = after as Policy['holdout'];
    else if (change.part === 'maxDeferHours') maxDeferHours = after as number | undefined;
    else if (change.part === 'timezone') timezone = String(after);
    else if ('rule' in change && after === undefined) lists[change.part]?.delete(change.rule);
    else if ('rule' in change) lists[change.part]?.set(change.rule, after);
  }
  return {
    ...before,
    ...Object.fromEntries(
      Object.entries(lists).map(([part, rules]) => [part, [...rules.values()]]),
    ),
    holdout,
    maxDeferHours,
    timezone,
  } as Policy;
}

test('the changes made to the one policy give the other, and every one has its words', () => {
  fc.assert(
    fc.property(gateCases, gateCases, ({ policy: one }, { policy: other }) => {
      const before = { ...one, consent: [] };
      const after = { ...other, consent: [] };
      expect(diffPolicies(before, before)).toEqual([]);
      const changes = diffPolicies(before, after);
      expect(diffPolicies(patched(before, changes), after)).toEqual([]);
      for (const change of changes)
        for (const lang of ['en', 'zh-CN'] as const)
          expect(changeWords(change, lang)).not.toMatch(/undefined|\[object/);
    }),
    { seed: 31, numRuns: 300 },
  );
});
