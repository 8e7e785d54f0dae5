// The words of sequences in both languages: starts, steps, what they do, and what changed of them.

import { assertNever } from '../base/errors';
import type { SequenceChange, SequenceSetting } from '../sequence/diff';
import type { AtEnd, SequenceStart, SequenceStep, StepAction } from '../sequence/sequence';
import { channelWord, classWord, type Lang, listWord, type Phrase, phrase } from './terms';

/** What begins it: `the customer added a member`, `合约到期前 60 天`. */
export function startWords(start: SequenceStart): Phrase {
  switch (start.kind) {
    case 'added': {
      const { scenes } = start;
      if (scenes === undefined) return phrase('客户添加员工', 'the customer adds a member');
      return phrase(
        `客户扫渠道码「${listWord(scenes, 'zh-CN')}」添加员工`,
        `the customer adds a member by ${listWord(scenes, 'en')}`,
      );
    }
    case 'stage':
      return phrase(`进入阶段「${start.stage}」`, `the stage becomes "${start.stage}"`);
    case 'birthday':
      return daysBefore(phrase('生日', 'birthday'), start.daysBefore);
    case 'silent':
      return phrase(`沉默满 ${start.days} 天`, `nothing said for ${start.days} days`);
    case 'order': {
      const { products } = start;
      if (products === undefined) return phrase('订单完成', 'an order is completed');
      return phrase(
        `产品 ${listWord(products, 'zh-CN')} 的订单完成`,
        `an order of ${listWord(products, 'en')} is completed`,
      );
    }
    case 'contract-end':
      return daysBefore(phrase('合约到期', 'end of the contract'), start.daysBefore);
    case 'request':
      return phrase('由其他序列、人员或系统发起', 'another sequence, a person or a system asks');
    default:
      return assertNever(start, 'start of a sequence');
  }
}

const daysBefore = (what: Phrase, days = 0): Phrase =>
  days === 0
    ? phrase(`${what['zh-CN']}当天`, `day of the ${what.en}`)
    : phrase(`${what['zh-CN']}前 ${days} 天`, `${days} days before the ${what.en}`);

/** When and what: `day 3, 10:00-12:00: WeCom marketing by template "t-58"`. */
export const stepWords = (step: SequenceStep): Phrase =>
  phrase(
    `第 ${step.day} 天 ${step.window.from}-${step.window.to}：${actionWords(step.do)['zh-CN']}`,
    `day ${step.day}, ${step.window.from}-${step.window.to}: ${actionWords(step.do).en}`,
  );

/** What a step, or the end of a sequence, does. */
function actionWords(action: StepAction | AtEnd['do']): Phrase {
  switch (action.kind) {
    case 'send': {
      const line = (lang: Lang) =>
        `${channelWord(action.channel, lang)}${lang === 'en' ? ' ' : ''}${classWord(action.class, lang)}`;
      return phrase(
        `${line('zh-CN')}触达，话术「${action.template}」`,
        `${line('en')} by template "${action.template}"`,
      );
    }
    case 'tag':
      return phrase(
        `打标签 ${listWord(action.tags, 'zh-CN')}`,
        `tag ${listWord(action.tags, 'en')}`,
      );
    case 'stage':
      return phrase(`阶段改为「${action.stage}」`, `stage becomes "${action.stage}"`);
    case 'next':
      return phrase(`转入序列「${action.sequence}」`, `go on with sequence "${action.sequence}"`);
    default:
      return STAFF_WORDS[action.kind];
  }
}

const STAFF_WORDS = {
  task: phrase('员工跟进任务', 'a member follows up'),
  notice: phrase('提醒员工', 'a notice to a member'),
  'group-invite': phrase('员工邀请入群', 'a member invites into a group'),
  moments: phrase('员工发朋友圈', 'a member posts a moment'),
  call: phrase('员工致电', 'a member calls'),
} as const;

const SETTINGS: Readonly<Record<SequenceSetting, Phrase>> = {
  name: phrase('名称', 'name'),
  start: phrase('开始条件', 'start'),
  audience: phrase('人群', 'audience'),
  reentry: phrase('再次进入', 're-entry'),
  stopWhen: phrase('退出条件', 'stop conditions'),
  atEnd: phrase('结束动作', 'actions at the end'),
  order: phrase('步骤顺序', 'order of steps'),
};

const FIELDS: Readonly<Record<string, Phrase>> = {
  day: phrase('天数', 'day'),
  window: phrase('时间窗', 'window'),
  afterMinutes: phrase('至少间隔（分钟）', 'minutes after the event'),
  onlyOn: phrase('限定日类型', 'only on'),
  when: phrase('条件', 'condition'),
  lateWithinHours: phrase('允许补做（小时）', 'late within hours'),
  'do.kind': phrase('执行方式', 'kind'),
  'do.channel': phrase('渠道', 'channel'),
  'do.class': phrase('类别', 'class'),
  'do.template': phrase('话术', 'template'),
  'do.scene': phrase('场景', 'scene'),
  'do.product': phrase('产品', 'product'),
  'do.category': phrase('品类', 'category'),
  'do.tags': phrase('标签', 'tags'),
  'do.stage': phrase('阶段', 'stage'),
  'do.confirmWithinHours': phrase('确认时限（小时）', 'hours to confirm'),
};

const NONE = phrase('无', 'none');

/** One change as one line. */
export const sequenceChangeWords = (change: SequenceChange): Phrase =>
  phrase(changeLine(change, 'zh-CN'), changeLine(change, 'en'));

function changeLine(change: SequenceChange, lang: Lang): string {
  const [open, close, colon] = lang === 'en' ? [' "', '"', ': '] : ['「', '」', '：'];
  const stepName = (id: string) => `${lang === 'en' ? 'step' : '步骤'}${open}${id}${close}`;

  if (change.change !== 'changed') {
    const verb = VERBS[change.change][lang];
    return `${verb}${stepName(change.step.id)}${colon}${stepWords(change.step)[lang]}`;
  }

  const { before, after } = change;
  if (change.part === 'sequence') {
    const value = (given: unknown) => settingValue(change.field, given)[lang];
    return `${SETTINGS[change.field][lang]} ${value(before)} → ${value(after)}`;
  }

  const field = FIELDS[change.field]?.[lang] ?? change.field;
  return `${stepName(change.id)}${colon}${field} ${plain(before, lang)} → ${plain(after, lang)}`;
}

const VERBS = { added: phrase('新增', 'added '), removed: phrase('取消', 'removed ') } as const;

function settingValue(field: SequenceSetting, value: unknown): Phrase {
  if (field === 'start') return startWords(value as SequenceStart);
  return phrase(plain(value, 'zh-CN'), plain(value, 'en'));
}

function plain(value: unknown, lang: Lang): string {
  if (value === undefined) return NONE[lang];
  return typeof value === 'string' || typeof value === 'number'
    ? String(value)
    : JSON.stringify(value);
}
