// What became of a trigger for an event, as a sentence for people.

import { assertNever } from '../base/errors';
import { localText } from '../time/localText';
import type { TriggerAnswer } from '../trigger/testTriggers';
import { type Phrase, phrase } from './terms';

const WINDOWS = {
  day: phrase('当天', 'on that day'),
  week: phrase('当周', 'in that week'),
  month: phrase('当月', 'in that month'),
  billCycle: phrase('当前账期', 'in that bill cycle'),
} as const;

/** @param zone IANA: instants are shown as its clock has them */
export function triggerAnswerWords(answer: TriggerAnswer, zone: string): Phrase {
  const shown = (instant: string): string => localText(Date.parse(instant), zone);

  switch (answer.outcome) {
    case 'fired':
      return phrase('触发：满足全部条件', 'fires: everything holds');
    case 'no-match':
      return phrase('不触发：条件不满足', 'does not fire: the condition is false');
    case 'journey-taken':
      return phrase(
        `不触发：同一事件已由「${answer.by}」发起该旅程`,
        `does not fire: "${answer.by}" has started this journey for the event`,
      );
    case 'inactive-hours':
      return phrase(
        `不触发：事件发生在 ${answer.at}，不在生效时段 ${answer.from}–${answer.to}`,
        `does not fire: it happened at ${answer.at}, outside ${answer.from} to ${answer.to}`,
      );
    case 'stale':
      return phrase(
        `不触发：收到太晚，商机在 ${shown(answer.until)} 前有效`,
        `does not fire: heard of too late, it was worth something until ${shown(answer.until)}`,
      );
    case 'cooldown':
      return phrase(
        `不触发：冷却 ${answer.hours} 小时内，${shown(answer.firedAt)} 已触发过`,
        `does not fire: it did at ${shown(answer.firedAt)}, within ${answer.hours} hours`,
      );
    case 'max-per-contact': {
      const window = WINDOWS[answer.per];
      return phrase(
        `不触发：${window['zh-CN']}已触发 ${answer.fired} 次，上限 ${answer.count} 次`,
        `does not fire: it did ${answer.fired} times ${window.en}, of ${answer.count} allowed`,
      );
    }
    case 'budget':
      return phrase(
        `不触发：${answer.city} 在 ${answer.date} 的预算 ${answer.limit} 已用完`,
        `does not fire: the ${answer.limit} of ${answer.city} on ${answer.date} are spent`,
      );
    default:
      return assertNever(answer, 'answer of a trigger');
  }
}
