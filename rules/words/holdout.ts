// What the touches brought, in one sentence: who converted, by how much more, and how sure that is.

import type { ArmReport, HoldoutReport, Interval } from '../ledger/holdoutReport';
import type { Lang } from './terms';

const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;
const points = (share: number): string =>
  `${share < 0 ? '−' : '+'}${Math.abs(share * 100).toFixed(1)}`;
const range = ([low, high]: Interval): string => `${points(low)} … ${points(high)}`;

/** The report for people. Without contacts in both arms there is nothing to compare, and it says so. */
export function holdoutWords(
  { treated, heldOut, difference, interval, significant }: HoldoutReport,
  lang: Lang,
): string {
  const arms =
    lang === 'en'
      ? `treated ${armWords(treated)}, held out ${armWords(heldOut)}`
      : `触达组 ${armWords(treated)}，对照组 ${armWords(heldOut)}`;
  if (difference === null)
    return lang === 'en' ? `${arms}: nothing to compare` : `${arms}：缺少一组，无法比较`;

  const by = `${points(difference)} (${range(interval)})`;
  if (lang === 'en')
    return `${arms}: ${by} points at 95% confidence, ${significant ? 'a real difference' : 'which may be chance'}`;

  return `${arms}：相差 ${by} 个百分点（95% 置信区间），${significant ? '差异显著' : '可能只是偶然'}`;
}

function armWords({ contacts, conversions, rate }: ArmReport): string {
  return `${conversions}/${contacts}${rate === null ? '' : ` (${percent(rate)})`}`;
}
