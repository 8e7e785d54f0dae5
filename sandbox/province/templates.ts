// The demo's texts. Nothing a journey needs may fail for want of a name, so names have a fallback; offers name only what is offered.

import type { Template } from '../../rules/catalogue/texts';
import { MONTH_TEXTS } from './monthTexts';
import { SEQUENCE_TEXTS } from './sequenceTexts';
import { onBoth, sms, wecom } from './textForms';

const OWN_TEXTS: Readonly<Record<string, Template>> = {
  welcome: wecom(
    'service',
    '您好{{#if name}}，{{name}}{{/if}}！我是您的专属客户经理，套餐、流量、宽带的问题都可以在这里找我。',
  ),
  'welcome-store': wecom(
    'service',
    '您好{{#if name}}，{{name}}{{/if}}！感谢光临我们的营业厅，今后办理业务不用再排队，直接在这里告诉我就行。',
  ),
  'welcome-evening': wecom(
    'service',
    '晚上好{{#if name}}，{{name}}{{/if}}！已为您记下，明早上班后第一时间回复您；急事可拨打10086。',
  ),
  'follow-up-spoke': wecom(
    'marketing',
    "{{or name '您'}}好，前两天聊到的问题解决了吗？如果流量不够用，我可以帮您算算哪个更划算。",
  ),
  'follow-up-silent': wecom(
    'marketing',
    "{{or name '您'}}好，我可以帮您免费做一次套餐体检，看看每月有没有多花钱，需要的话回复1。",
  ),
  'follow-up-bought': wecom(
    'service',
    "{{or name '您'}}好，您新办的业务已经生效，使用中有任何问题随时找我。",
  ),
  birthday: wecom('service', "{{or name '您'}}好，今天是您的生日，祝您生日快乐、万事顺心！"),
  'bill-balance': onBoth('service', {
    wecom:
      "{{or name '您'}}好，您本月账单已出，应缴{{yuan billDueFen}}元。对账单有疑问可以直接在这里问我。",
    sms: '您本月账单已出，应缴{{yuan billDueFen}}元。咨询请拨打10086。',
  }),
  'plan-upsell': onBoth('marketing', {
    wecom:
      "{{or name '您'}}好，我按您最近的用量算了一下，换成「{{productName}}」（每月{{productFee}}元）更合适，可以先试一两个月，不满意可换回。需要我帮您办理吗？",
    sms: '按您近期用量，「{{productName}}」（每月{{productFee}}元）更适合您，回复1办理。拒收请回复R',
  }),
  'plan-reminder': onBoth('marketing', {
    wecom:
      "{{or name '您'}}好，之前推荐的「{{productName}}」还可以办理，每月{{productFee}}元，需要的话回复我即可。",
    sms: '之前推荐的「{{productName}}」仍可办理，每月{{productFee}}元，回复1办理。拒收请回复R',
  }),
  'overage-offer': onBoth('marketing', {
    wecom:
      "{{or name '您'}}好，您本月流量{{#if dataUsedPct}}已用{{dataUsedPct}}%{{else}}快用完了{{/if}}，加一个「{{productName}}」（{{productFee}}元）就不会超额计费，需要我现在帮您开通吗？",
    sms: '您本月流量{{#if dataUsedPct}}已用{{dataUsedPct}}%{{else}}快用完了{{/if}}，加一个「{{productName}}」（{{productFee}}元）就不会超额计费，回复1办理。拒收请回复R',
  }),
  'overage-sms': sms(
    '您本月流量{{#if dataUsedPct}}已用{{dataUsedPct}}%{{else}}快用完了{{/if}}，可办理{{productName}}（{{productFee}}元），避免超额计费。回复1办理。',
  ),
  'lead-wecom': wecom(
    'marketing',
    "{{or name '您'}}好，之前没能打通您的电话。您可能用得上「{{productName}}」（{{productFee}}元），方便时回复我，我帮您办理。",
  ),
  'lead-sms': sms(
    '之前致电未能联系到您。{{productName}}（{{productFee}}元）正在办理中，回复1了解详情。',
  ),
  'lead-call': {
    channel: 'call',
    class: 'marketing',
    text: "您好，请问是{{or name '机主'}}吗？我是移动客户经理，看到您目前的组合偏贵，我帮您算了一下，{{productName}}每月{{productFee}}元更合适，您可以先试一两个月。",
  },
};

export const TEMPLATES: Readonly<Record<string, Template>> = {
  ...OWN_TEXTS,
  ...MONTH_TEXTS,
  ...SEQUENCE_TEXTS,
};
