import type { Decision, Explained } from '../gate/gate.schema';
import type { Policy } from '../policy/policy.schema';
import { wordsFor } from './words';

const POLICY: Policy = {
  id: 'default',
  version: 1,
  timezone: 'Asia/Shanghai',
  gaps: [{ id: 'gap-4h', hours: 4 }],
  caps: [
    { id: 'week', limit: 3, window: { kind: 'rolling', hours: 168 } },
    { id: 'month', limit: 5, window: { kind: 'calendar', unit: 'month' } },
  ],
  holdout: { percent: 5, salt: '2026', by: 'contact' },
};
const zone = 'Asia/Shanghai';
const UNTIL = '2026-03-02T01:00:00.000Z';
const MORNING = '2026-03-02T00:00:00.000Z';
const LATE = '2026-03-01T14:01:00.000Z';
const HOLDING = {
  kind: 'quiet-hours',
  rule: 'contact',
  answer: 'defer',
  until: MORNING,
  detail: '22:00-08:00',
} as const;
const line = (fields: Partial<Explained>): Explained => ({
  kind: 'cap',
  rule: 'week',
  answer: 'suppress',
  detail: '3 of 3 since 2026-02-23T02:00:00.000Z',
  ...fields,
});
const decision = (fields: Partial<Decision>): Decision => ({
  verdict: 'suppressed',
  explain: [],
  ...fields,
});
const counted = () => 3;

describe('a line of an explanation', () => {
  it.each<readonly [string, Explained, object, string, string]>([
    [
      'a full cap',
      line({}),
      { policy: POLICY, counted },
      'cap "week": 3 of 3 in 168 hours',
      '命中频次上限「week」：168 小时内已触达 3 次（上限 3 次）',
    ],
    [
      'a cap whose touches are not at hand',
      line({ rule: 'month' }),
      { policy: POLICY },
      'cap "month": at most 5 in the month',
      '命中频次上限「month」：当月内上限 5 次',
    ],
    [
      'a cap of a policy that is not at hand',
      line({}),
      {},
      'cap "week": 3 of 3 since 2026-02-23T02:00:00.000Z',
      '命中频次上限「week」：3 of 3 since 2026-02-23T02:00:00.000Z',
    ],
    [
      'a cap with room',
      line({ answer: 'pass' }),
      { policy: POLICY, counted: () => 1 },
      'cap "week": 1 of 3 in 168 hours (passes)',
      '频次上限「week」：通过（168 小时内已触达 1 次（上限 3 次））',
    ],
    [
      'a gap from the deadline of an open touch',
      line({
        kind: 'gap',
        rule: 'gap-4h',
        answer: 'defer',
        until: UNTIL,
        detail: '4 h after 2026-03-01T21:00:00.000Z, the deadline of an open touch',
      }),
      { policy: POLICY, zone },
      'gap "gap-4h": 4 h after 2026-03-01T21:00:00.000Z, the deadline of an open touch, until 2026-03-02 09:00',
      '命中触达间隔「gap-4h」：距上次触达须满 4 小时（有任务待员工确认，自其截止 2026-03-01T21:00:00.000Z 起 4 小时），至 2026-03-02 09:00',
    ],
    [
      'a gap that defers',
      line({
        kind: 'gap',
        rule: 'gap-4h',
        answer: 'defer',
        until: UNTIL,
        detail: '4 h after 2026-03-01T21:00:00.000Z',
      }),
      { policy: POLICY, zone },
      'gap "gap-4h": 4 h after 2026-03-01T21:00:00.000Z, until 2026-03-02 09:00',
      '命中触达间隔「gap-4h」：距上次触达须满 4 小时（4 h after 2026-03-01T21:00:00.000Z），至 2026-03-02 09:00',
    ],
    [
      'quiet hours',
      line({
        kind: 'quiet-hours',
        rule: 'night',
        answer: 'defer',
        until: UNTIL,
        detail: '21:00-09:00',
      }),
      { zone },
      'quiet hours "night": 21:00-09:00, until 2026-03-02 09:00',
      '处于静默时段「night」：21:00-09:00，至 2026-03-02 09:00',
    ],
    [
      "the customer's own quiet hours",
      line({ kind: 'quiet-hours', rule: 'contact', answer: 'pass', detail: '22:00-08:00' }),
      {},
      "the customer's own quiet hours: 22:00-08:00 (passes)",
      '客户自己的静默时段：通过（22:00-08:00）',
    ],
    [
      'do-not-disturb without end',
      line({ kind: 'dnd', rule: 'dnd', detail: 'from always until further notice' }),
      {},
      'do-not-disturb: from always until further notice',
      '处于免打扰：未设截止时间',
    ],
    [
      'reach',
      line({ kind: 'unreachable', rule: 'unreachable', detail: 'not reachable on sms' }),
      {},
      'reach: not reachable on sms',
      '不满足渠道可达性：短信不可达',
    ],
    [
      'a block',
      line({ kind: 'blocked', rule: 'blocked', detail: 'blocked on sms: complaint' }),
      {},
      'blocks: blocked on sms: complaint',
      '命中封禁：blocked on sms: complaint',
    ],
    [
      'a missing consent',
      line({ kind: 'consent', rule: 'consent', detail: 'unknown, needs granted' }),
      {},
      'consent: unknown, needs granted',
      '缺少同意：客户未表态（须明示同意）',
    ],
    [
      'the holdout',
      line({ kind: 'holdout', rule: 'holdout', detail: 'in the 5% by contact' }),
      { policy: POLICY },
      'holdout: in the 5% by contact',
      '属于对照组：按客户抽取 5%',
    ],
  ])('says %s', (_, explained, context, english, chinese) => {
    expect(wordsFor(explained, 'en', context)).toBe(english);
    expect(wordsFor(explained, 'zh-CN', context)).toBe(chinese);
  });
});

