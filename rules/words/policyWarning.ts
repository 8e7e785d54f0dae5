// What a policy's author is warned of, as a sentence for people.

import { assertNever } from '../base/errors';
import type { PolicyWarningFound } from '../policy/warnings';
import { channelWord, classWord, everyWord, type Lang, type Phrase, phrase } from './terms';

export interface PolicyWarning {
  /** Dotted, lists by index: `caps[0].limit`. */
  readonly path: string;
  readonly kind: PolicyWarningFound['kind'];
  readonly words: Phrase;
}

/** A warning with its sentence in both languages. */
export function withWords(warning: PolicyWarningFound): PolicyWarning {
  return { path: warning.path, kind: warning.kind, words: wordsOf(warning) };
}

function wordsOf(warning: PolicyWarningFound): Phrase {
  switch (warning.kind) {
    case 'always-quiet':
      return phrase(quietZh(warning.touchClass, warning.channel), quietEn(warning));
    case 'nothing-passes':
      return phrase(
        `上限「${warning.cap}」为 0：所适用的触达一律不发`,
        `cap "${warning.cap}" is 0: nothing it applies to ever passes`,
      );
    case 'never-binds':
      return neverBinds(warning);
    case 'waits-too-long':
      return tooLong(warning);
    case 'never-applies':
      return phrase(
        `${warning.field} 为空：该规则不会生效`,
        `${warning.field} is empty: the rule never applies`,
      );
    case 'unannounced-year':
      return unannounced(warning);
    default:
      return assertNever(warning, 'warning');
  }
}

type Found<Kind extends PolicyWarningFound['kind']> = Extract<
  PolicyWarningFound,
  { readonly kind: Kind }
>;

function quietZh(touchClass: string, channel: string | undefined): string {
  const on = channel === undefined ? '' : channelWord(channel, 'zh-CN');
  return `静默时段覆盖全天，${on}${classWord(touchClass, 'zh-CN')}类触达永远无法发出`;
}

function quietEn({ touchClass, channel }: Found<'always-quiet'>): string {
  const on = channel === undefined ? '' : ` on ${channelWord(channel, 'en')}`;
  return `quiet hours leave no time of any day for ${classWord(touchClass, 'en')}${on}: nothing can ever be sent`;
}

function unannounced({ year, predicted }: Found<'unannounced-year'>): Phrase {
  const zh = predicted > 0 ? `（表中 ${predicted} 天仅为预测，不作依据）` : '';
  const en =
    predicted > 0 ? ` (${predicted} days of the table are predictions and decide nothing)` : '';
  return phrase(
    `该规则按工作日或休息日生效，而 ${year} 年节假日安排尚未公布${zh}：当年只按普通周末判断，公布后请更新节假日表`,
    `the rule tells work days from days of rest, and the holidays of ${year} are not announced${en}: that year goes by weekends alone; publish a new holiday table when they are`,
  );
}

function neverBinds({ cap, full }: Found<'never-binds'>): Phrase {
  const every = (rule: typeof cap, lang: Lang) => everyWord(rule.window, lang);
  return phrase(
    `上限「${cap.id}」（${every(cap, 'zh-CN')} ${cap.limit} 次）不会生效：「${full.id}」（${every(full, 'zh-CN')} ${full.limit} 次）先满`,
    `cap "${cap.id}" (${every(cap, 'en')}, ${cap.limit}) never binds: "${full.id}" (${every(full, 'en')}, ${full.limit}) is full before`,
  );
}

function tooLong({ gap, maxDeferHours, openHours }: Found<'waits-too-long'>): Phrase {
  if (openHours !== undefined)
    return phrase(
      `间隔「${gap.id}」为 ${gap.hours} 小时，自待确认触达的截止起算（通常 ${openHours} 小时后），合计超过最长顺延 ${maxDeferHours} 小时：有任务待确认时，后续触达将被抑制而非顺延`,
      `gap "${gap.id}" of ${gap.hours} h begins at the deadline of an open touch, as a rule ${openHours} h later; together longer than the longest deferral of ${maxDeferHours} h: behind an open touch the next is suppressed, not deferred`,
    );

  return phrase(
    `间隔「${gap.id}」为 ${gap.hours} 小时，超过最长顺延 ${maxDeferHours} 小时：刚触达过的客户将被抑制而非顺延`,
    `gap "${gap.id}" of ${gap.hours} h is longer than the longest deferral of ${maxDeferHours} h: soon after a touch the next is suppressed, not deferred`,
  );
}
