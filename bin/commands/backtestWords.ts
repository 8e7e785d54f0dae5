// What a proposed policy would have changed, for people.

import type { PolicyReplayGroup, PolicyReplayReport } from '../../rules/ledger/policyReplay';
import { reasonWords } from '../../rules/words/reasons';

/** Groups shown; `--json` has them all. */
const SHOWN = 30;

export function renderBacktest({
  opportunities,
  contacts,
  kept,
  moved,
  gained,
  lost,
  ...rest
}: PolicyReplayReport): string {
  const { unjudged, groups, unannounced = [] } = rest;
  const hidden = groups.length - SHOWN;

  return [
    `商机 opportunities: ${opportunities}, 客户 contacts ${contacts}`,
    `  不变 kept: ${kept}（改期 at another time ${moved}）`,
    `  新增 gained: ${gained.opportunities}, 客户 contacts ${gained.contacts}`,
    `  失去 lost: ${lost.opportunities}, 客户 contacts ${lost.contacts}`,
    ...(unjudged === 0 ? [] : [`  无法判定 not judged: ${unjudged}`]),
    ...unannounced.map(
      (year) =>
        `  ! ${year} 年节假日安排尚未公布，工作日与休息日只按普通周末判断 · the holidays of ${year} are not announced: work days and days of rest go by weekends alone`,
    ),
    ...groups.slice(0, SHOWN).map(lineOf),
    ...(hidden > 0 ? [`… ${hidden} 组 more groups (--json)`] : []),
  ].join('\n');
}

function lineOf({
  outcome,
  city,
  channel,
  campaign,
  reason,
  rule,
  opportunities,
  contacts,
}: PolicyReplayGroup): string {
  const sign = outcome === 'gained' ? '+' : '-';
  const why = `${reasonWords(reason, rule, 'zh-CN')} ${reasonWords(reason, rule, 'en')}`;
  return `${sign}${contacts} 客户 contacts, ${opportunities}: ${city} ${channel} ${campaign || '-'} ${why}`;
}
