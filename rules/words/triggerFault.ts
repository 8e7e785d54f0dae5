// What keeps a trigger from being enabled, as a sentence for people.

import { assertNever } from '../base/errors';
import type { TriggerFault } from '../journey/triggerFaults';
import { channelWord, type Phrase, phrase } from './terms';

const NOUNS_ZH = { journey: '旅程', template: '话术', product: '产品', event: '事件类型' } as const;

const BOUNDS_ZH = {
  maxDailyBudget: '每日预算',
  minCooldownHours: '冷却小时',
  journeys: '旅程',
  products: '产品',
  maxPriority: '优先级',
} as const;

/** The sentence of a fault; the place stands beside it. */
export function triggerFaultWords(fault: TriggerFault): Phrase {
  switch (fault.kind) {
    case 'guardrail': {
      const { bound, value, allowed } = fault;
      return phrase(
        `${BOUNDS_ZH[bound]}${value === undefined ? '未填写' : `为 ${value}`}，超出省级护栏 ${bound}（允许：${allowed}）`,
        `${value === undefined ? 'nothing is said' : value} where the province's guard-rail ${bound} allows ${allowed}`,
      );
    }
    case 'unknown': {
      const { noun, value, nearest, allowed } = fault;
      const meant =
        nearest === null ? ['', ''] : [`，是否指「${nearest}」？`, `; did you mean "${nearest}"?`];
      return phrase(
        `没有可用的${NOUNS_ZH[noun]}「${value}」${meant[0]}${noun === 'journey' ? `（可用：${allowed}）` : ''}`,
        `there is no ${noun} "${value}" to use${meant[1]}${noun === 'journey' ? ` (there are: ${allowed})` : ''}`,
      );
    }
    case 'off-shelf':
      return phrase(`产品「${fault.value}」已下架`, `product "${fault.value}" is off the shelf`);
    case 'no-text':
      return phrase(
        `话术「${fault.value}」没有${channelWord(fault.channel, 'zh-CN')}文本`,
        `template "${fault.value}" has no text for ${channelWord(fault.channel, 'en')}`,
      );
    case 'not-marketing':
      return phrase(
        `话术「${fault.value}」不是营销类`,
        `template "${fault.value}" is no marketing text`,
      );
    default:
      return assertNever(fault, 'fault of a trigger');
  }
}
