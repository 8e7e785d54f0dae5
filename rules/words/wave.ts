// Where a wave stands, for people: the Temporal UI and the API say the same.

import {
  WAVE_CONTACT_STATES,
  type WaveContactState,
  type WaveKey,
  type WaveNumbers,
  type WaveState,
} from '../calendar/wave';
import { reasonWords } from './reasons';
import { type Phrase, phrase } from './terms';

type ShownState = Exclude<WaveState, 'held'>;

/** A wave that is held shows as paused. */
const WAVE_STATE_WORDS: Readonly<Record<ShownState, Phrase>> = {
  running: phrase('进行中', 'running'),
  paused: phrase('已暂停', 'paused'),
  cancelled: phrase('已取消', 'cancelled'),
  ended: phrase('已结束', 'ended'),
  missed: phrase('已错过', 'missed'),
};

const WAVE_CONTACT_WORDS: Readonly<Record<WaveContactState, Phrase>> = {
  waiting: phrase('等待触达', 'waiting'),
  tasked: phrase('待员工确认', 'waiting for staff'),
  sent: phrase('已送出', 'sent'),
  suppressed: phrase('未触达', 'not touched'),
  failed: phrase('失败', 'failed'),
  missed: phrase('已过期', 'expired before their turn'),
  run: phrase('已转入旅程', 'handed to a journey'),
};

interface Shown {
  readonly state: ShownState;
  readonly isWalked: boolean;
  readonly next?: string;
  readonly numbers: WaveNumbers;
}

const both = ({ 'zh-CN': zh, en }: Phrase): string => `${zh} ${en}`;

/** The page of details of a wave. */
export function renderWave(
  { calendarId, calendarVersion, slotId, date }: WaveKey,
  { state, isWalked, next, numbers }: Shown,
): string {
  const rows = WAVE_CONTACT_STATES.filter((name) => numbers[name] > 0).map(
    (name) => `| ${both(WAVE_CONTACT_WORDS[name])} | ${numbers[name]} |`,
  );

  return [
    `波次 wave: **${calendarId}@${calendarVersion}** / **${slotId}** / ${date}  `,
    `状态 state: **${both(WAVE_STATE_WORDS[state])}**  `,
    ...(isWalked || state !== 'running' ? [] : ['正在遍历客群 walking the audience  ']),
    ...(next === undefined ? [] : [`下一批 next due: ${next}  `]),
    ...(rows.length === 0 ? [] : ['', '| 客户 contacts | 数量 number |', '|---|---|', ...rows]),
  ].join('\n');
}

interface Counted {
  readonly state: WaveContactState;
  readonly reason?: string;
  readonly count: number;
}

/** What kept contacts from their touch, with its words, the most frequent first. */
export const waveReasons = (counted: readonly Counted[]) =>
  counted
    .flatMap(({ state, reason, count }) =>
      reason === undefined
        ? []
        : [
            {
              ...{ state, reason, count },
              words: {
                zh: reasonWords(reason, undefined, 'zh-CN'),
                en: reasonWords(reason, undefined, 'en'),
              },
            },
          ],
    )
    .sort((a, b) => b.count - a.count);
