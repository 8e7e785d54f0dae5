import type { ReferenceFault } from '../calendar/slotFault';
import { slotFaultWords } from './slotFault';

const say = (fault: ReferenceFault, value = 'promo') =>
  slotFaultWords({ path: 'slots[0].delivery.promotion', slot: 's', value, fault });

test.each<[ReferenceFault, string, string]>([
  [
    { kind: 'unknown', noun: 'promotion', nearest: 'promo-1' },
    '没有促销「promo」，是否指「promo-1」？',
    'there is no promotion "promo"; did you mean "promo-1"?',
  ],
  [
    { kind: 'closed-city', cities: ['qy', null], open: ['gz'] },
    '促销「promo」在qy、其余全部地市未开放（已开放：gz）',
    'promotion "promo" is not open in qy, all other cities (open: gz)',
  ],
  [
    { kind: 'closed-channel', cities: ['gz'], channel: 'call', open: ['sms', 'wecom'] },
    '促销在gz未对外呼开放（已开放：短信、企业微信）',
    'the promotion is not open for call in gz (open: SMS, WeCom)',
  ],
  [
    { kind: 'closed-date', cities: ['gz'], date: '2026-03-11', to: '2026-03-10' },
    '促销「promo」在gz于 2026-03-11 未开放（开放期：… 至 2026-03-10）',
    'promotion "promo" is not open in gz on 2026-03-11 (open from … to 2026-03-10)',
  ],
  [
    { kind: 'not-eligible', segments: [], example: { brand: 'm-zone', 'plan.fee': null } },
    '时段人群超出产品「promo」的适用客户，例如：brand 为 m-zone、无 plan.fee',
    'the audience goes beyond those whom product "promo" is for, such as a contact with brand m-zone, no plan.fee',
  ],
])('%j is said in both languages', (fault, zh, en) => {
  expect(say(fault)).toEqual({ 'zh-CN': zh, en });
});
