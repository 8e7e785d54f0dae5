// The texts of the ready calendar of a month (docs/ready/month-start.yaml). Links carry the campaign, so that openings can be told apart.

import type { Template } from '../../rules/catalogue/texts';
import { onBoth, sms, wecom } from './textForms';

const PLANS = 'https://shop.example.com/plans';
const DATA = 'https://shop.example.com/data?c=data-pack';

export const MONTH_TEXTS: Readonly<Record<string, Template>> = {
  'month-balance': onBoth('service', {
    wecom: `{{or name '您'}}好，您当前话费余额{{yuan balanceFen}}元{{#if billDueFen}}，本月账单应缴{{yuan billDueFen}}元{{/if}}。扣费明细和套餐用量可在这里查看：${PLANS}?c=month-balance ，有疑问直接问我。`,
    sms: `您当前话费余额{{yuan balanceFen}}元{{#if billDueFen}}，本月账单应缴{{yuan billDueFen}}元{{/if}}。明细查询 ${PLANS}?c=month-balance ，咨询请拨打10086。`,
  }),
  'month-offer': sms(
    `按您近期用量，「{{productName}}」（每月{{productFee}}元）更适合您，回复1办理，详情 ${PLANS}?c=month-offer 。`,
  ),
  'month-remind': onBoth('marketing', {
    wecom:
      "{{or name '您'}}好，前几天您看过的套餐还可以办理，不满意可以换回。需要我帮您算算哪一档更省吗？",
    sms: '您前几天看过的套餐仍可办理，不满意可以换回，回复1由客户经理联系您。拒收请回复R',
  }),
  'month-hot-topics': wecom(
    'service',
    "{{or name '您'}}好，月初账单已出，这两天问余额和扣费明细的客户比较多。您的账单有看不明白的地方，直接在这里问我就行。",
  ),
  'data-pack': onBoth('marketing', {
    wecom: `{{or name '您'}}好，您本月流量已用{{dataUsedPct}}%，加一个「{{productName}}」（{{productFee}}元）用到月底更安心，办理：${DATA}`,
    sms: `您本月流量已用{{dataUsedPct}}%，可办理{{productName}}（{{productFee}}元），回复1办理，详情 ${DATA} 。拒收请回复R`,
  }),
  'data-remind': sms('您看过的{{productName}}（{{productFee}}元）仍可办理，即时生效，回复1办理。'),
  'month-end-limit': notice(
    '您本月流量已用{{dataUsedPct}}%，用完后按套外标准计费。查询请拨打10086。',
  ),
  'month-end-reset': notice(
    '您本月流量已用{{dataUsedPct}}%，当月剩余流量按套餐规则月底清零。查询请拨打10086。',
  ),
};

function notice(text: string): Template {
  return { channel: 'sms', class: 'service', text };
}