describe('a decision', () => {
  it.each<readonly [string, Decision, string, string]>([
    ['a pass', decision({ verdict: 'pass' }), 'passes', '可以触达'],
    [
      'when it would pass',
      decision({
        verdict: 'deferred',
        reason: 'cap',
        rule: 'week',
        until: UNTIL,
        explain: [line({ answer: 'defer', until: UNTIL })],
      }),
      'deferred: cap "week": 3 of 3 in 168 hours; would pass at 2026-03-02 09:00',
      '顺延：命中频次上限「week」：168 小时内已触达 3 次（上限 3 次）；预计 2026-03-02 09:00 可通过',
    ],
    [
      'a part of a minute as the next second',
      decision({
        verdict: 'deferred',
        reason: 'gap',
        rule: 'g',
        until: '2026-03-02T01:00:00.001Z',
      }),
      'deferred: gap "g"; would pass at 2026-03-02 09:00:01',
      '顺延：命中触达间隔「g」；预计 2026-03-02 09:00:01 可通过',
    ],
    [
      'a rule that only the search met',
      decision({
        reason: 'quiet-hours',
        rule: 'rest',
        explain: [line({ kind: 'quiet-hours', rule: 'rest', answer: 'pass' })],
      }),
      'suppressed: quiet hours "rest"',
      '不触达：处于静默时段「rest」',
    ],
    [
      'an expiry',
      decision({ reason: 'expired', rule: 'expired' }),
      'suppressed: it expired before it could go out',
      '不触达：已过有效期',
    ],
    [
      "an expiry that the customer's own quiet hours brought about",
      decision({
        reason: 'expired',
        rule: 'expired',
        explain: [line({ ...HOLDING, heldPast: { wouldPassAt: MORNING, expiresAt: LATE } })],
      }),
      "suppressed: the customer's own quiet hours would hold it until 2026-03-02 08:00, which is after its end 2026-03-01 22:01",
      '不触达：客户自己的静默时段要到 2026-03-02 08:00 才放行，晚于其有效期 2026-03-01 22:01',
    ],
    [
      'an expiry by several rules',
      decision({
        reason: 'expired',
        rule: 'expired',
        explain: [line({ ...HOLDING, heldPast: { wouldPassAt: UNTIL, expiresAt: LATE } })],
      }),
      "suppressed: the customer's own quiet hours would hold it until 2026-03-02 08:00; with the other rules it would pass at 2026-03-02 09:00, which is after its end 2026-03-01 22:01",
      '不触达：客户自己的静默时段要到 2026-03-02 08:00 才放行，连同其他规则须至 2026-03-02 09:00，晚于其有效期 2026-03-01 22:01',
    ],
    [
      'a wait too long',
      decision({ reason: 'too-late', rule: 'too-late' }),
      'suppressed: it would have to wait too long',
      '不触达：须顺延的时间过长',
    ],
    [
      'a lost reason',
      decision({ reason: 'irrelevant', rule: 'bill-open' }),
      'suppressed: no longer of use: the bill has been paid',
      '不触达：已无触达必要：账单已结清',
    ],
    [
      'a quota',
      decision({ reason: 'quota', rule: 'city-day' }),
      'suppressed: the quota is used up "city-day"',
      '不触达：配额已用完「city-day」',
    ],
    [
      'a reason it has no word for',
      decision({ reason: 'constructor', rule: 'x' }),
      'suppressed: constructor: x',
      '不触达：constructor: x',
    ],
  ])('says %s', (_, row, english, chinese) => {
    expect(wordsFor(row, 'en', { policy: POLICY, counted, zone })).toBe(english);
    expect(wordsFor(row, 'zh-CN', { policy: POLICY, counted, zone })).toBe(chinese);
  });

  it('shows instants in the zone that its row rested on, else in UTC', () => {
    const row = decision({ verdict: 'deferred', reason: 'gap', rule: 'g', until: UNTIL });
    const basis = {
      timezone: 'Asia/Tokyo',
      billDay: 1,
      reachable: true,
      blocked: false,
      consent: 'granted' as const,
      dnd: [],
    };
    expect(wordsFor({ ...row, basis }, 'en')).toBe(
      'deferred: gap "g"; would pass at 2026-03-02 10:00',
    );
    expect(wordsFor(row, 'en')).toBe(`deferred: gap "g"; would pass at ${UNTIL}`);
  });
});

