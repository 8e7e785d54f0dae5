// A change of a policy as one line for people: "weekly cap 3 → 2 for marketing on WeCom".

import { assertNever } from '../base/errors';
import type { ConsentNeed } from '../gate/finding';
import type { PolicyChange, RuleChange, SettingChange } from '../policy/diff';
import {
  channelWord,
  classWord,
  dimensionWord,
  everyWord,
  hoursWord,
  type Lang,
  listWord,
  type Phrase,
  phrase,
  windowWord,
} from './terms';

/** One change as one line. A city's own rule has the city before it. */
export function changeWords(change: PolicyChange, lang: Lang): string {
  const line = isSetting(change) ? settingWords(change, lang) : ruleWords(change, lang);

  return change.city === undefined ? line : `${change.city}${lang === 'en' ? ': ' : '：'}${line}`;
}

const isSetting = (change: RuleChange | SettingChange): change is SettingChange =>
  change.part in SETTINGS;

const SETTINGS: Readonly<
  Record<SettingChange['part'], { readonly name: Phrase; readonly none: Phrase }>
> = {
  timezone: { name: phrase('时区', 'time zone'), none: phrase('无', 'none') },
  maxDeferHours: { name: phrase('最长顺延', 'longest deferral'), none: phrase('不限', 'no limit') },
  effectiveFrom: {
    name: phrase('生效时间', 'in force'),
    none: phrase('发布即生效', 'from publication'),
  },
};

function settingWords({ part, before, after }: SettingChange, lang: Lang): string {
  const { name, none } = SETTINGS[part];
  const value = (given: string | number | undefined) =>
    given === undefined ? none[lang] : typeof given === 'number' ? hoursWord(given, lang) : given;

  return `${name[lang]} ${value(before)} → ${value(after)}`;
}

type AnyRule = Extract<RuleChange, { change: 'added' }>['after'];
type CapWindow = Parameters<typeof windowWord>[0];
/** A rule with its part, as the compiler needs it to tell the parts apart. */
type Parted = {
  [C in RuleChange as C['part']]: {
    readonly part: C['part'];
    readonly rule: Extract<C, { change: 'added' }>['after'];
  };
}[RuleChange['part']];

function ruleWords(change: RuleChange, lang: Lang): string {
  switch (change.change) {
    case 'added':
      return added(phrase('新增', 'added'), change, change.after, lang);
    case 'removed':
      return added(phrase('取消', 'removed'), change, change.before, lang);
    case 'changed':
      return changedWords(change, lang);
    default:
      return assertNever(change, 'change');
  }
}

function added(verb: Phrase, { part }: RuleChange, rule: AnyRule, lang: Lang): string {
  const parted = { part, rule } as Parted; // a change's rule is of the change's part
  const colon = lang === 'en' ? ': ' : '：';
  return `${verb[lang]}${colon}${nameOf(parted, lang)} ${mainValue(parted, lang)}${scopeWords(rule, lang)}${openWords(rule, lang)}`;
}

/** Empty unless a gap stands open touches at their deadlines. */
function openWords(rule: AnyRule, lang: Lang): string {
  if (!('openCounts' in rule) || rule.openCounts !== 'deadline') return '';
  return phrase('，待确认触达自截止时刻起算', ', open touches counted from their deadlines')[lang];
}

function changedWords(change: Extract<RuleChange, { change: 'changed' }>, lang: Lang): string {
  const { part, field } = change;
  const before = { part, rule: change.before } as Parted; // as above
  const after = { part, rule: change.after } as Parted;
  const name = nameOf(after, lang);
  const scope = scopeWords(change.after, lang);
  if (field === MAIN[part])
    return `${name} ${mainValue(before, lang)} → ${mainValue(after, lang)}${scope}`;

  const was = fieldWords(change.before, field, lang);
  const is = fieldWords(change.after, field, lang);

  return lang === 'en'
    ? `${name}${scope}: ${fieldName(field, lang)} ${was} → ${is}`
    : `${name}${scope}：${fieldName(field, lang)} ${was} → ${is}`;
}

/** The field that a rule of each part is known by. */
const MAIN: Readonly<Record<RuleChange['part'], string>> = {
  consent: 'need',
  quietHours: 'hours',
  gaps: 'hours',
  caps: 'limit',
  holdout: 'percent',
};

function nameOf({ part, rule }: Parted, lang: Lang): string {
  switch (part) {
    case 'consent':
      return phrase('同意要求', 'consent needed')[lang];
    case 'quietHours':
      return phrase('静默时段', 'quiet hours')[lang];
    case 'gaps':
      return phrase('触达间隔', 'gap')[lang];
    case 'caps':
      return lang === 'en'
        ? `${everyWord(rule.window, lang)} cap`
        : `${everyWord(rule.window, lang)}上限`;
    case 'holdout':
      return phrase('对照组', 'holdout')[lang];
    default:
      return assertNever(part, 'part');
  }
}

