// What a proof of the ledger found, for people.

import type { Finding } from '../../reports/proof/check';
import type { CheckSummary } from '../../reports/proof/checkSummary';

const KINDS: Readonly<Record<Finding['kind'], string>> = {
  'cap-exceeded': '超出频次上限',
  'gap-cut': '间隔不足',
  'in-quiet-hours': '静默时段触达',
  'in-dnd': '免打扰期间触达',
  'without-consent': '未获同意',
  'unreachable-or-blocked': '不可达或已拉黑',
  'expired-delivery': '过期送达',
  'late-by-staff': '员工延迟发送',
  unsettled: '到期未回执',
  'delivered-without-reservation': '无预留的送达',
  'delivered-twice': '重复送达',
  'delivered-after-withdrawal': '撤回后送达',
  'unknown-policy': '未知策略版本',
  'in-holdout': '触达对照组客户',
  'against-personalisation': '客户拒绝个性化后仍触达',
  'unproved-personalisation': '未记录个性化意愿',
  'refused-without-reason': '拦截理由不成立',
  'reply-without-act': '应答没有客户行为',
  'answered-twice': '同一行为应答两次',
  'delivered-before-pass': '送达早于放行',
  'times-out-of-order': '时间顺序错乱',
  'no-settle-by': '缺少回执期限',
  'other-channel': '回执渠道不符',
  'no-reference': '缺少渠道回执号',
  'reference-twice': '回执号重复使用',
  'hole-in-revisions': '修订号缺失',
  'hole-in-sequence': '台账行缺失',
  'row-twice': '台账行重复',
  'broken-chain': '哈希链断裂',
  unchained: '未入链的行',
  unkeyed: '无密钥签名的行',
  'unknown-key': '未知密钥',
  'row-missing': '封存后被删除的行',
  'contact-missing': '封存后被删除的客户',
  'other-subject': '假名不属于该客户的行',
  'row-changed': '封存后被改动的行',
  'row-not-sealed': '封存后添入的行',
  'broken-seal': '封存本身不成立',
  'beginning-changed': '归档起点被改动',
  'row-back': '归档后又出现的行',
  'broken-archive': '归档本身不成立',
  malformed: '格式错误的行',
};

/** What keeps a kind from happening again, where there is a measure. */
const MEASURES: Partial<Record<string, string>> = {
  'late-by-staff':
    '缩短待确认触达的期限，到期即撤回 · shorten the deadline of tasked touches, so that they are cancelled in time',
};

const archivedLine = ({
  archives,
  until,
  rows,
  unjudged,
}: NonNullable<CheckSummary['archived']>): string =>
  `归档 archives: ${archives}, 至 until ${until}, 已附 given ${rows} 行 rows, 无归档文件不能完全核查 not judged wholly without the files ${unjudged} 行 rows`;

export function renderCheck({
  rows,
  contacts,
  forgotten,
  violations,
  byKind,
  unkeyed,
  unverified,
  sealed,
  archived,
  policies,
}: CheckSummary): string {
  const kinds = Object.entries(byKind).sort(([, a], [, b]) => b - a);
  return [
    `已核查 proved: ${rows} 行 rows, ${contacts} 客户 contacts, 策略 policies ${policies.join(', ') || '-'}`,
    ...(forgotten > 0
      ? [
          `已遗忘 forgotten: ${forgotten} 客户 contacts, 对照组不可再证 whose holdout can be proved no more`,
        ]
      : []),
    ...(unkeyed > 0 ? [`未签名 not signed by any key: ${unkeyed} 行 rows`] : []),
    ...(unverified > 0
      ? [`签名未验证 signed, not verified for want of the key: ${unverified} 行 rows`]
      : []),
    ...(sealed
      ? [
          `封存 seals: ${sealed.hours} 小时 hours, 至 until ${sealed.until || '-'}, 其后 after it ${sealed.unsealed} 行 rows`,
        ]
      : []),
    ...(archived ? [archivedLine(archived)] : []),
    `违规 violations: ${violations}`,
    ...kinds.flatMap(([kind, count]) => [
      `  ${KINDS[kind as Finding['kind']] ?? ''} ${kind}: ${count}`,
      ...(MEASURES[kind] === undefined ? [] : [`    ${MEASURES[kind]}`]),
    ]),
  ].join('\n');
}
