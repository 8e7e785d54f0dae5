// A trigger as one sentence: when it fires, what it offers, and what holds it back.

import { activeHours } from '../trigger/activeHours';
import { EVERY_CITY } from '../trigger/trigger';
import type { TriggerBody } from '../trigger/trigger.schema';
import { conditionWords } from './condition';
import { channelWord, type Lang, type Phrase, phrase } from './terms';

const WINDOWS = {
  day: phrase('每天', 'a day'),
  week: phrase('每周', 'a week'),
  month: phrase('每月', 'a month'),
  billCycle: phrase('每账期', 'a bill cycle'),
} as const;

export function triggerRuleWords(trigger: TriggerBody): Phrase {
  return phrase(inChinese(trigger), inEnglish(trigger));
}

function inChinese(trigger: TriggerBody): string {
  const { city, event, when, offer, expiresAfterMinutes } = trigger;
  const where = city === EVERY_CITY ? '全省' : `${city} 的`;
  const condition = conditionWords(when, 'zh-CN');
  const then = `通过${channelsOf(trigger, 'zh-CN')}以话术「${offer.template}」推荐「${offer.product}」`;
  const limits = [
    `商机 ${expiresAfterMinutes} 分钟内有效`,
    ...hours(trigger, (from, to) => `仅 ${from}–${to} 的事件`),
    ...(trigger.cooldownHours === undefined
      ? []
      : [`同一客户 ${trigger.cooldownHours} 小时内不重复`]),
    ...(trigger.maxPerContact === undefined
      ? []
      : [
          `同一客户${WINDOWS[trigger.maxPerContact.per]['zh-CN']}最多 ${trigger.maxPerContact.count} 次`,
        ]),
    ...(trigger.dailyBudget === undefined ? [] : [`每城市每日最多 ${trigger.dailyBudget} 次`]),
  ];
  return `${where}客户发生 ${event} 事件${condition === null ? '' : `，且 ${condition} `}时，${then}；${limits.join('；')}。`;
}

function inEnglish(trigger: TriggerBody): string {
  const { city, event, when, offer, expiresAfterMinutes } = trigger;
  const where = city === EVERY_CITY ? 'every city' : city;
  const condition = conditionWords(when, 'en');
  const limits = [
    `worth something for ${expiresAfterMinutes} minutes`,
    ...hours(trigger, (from, to) => `for events from ${from} to ${to} only`),
    ...(trigger.cooldownHours === undefined
      ? []
      : [`not twice for a customer in ${trigger.cooldownHours} hours`]),
    ...(trigger.maxPerContact === undefined
      ? []
      : [
          `at most ${trigger.maxPerContact.count} times ${WINDOWS[trigger.maxPerContact.per].en} for a customer`,
        ]),
    ...(trigger.dailyBudget === undefined
      ? []
      : [`at most ${trigger.dailyBudget} times a city and day`]),
  ];
  return `On a ${event} event of a customer of ${where}${condition === null ? '' : `, if ${condition}`}, offers "${offer.product}" to the customer by ${channelsOf(trigger, 'en')} with "${offer.template}"; ${limits.join('; ')}.`;
}

function channelsOf({ offer: { channel, fallback = [] } }: TriggerBody, lang: Lang): string {
  const [first = '', ...others] = [channel, ...fallback].map((each) => channelWord(each, lang));
  if (others.length === 0) return first;
  return lang === 'zh-CN'
    ? `${first}（不成则${others.join('、')}）`
    : `${first}, else ${others.join(', else ')}`;
}

function hours(
  trigger: TriggerBody,
  words: (from: string, to: string) => string,
): readonly string[] {
  const active = activeHours(trigger);
  return active === null ? [] : [words(active.from, active.to)];
}