function mainValue({ part, rule }: Parted, lang: Lang): string {
  switch (part) {
    case 'consent':
      return NEEDS[rule.need][lang];
    case 'quietHours':
      return `${rule.from}-${rule.to}`;
    case 'gaps':
      return hoursWord(rule.hours, lang);
    case 'caps':
      return String(rule.limit);
    case 'holdout':
      return `${rule.percent}%`;
    default:
      return assertNever(part, 'part');
  }
}

/** What a policy asks of a customer's consent. */
export const NEEDS: Readonly<Record<ConsentNeed, Phrase>> = {
  granted: phrase('须明示同意', 'granted'),
  'not-refused': phrase('未拒绝即可', 'not refused'),
};

/** ` per channel for marketing on WeCom`, `（营销，企业微信，按渠道）`. Empty: it is about everything. */
function scopeWords(rule: AnyRule, lang: Lang): string {
  const dimensions = 'per' in rule ? rule.per : undefined;
  const per = wordsOf(dimensions, dimensionWord, lang);
  const about = wordsOf(rule.classes, classWord, lang);
  const on = wordsOf(rule.channels, channelWord, lang);
  if (lang === 'en')
    return `${per && ` per ${per}`}${about && ` for ${about}`}${on && ` on ${on}`}`;

  const parts = [about, on, per && `按${per}`].filter((each) => each !== '');
  return parts.length === 0 ? '' : `（${parts.join('，')}）`;
}

/** Each value by its word, in a row; empty when there are none. */
function wordsOf(
  values: readonly string[] | undefined,
  wordOf: (value: string, lang: Lang) => string,
  lang: Lang,
): string {
  const words = values?.map((value) => wordOf(value, lang)) ?? [];
  return listWord(words, lang);
}

const FIELDS: Readonly<Record<string, Phrase>> = {
  classes: phrase('适用类别', 'classes'),
  counts: phrase('计数类别', 'counts'),
  channels: phrase('渠道', 'channels'),
  per: phrase('计数维度', 'per'),
  openCounts: phrase('待确认触达起算', 'open touches counted from'),
  days: phrase('星期', 'days'),
  dayKinds: phrase('日期类型', 'kinds of day'),
  onHit: phrase('命中后', 'when hit'),
  window: phrase('窗口', 'window'),
  salt: phrase('盐值', 'salt'),
  by: phrase('抽样单位', 'drawn by'),
};

const fieldName = (field: string, lang: Lang): string => FIELDS[field]?.[lang] ?? field;

const VALUES: Readonly<Record<string, Phrase>> = {
  defer: phrase('顺延', 'defer'),
  suppress: phrase('抑制', 'suppress'),
  asked: phrase('下发时刻', 'when they were asked'),
  deadline: phrase('截止时刻', 'their deadlines'),
  work: phrase('工作日', 'work days'),
  rest: phrase('休息日', 'rest days'),
  contact: phrase('客户', 'contact'),
  campaign: phrase('活动', 'campaign'),
  mon: phrase('周一', 'Mon'),
  tue: phrase('周二', 'Tue'),
  wed: phrase('周三', 'Wed'),
  thu: phrase('周四', 'Thu'),
  fri: phrase('周五', 'Fri'),
  sat: phrase('周六', 'Sat'),
  sun: phrase('周日', 'Sun'),
};

/** The value of a field that is not the main one; absent ones as what they stand for. */
function fieldWords(rule: AnyRule, field: string, lang: Lang): string {
  if (field === 'window' && 'window' in rule) return kindOfWindow(rule.window, lang);

  const value: unknown = Reflect.get(rule, field);
  if (value === undefined) return absentWords(rule, field, lang);
  if (!Array.isArray(value)) return valueWord(field, String(value), lang);
  if (value.length === 0) return NONE[lang];

  return wordsOf(value.map(String), (each) => valueWord(field, each, lang), lang);
}

function kindOfWindow(window: CapWindow, lang: Lang): string {
  return window.kind === 'calendar'
    ? `${phrase('自然', 'calendar ')[lang]}${everyWord(window, lang)}`
    : `${phrase('滚动 ', 'rolling ')[lang]}${windowWord(window, lang)}`;
}

function absentWords(rule: AnyRule, field: string, lang: Lang): string {
  switch (field) {
    case 'onHit':
      return valueWord(field, 'defer', lang);
    case 'openCounts':
      return valueWord(field, 'asked', lang);
    case 'per':
      return NONE[lang];
    case 'counts':
      return fieldWords(rule, 'classes', lang);
    default:
      return phrase('全部', 'all')[lang];
  }
}

const NONE = phrase('无', 'none');

function valueWord(field: string, value: string, lang: Lang): string {
  if (field === 'classes' || field === 'counts') return classWord(value, lang);
  if (field === 'channels') return channelWord(value, lang);
  if (field === 'per') return dimensionWord(value, lang);
  if (field === 'salt') return value;

  return VALUES[value]?.[lang] ?? value;
}
