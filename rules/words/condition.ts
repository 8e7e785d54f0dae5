// A condition as people would say it.

import { assertNever } from '../base/errors';
import {
  type Condition,
  type FieldOperator,
  type FieldOperators,
  type FieldTest,
  type Group,
  isGroup,
  isOperators,
} from '../trigger/condition';
import { type Lang, listWord, type Phrase, phrase } from './terms';

/** Fields that events and contacts have; others are called by their paths. */
const FIELDS: Readonly<Record<string, Phrase>> = {
  'event.dataUsedPct': phrase('流量使用率', 'data used (%)'),
  'event.voiceUsedPct': phrase('语音使用率', 'calls used (%)'),
  'event.smsUsedPct': phrase('短信使用率', 'messages used (%)'),
  'event.balanceFen': phrase('事件余额（分）', 'balance told (fen)'),
  'event.product': phrase('事件产品', 'product of the event'),
  'contact.city': phrase('客户城市', 'city'),
  'contact.brand': phrase('品牌', 'brand'),
  'contact.plan.id': phrase('现用套餐', 'current plan'),
  'contact.plan.fee': phrase('套餐月费', 'plan fee'),
  'contact.billDay': phrase('出账日', 'bill day'),
  'contact.facts.dataUsedPct': phrase('已知流量使用率', 'known data used (%)'),
  'contact.facts.balanceFen': phrase('已知余额（分）', 'known balance (fen)'),
  'contact.facts.billDueFen': phrase('应缴金额（分）', 'bill due (fen)'),
  'contact.facts.products': phrase('已订产品', 'products'),
  'contact.facts.tags': phrase('标签', 'tags'),
  'contact.facts.stage': phrase('客户阶段', 'stage'),
};

const SIGNS: Readonly<Record<Exclude<FieldOperator, '$not' | '$exists'>, Phrase>> = {
  $eq: phrase('等于', 'is'),
  $ne: phrase('不等于', 'is not'),
  $gt: phrase('大于', 'is more than'),
  $gte: phrase('不小于', 'is at least'),
  $lt: phrase('小于', 'is less than'),
  $lte: phrase('不大于', 'is at most'),
  $in: phrase('属于', 'is one of'),
  $nin: phrase('不属于', 'is none of'),
  $all: phrase('包含全部', 'has all of'),
};

const AND: Phrase = phrase(' 且 ', ' and ');
const OR: Phrase = phrase(' 或 ', ' or ');

/** Of a list, so many are said; the rest is counted. */
const SAID = 5;

/** Null: it holds for everybody. */
export function conditionWords(condition: Condition, lang: Lang): string | null {
  const parts = Object.entries(condition).map(([key, test]) =>
    isGroup(key)
      ? groupWords(key, test as readonly Condition[], lang)
      : fieldWords(key, test as FieldTest, lang),
  );
  return parts.length === 0 ? null : parts.join(AND[lang]);
}

function groupWords(group: Group, conditions: readonly Condition[], lang: Lang): string {
  const isZh = lang === 'zh-CN';
  const parts = conditions.map(
    (condition) => `(${conditionWords(condition, lang) ?? (isZh ? '任何情况' : 'anything')})`,
  );

  switch (group) {
    case '$and':
      return parts.join(AND[lang]);
    case '$or':
      return `(${parts.join(OR[lang])})`;
    case '$nor':
      return isZh ? `均不成立：${parts.join('、')}` : `none of ${parts.join(', ')}`;
    default:
      return assertNever(group, 'group of conditions');
  }
}

function fieldWords(path: string, test: FieldTest, lang: Lang): string {
  const name = FIELDS[path]?.[lang] ?? path;
  if (!isOperators(test)) return said(name, SIGNS.$eq[lang], valueWord(test, lang), lang);
  return operatorsWords(name, test, lang);
}

function operatorsWords(name: string, test: FieldOperators, lang: Lang): string {
  const isZh = lang === 'zh-CN';
  const parts = Object.entries(test).map(([operator, operand]) => {
    const sign = operator as FieldOperator;
    if (sign === '$not') {
      const inner = operatorsWords(name, operand as FieldOperators, lang);
      return isZh ? `并非（${inner}）` : `not (${inner})`;
    }
    if (sign === '$exists') return existsWords(name, operand === true, lang);
    return said(name, SIGNS[sign][lang], valueWord(operand, lang), lang);
  });
  return parts.join(AND[lang]);
}

function existsWords(name: string, isThere: boolean, lang: Lang): string {
  if (lang === 'zh-CN') return `${name}${isThere ? '已知' : '未知'}`;
  return `${name} is ${isThere ? 'known' : 'not known'}`;
}

const said = (name: string, sign: string, value: string, lang: Lang): string =>
  lang === 'zh-CN' ? `${name}${sign} ${value}` : `${name} ${sign} ${value}`;

function valueWord(value: unknown, lang: Lang): string {
  if (value === null) return lang === 'zh-CN' ? '空' : 'nothing';
  if (!Array.isArray(value)) return String(value);
  if (value.length === 0) return lang === 'zh-CN' ? '空列表' : 'an empty list';

  const shown = value.slice(0, SAID).map((each) => valueWord(each, lang));
  const rest = value.length - shown.length;
  const more = lang === 'zh-CN' ? `等共 ${value.length} 项` : ` and ${rest} more`;
  return rest > 0 ? `${shown.join(', ')}${more}` : listWord(shown, lang);
}
