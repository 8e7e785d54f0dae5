// The texts of the ready sequences (docs/ready/sequences/). What a member says by hand is a text as well: it is read, not sent.

import type { Template } from '../../rules/catalogue/texts';
import { sms, wecom } from './textForms';

export const SEQUENCE_TEXTS: Readonly<Record<string, Template>> = {
  'sop-friend-day0': wecom(
    'service',
    "{{or name '您'}}好，工作日 9:00-18:00 我都在线，查话费、办业务、报故障直接发消息就行；夜间急事请拨打10086。",
  ),
  'sop-friend-day1': wecom(
    'service',
    "{{or name '您'}}好，平时上网、打电话哪个用得多？家里有几部手机、有没有宽带？我先了解一下，以后好给您提合适的建议。",
  ),
  'sop-friend-day3': wecom(
    'service',
    "{{or name '您'}}好，我们有一个客户服务群，停机维护、优惠到期都会提前通知，邀请您加入，随时可以退。",
  ),
  'sop-friend-day7': wecom(
    'marketing',
    "{{or name '您'}}好，可以免费帮您做一次套餐体检，看看每月有没有多花钱，需要的话回复1。",
  ),
  'sop-friend-day15': wecom(
    'marketing',
    '本月新上架的套餐与权益一览，想了解哪一项，直接留言给我。',
  ),
  'sop-friend-day30': wecom(
    'service',
    "{{or name '您'}}好，认识一个月了，服务上有哪里不满意请直说；如果觉得还不错，也欢迎推荐给家人朋友。",
  ),
  'sop-silent-day0': wecom(
    'service',
    "{{or name '您'}}好，好久没联系了，最近信号和网速都还好吗？有问题直接在这里告诉我。",
  ),
  'sop-silent-day3': {
    channel: 'call',
    class: 'service',
    text: "您好，请问是{{or name '机主'}}吗？我是您的客户经理，想回访一下最近的使用情况，有没有需要我处理的问题？",
  },
  'sop-silent-day10': sms('我们为老客户准备了一份套餐体检，回复1由客户经理联系您。'),
  'sop-birthday-eve': wecom(
    'service',
    "明天是{{or name '这位客户'}}的生日，祝福将于 9:30 后请您确认发送，也可以亲自打个电话。",
  ),
  'sop-contract-60': wecom(
    'service',
    "{{or name '您'}}好，您的合约将在 60 天后到期，到期后资费可能变化，我会提前和您确认续约或更换方案。",
  ),
  'sop-contract-call': {
    channel: 'call',
    class: 'service',
    text: "您好，请问是{{or name '机主'}}吗？您的合约快到期了，我按您的用量比较了几种方案，方便的话给您介绍一下。",
  },
  'sop-contract-30': wecom(
    'marketing',
    "{{or name '您'}}好，合约还有一个月到期，现在续约可以沿用原有优惠，需要我帮您办理吗？",
  ),
  'sop-contract-7': {
    channel: 'sms',
    class: 'service',
    text: '您的合约将在7天后到期，续约或更换方案请联系您的客户经理，咨询请拨打10086。',
  },
};
