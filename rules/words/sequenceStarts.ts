// The daily look for contacts whose date has come, as the Temporal UI shows it.

import type { SequenceStartsProgress } from '../journey/messages';

export function renderSequenceStarts({
  at,
  sequences,
  done,
  sums,
}: Pick<SequenceStartsProgress, 'at' | 'sequences' | 'done' | 'sums'>): string {
  const rows = sums.map(
    ({ sequence, looked, started, repeated, refused, failure }) =>
      `| ${sequence} | ${looked} | ${started} | ${repeated} | ${refused} | ${failure ?? ''} |`,
  );

  return [
    `到期客户 who is due by: **${at}**  `,
    `序列 sequences: **${done}** / ${sequences.length}  `,
    ...(rows.length === 0
      ? []
      : [
          '',
          '| 序列 sequence | 查看 looked at | 启动 started | 已在 repeated | 拒绝 refused | 失败 failed |',
          '|---|---|---|---|---|---|',
        ]),
    ...rows,
  ].join('\n');
}