describe('a settlement', () => {
  it('tells what the channel took from what reached the customer, and from what did in part', () => {
    const acceptedAt = '2026-03-01T23:59:00.000Z';
    const row = (more: object) => ({ settled: 'sent' as const, acceptedAt, ...more });
    const both = (more: object) => [
      wordsFor(row(more), 'en', { zone }),
      wordsFor(row(more), 'zh-CN', { zone }),
    ];
    expect(both({})).toEqual([
      'accepted by the channel at 2026-03-02 07:59',
      '渠道已接收（2026-03-02 07:59）',
    ]);
    expect(both({ deliveredAt: UNTIL })[0]).toBe('sent at 2026-03-02 09:00');
    expect(both({ deliveredAt: UNTIL, partly: true })).toEqual([
      'partly delivered at 2026-03-02 09:00',
      '部分送达（2026-03-02 09:00）',
    ]);
  });

  it.each<readonly [string | undefined, string, string]>([
    [undefined, 'released', '已释放'],
    [
      'unconfirmed',
      'released: no member of staff confirmed it in time',
      '已释放：员工未在期限内确认',
    ],
    ['withdrawn', 'released: withdrawn', '已释放：已撤回'],
    ['not-a-friend', 'released: the customer is no longer a friend', '已释放：客户已不是好友'],
    [
      'platform-cap',
      'released: WeCom lets the customer receive no more',
      '已释放：超出企业微信每人接收上限',
    ],
    [
      'refused:NO_PHONE',
      'released: refused by the channel: no phone number',
      '已释放：渠道拒绝：没有手机号',
    ],
    ['refused:41048', 'released: refused by the channel "41048"', '已释放：渠道拒绝「41048」'],
    [
      'sms:MBBLACK',
      'released: SMS failed: on the carrier’s blacklist',
      '已释放：短信失败：在运营商黑名单内',
    ],
    ['call:not-reached', 'released: call without result: not reached', '已释放：外呼未果：未接通'],
    [
      'template:product.name',
      'released: the template could not be rendered "product.name"',
      '已释放：话术无法生成「product.name」',
    ],
    [
      'held:night',
      'released: held by a rule while it waited for its channel "night"',
      '已释放：等待渠道期间被管控规则拦下「night」',
    ],
  ])('of %s has its words', (why, english, chinese) => {
    const row = { settled: 'released' as const, ...(why !== undefined && { why }) };
    expect(wordsFor(row, 'en')).toBe(english);
    expect(wordsFor(row, 'zh-CN')).toBe(chinese);
  });

  it('says of a task that was taken back what made it wrong, and whether that came in time', () => {
    const words = (settled: 'withdrawn' | 'released', why: string) => [
      wordsFor({ settled, why }, 'en'),
      wordsFor({ settled, why }, 'zh-CN'),
    ];
    expect(words('withdrawn', 'withdrawn:consent')).toEqual([
      'withdrawn: no consent',
      '已撤回：缺少同意',
    ]);
    expect(words('released', 'withdrawn:irrelevant:bill-open')).toEqual([
      'released: withdrawn: no longer of use: the bill has been paid',
      '已释放：已撤回：已无触达必要：账单已结清',
    ]);

    const late = { settled: 'sent', why: 'not-stopped:opted-out' } as const;
    expect(wordsFor(late, 'en')).toBe(
      'sent: it could not be withdrawn in time: the customer opted out',
    );
    expect(wordsFor(late, 'zh-CN')).toBe('已送达：撤回未及：客户退订');
  });

  it('says when it was sent', () => {
    expect(wordsFor({ settled: 'sent', deliveredAt: UNTIL }, 'en', { zone })).toBe(
      'sent at 2026-03-02 09:00',
    );
    expect(wordsFor({ settled: 'sent', deliveredAt: UNTIL }, 'zh-CN', { zone })).toBe(
      '已送达（2026-03-02 09:00）',
    );
  });
});
