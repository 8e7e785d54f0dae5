// What a calendar starts next, for people: the Temporal UI shows it.

import type { AgendaEntry } from '../calendar/agenda';

/** The next waves of a page that people take in at a glance. */
const MOST_LINES = 20;

interface Shown {
  readonly state: 'none' | 'active' | 'paused' | 'ended';
  readonly entries: readonly AgendaEntry[];
}

const STATES: Readonly<Record<Shown['state'], string>> = {
  none: '未审批 never approved',
  active: '生效中 active',
  paused: '已暂停：不再发起波次 paused: no wave starts',
  ended: '已结束 ended',
};

export function renderAgenda(calendarId: string, { state, entries }: Shown): string {
  const rows = entries
    .slice(0, MOST_LINES)
    .map(
      ({ slotId, date, startsAt, calendarVersion }) =>
        `| ${slotId} | ${date} | ${startsAt} | ${calendarVersion} |`,
    );

  return [
    `营销日历 calendar: **${calendarId}**  `,
    `状态 state: **${STATES[state]}**  `,
    ...(rows.length === 0
      ? []
      : ['', '| 时段 slot | 日期 date | 开始 starts at | 版本 version |', '|---|---|---|---|']),
    ...rows,
  ].join('\n');
}
