// How much of the ledger is archived, and why no more, for people.

import type { ArchiveHold, ArchivePlan } from '../../intake/archive/plan';

const days = (hours: number): string => String(Math.round((hours / 24) * 10) / 10);

function whyText({ why, policy, hours = 0, touchId = '' }: ArchiveHold): string {
  switch (why) {
    case 'not-sealed':
      return '其后的小时尚未封存，或仍可能补封迟到的行 · later hours are not sealed yet, or may still take up late rows';
    case 'counted':
      return policy === undefined
        ? `${days(hours)} 天内可能仍有回执与对账 · receipts and reconciliation may still ask for ${days(hours)} days`
        : `策略 ${policy} 仍计入 ${days(hours)} 天内的触达 · policy ${policy} still counts ${days(hours)} days`;
    case 'file-full':
      return '一个文件已满，其后的行归入下一个 · a file is full; what follows goes into the next';
    case 'late-rows':
      return '有迟到的行，与其封存不可分开 · rows came late, and must not be parted from their seal';
    case 'open-touch':
      return `触达 ${touchId} 尚未结束 · touch ${touchId} is not over`;
    case 'out-of-order':
      return `触达 ${touchId} 的行与时间次序不一，不可分开 · rows of touch ${touchId} were written in another order than their instants`;
  }
}

export function renderPlan({
  before,
  until,
  hours,
  rows,
  contacts,
  named,
  remaining,
  holds,
}: ArchivePlan): string {
  return [
    until === null
      ? `无可归档 nothing to archive before ${before}`
      : `可归档 to be archived: 至 until ${until}, ${hours} 小时 hours, ${rows} 行 rows, ${contacts} 客户 contacts`,
    `台账留存 stays in the ledger: ${remaining} 行 rows`,
    ...(named > 0
      ? [`其中含客户号 name their contact, from before there were pseudonyms: ${named} 行 rows`]
      : []),
    ...(holds.length > 0 ? [`少于所请求的 less than asked for (${before}):`] : []),
    ...holds.map((hold) => `  ${hold.until}: ${whyText(hold)}`),
  ].join('\n');
}
