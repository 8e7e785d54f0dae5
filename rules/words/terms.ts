// The words of the domain in both languages, so that console, API and command line say the same.

import type { ChannelName, TouchClass } from '../contact/contact';
import type { Dimension } from '../policy/policy.schema';
import type { CalendarUnit } from '../time/windows';

export type Lang = 'zh-CN' | 'en';
/** One phrase in both languages. */
export type Phrase = Readonly<Record<Lang, string>>;

export const phrase = (zh: string, en: string): Phrase => ({ 'zh-CN': zh, en });

const CHANNELS: Readonly<Record<ChannelName, Phrase>> = {
  wecom: phrase('企业微信', 'WeCom'),
  sms: phrase('短信', 'SMS'),
  call: phrase('外呼', 'call'),
};
const CLASSES: Readonly<Record<TouchClass, Phrase>> = {
  marketing: phrase('营销', 'marketing'),
  service: phrase('服务', 'service'),
  transactional: phrase('事务', 'transactional'),
  reply: phrase('应答', 'reply'),
};
const DIMENSIONS: Readonly<Record<Dimension, Phrase>> = {
  channel: phrase('渠道', 'channel'),
  category: phrase('品类', 'category'),
  campaign: phrase('活动', 'campaign'),
  product: phrase('产品', 'product'),
  staffId: phrase('员工', 'staff member'),
  city: phrase('地市', 'city'),
};
/** What a cap of a calendar window is called, and the window itself. */
const UNITS: Readonly<Record<CalendarUnit, { readonly every: Phrase; readonly window: Phrase }>> = {
  day: { every: phrase('每日', 'daily'), window: phrase('当日', 'the day') },
  week: { every: phrase('每周', 'weekly'), window: phrase('本周', 'the week') },
  month: { every: phrase('每月', 'monthly'), window: phrase('当月', 'the month') },
  billCycle: { every: phrase('每账期', 'bill-cycle'), window: phrase('本账期', 'the bill cycle') },
};

const HOLIDAY_NAMES: Readonly<Record<string, Phrase>> = {
  'new-year': phrase('元旦', "New Year's Day"),
  'spring-festival': phrase('春节', 'Spring Festival'),
  'tomb-sweeping': phrase('清明节', 'Tomb-Sweeping Day'),
  'labour-day': phrase('劳动节', 'Labour Day'),
  'dragon-boat': phrase('端午节', 'Dragon Boat Festival'),
  'mid-autumn': phrase('中秋节', 'Mid-Autumn Festival'),
  'national-day': phrase('国庆节', 'National Day'),
};

/** A value by its name; one that is not in the table is its own word. */
function wordOf(table: Readonly<Record<string, Phrase>>, value: string, lang: Lang): string {
  return Object.hasOwn(table, value) ? (table[value]?.[lang] ?? value) : value;
}

export const channelWord = (channel: string, lang: Lang): string => wordOf(CHANNELS, channel, lang);
export const classWord = (value: string, lang: Lang): string => wordOf(CLASSES, value, lang);
export const dimensionWord = (value: string, lang: Lang): string => wordOf(DIMENSIONS, value, lang);

export const holidayWord = (name: string, lang: Lang): string => wordOf(HOLIDAY_NAMES, name, lang);

/** `3 h`, `168 小时`. */
export const hoursWord = (hours: number, lang: Lang): string =>
  lang === 'en' ? `${hours} h` : `${hours} 小时`;

type Window =
  | { readonly kind: 'calendar'; readonly unit: CalendarUnit }
  | { readonly kind: 'rolling'; readonly hours: number };

/** The window as one counts in it: `168 hours`, `the week`, `168 小时`. */
export function windowWord(window: Window, lang: Lang): string {
  if (window.kind === 'calendar') return UNITS[window.unit].window[lang];
  return lang === 'en' ? `${window.hours} hours` : `${window.hours} 小时`;
}

/** How often a cap starts anew: `weekly`, `每周`; rolling windows of a day and a week are called like the calendar's. */
export function everyWord(window: Window, lang: Lang): string {
  if (window.kind === 'calendar') return UNITS[window.unit].every[lang];
  if (window.hours === 24) return UNITS.day.every[lang];
  if (window.hours === 168) return UNITS.week.every[lang];

  const days = window.hours / 24;
  if (Number.isInteger(days)) return lang === 'en' ? `${days}-day` : `每 ${days} 天`;

  return lang === 'en' ? `${window.hours}-hour` : `每 ${window.hours} 小时`;
}

/** Several values in a row: `marketing, service`, `营销、服务`. */
export const listWord = (values: readonly string[], lang: Lang): string =>
  values.join(lang === 'en' ? ', ' : '、');
