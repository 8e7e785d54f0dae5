// What is wrong with what a sequence refers to, as a sentence for people.

import { assertNever } from '../base/errors';
import type { SequenceFault } from '../sequence/faults';
import { channelWord, classWord, type Lang, listWord, type Phrase, phrase } from './terms';

const NOUNS_ZH = { template: '话术', scene: '场景', product: '产品', sequence: '序列' } as const;

/** The sentence of a fault; the place stands beside it. */
export function sequenceFaultWords({ value, fault }: SequenceFault): Phrase {
  switch (fault.kind) {
    case 'unknown': {
      const { noun, nearest } = fault;
      const meant =
        nearest === null ? ['', ''] : [`，是否指「${nearest}」？`, `; did you mean "${nearest}"?`];
      return phrase(
        `没有已发布的${NOUNS_ZH[noun]}「${value}」${meant[0]}`,
        `no ${noun} "${value}" is published${meant[1]}`,
      );
    }
    case 'unknown-version':
      return phrase(
        `「${value}」：没有已发布的版本 ${fault.version}`,
        `"${value}": no version ${fault.version} is published`,
      );
    case 'off-shelf':
      return phrase(
        `产品「${fault.name}」（${value}）已下架`,
        `product "${fault.name}" (${value}) is off the shelf`,
      );
    case 'no-text': {
      const has = (lang: Lang) =>
        listWord(
          fault.channels.map((channel) => channelWord(channel, lang)),
          lang,
        );
      return phrase(
        `话术「${value}」没有${channelWord(fault.channel, 'zh-CN')}文本（已有：${has('zh-CN')}）`,
        `template "${value}" has no text for ${channelWord(fault.channel, 'en')} (it has: ${has('en')})`,
      );
    }
    case 'wrong-class':
      return phrase(
        `话术「${value}」属于${classWord(fault.templateClass, 'zh-CN')}类，步骤为${classWord(fault.touchClass, 'zh-CN')}类`,
        `template "${value}" is of class ${classWord(fault.templateClass, 'en')}, the step of class ${classWord(fault.touchClass, 'en')}`,
      );
    case 'follows-itself':
      return phrase(
        `序列「${value}」结束后再次进入自身，且允许随时重复进入：将无限循环`,
        `sequence "${value}" goes on with itself and may always be entered again: it would never end`,
      );
    default:
      return assertNever(fault, 'fault of a sequence');
  }
}
