// What a rule of the gate found, in words.

import { assertNever } from '../base/errors';
import { type ConsentGiven, detailOf, type RuleFinding } from '../gate/finding';
import { NEEDS } from './policy';
import { channelWord, type Lang } from './terms';

/** A finding as one phrase: in English the stored detail itself, in Chinese from the finding's fields. */
export const findingWords = (finding: RuleFinding, lang: Lang): string =>
  lang === 'en' ? detailOf(finding) : inChinese(finding);

function inChinese(finding: RuleFinding): string {
  switch (finding.kind) {
    case 'unreachable':
      return finding.reachable ? '可达' : unreachableInChinese(finding);
    case 'blocked':
      return finding.block === null ? '无' : blockInChinese(finding.block);
    case 'consent':
      return `${GIVEN[finding.given]}（${NEEDS[finding.need]['zh-CN']}）`;
    case 'dnd':
      return finding.until === undefined ? '未设截止时间' : '客户设有期限';
    case 'gap':
      return gapInChinese(finding);
    case 'quiet-hours':
      return quietInChinese(finding);
    case 'cap':
      return detailOf(finding);
    case 'holdout':
      return `按${finding.by === 'contact' ? '客户' : '客户与活动'}抽取 ${finding.percent}%`;
    default:
      return assertNever(finding, 'finding');
  }
}

function blockInChinese({ channel, reason }: { channel: string; reason?: string | undefined }) {
  const word = reason === undefined ? undefined : HOLDS[reason];
  if (word === undefined) return detailOf({ kind: 'blocked', block: { channel, reason } });
  return `${channelWord(channel, 'zh-CN')}：${word}`;
}

const HOLDS: Readonly<Record<string, string>> = {
  'opt-out': '客户已回复退订',
  'reply-unclear': '客户的回复可能是退订，待人工判断',
};

function unreachableInChinese({ channel, why }: { channel: string; why?: string | undefined }) {
  const word = `${channelWord(channel, 'zh-CN')}不可达`;
  return why === 'number-reassigned' ? `${word}：号码已由新客户使用（二次放号）` : word;
}

function quietInChinese({
  from,
  to,
  unannounced,
}: Extract<RuleFinding, { readonly kind: 'quiet-hours' }>): string {
  const times = `${from}-${to}`;
  return unannounced === undefined
    ? times
    : `${times}，${unannounced} 年节假日安排尚未公布，按普通周末判断`;
}

function gapInChinese(finding: Extract<RuleFinding, { readonly kind: 'gap' }>): string {
  if (finding.latest === null) return '此前无计数触达';
  if (!finding.open) return detailOf(finding);
  return `有任务待员工确认，自其截止 ${finding.latest} 起 ${finding.hours} 小时`;
}

const GIVEN: Readonly<Record<ConsentGiven, string>> = {
  granted: '已同意',
  refused: '客户已拒绝',
  unknown: '客户未表态',
};
