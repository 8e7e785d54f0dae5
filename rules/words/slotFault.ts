// What is wrong with what a slot refers to, as a sentence for people.

import { assertNever } from '../base/errors';
import type { FaultCities, ReferenceFault, SlotFault } from '../calendar/slotFault';
import { channelWord, classWord, type Lang, listWord, type Phrase, phrase } from './terms';

/** The sentence of a fault; the place stands beside it. */
export function slotFaultWords({ value = '', fault }: SlotFault): Phrase {
  switch (fault.kind) {
    case 'unknown':
      return unknown(value, fault);
    case 'unknown-version':
      return unknownVersion(value, fault);
    case 'withdrawn':
      return phrase(
        `生效中的产品目录已不再包含${nounZh(fault.noun)}「${value}」`,
        `the catalogue in force has no ${fault.noun} "${value}" any more`,
      );
    case 'off-shelf':
      return phrase(
        `产品「${fault.name}」（${value}）已下架`,
        `product "${fault.name}" (${value}) is off the shelf`,
      );
    case 'promotes-another':
      return phrase(
        `促销「${value}」销售的是产品 ${fault.product}，与时段的产品不同`,
        `promotion "${value}" sells product ${fault.product}, not the one of the slot`,
      );
    case 'closed-city':
    case 'closed-channel':
    case 'closed-date':
      return closed(value, fault);
    case 'no-template':
    case 'no-text':
    case 'wrong-class':
    case 'no-product':
      return ofText(value, fault);
    case 'not-eligible':
      return notEligible(value, fault);
    default:
      return assertNever(fault, 'fault of a slot');
  }
}

type Fault<Kind extends ReferenceFault['kind']> = Extract<ReferenceFault, { readonly kind: Kind }>;

const NOUNS_ZH = {
  product: '产品',
  promotion: '促销',
  scene: '场景',
  material: '素材',
  template: '话术',
  channel: '渠道',
  catalogue: '产品目录',
} as const;

const nounZh = (noun: keyof typeof NOUNS_ZH): string => NOUNS_ZH[noun];

function unknown(value: string, { noun, nearest }: Fault<'unknown'>): Phrase {
  const meant =
    nearest === null ? ['', ''] : [`，是否指「${nearest}」？`, `; did you mean "${nearest}"?`];
  return phrase(
    `没有${nounZh(noun)}「${value}」${meant[0]}`,
    `there is no ${noun} "${value}"${meant[1]}`,
  );
}

const unknownVersion = (value: string, { noun, version }: Fault<'unknown-version'>): Phrase =>
  phrase(
    `「${value}」：${nounZh(noun)}没有已发布的版本 ${version}`,
    `"${value}": no version ${version} of the ${noun} is published`,
  );

function closed(
  value: string,
  fault: Fault<'closed-city'> | Fault<'closed-channel'> | Fault<'closed-date'>,
): Phrase {
  const cities = { zh: citiesWord(fault.cities, 'zh-CN'), en: citiesWord(fault.cities, 'en') };

  switch (fault.kind) {
    case 'closed-city':
      return phrase(
        `促销「${value}」在${cities.zh}未开放（已开放：${citiesWord(fault.open, 'zh-CN')}）`,
        `promotion "${value}" is not open in ${cities.en} (open: ${citiesWord(fault.open, 'en')})`,
      );
    case 'closed-channel': {
      const open = (lang: Lang) =>
        listWord(
          fault.open.map((channel) => channelWord(channel, lang)),
          lang,
        );
      return phrase(
        `促销在${cities.zh}未对${channelWord(fault.channel, 'zh-CN')}开放（已开放：${open('zh-CN')}）`,
        `the promotion is not open for ${channelWord(fault.channel, 'en')} in ${cities.en} (open: ${open('en')})`,
      );
    }
    case 'closed-date': {
      const { date, from = '…', to = '…' } = fault;
      return phrase(
        `促销「${value}」在${cities.zh}于 ${date} 未开放（开放期：${from} 至 ${to}）`,
        `promotion "${value}" is not open in ${cities.en} on ${date} (open from ${from} to ${to})`,
      );
    }
  }
}

function citiesWord(cities: FaultCities, lang: Lang): string {
  const others = lang === 'en' ? 'all other cities' : '其余全部地市';
  return listWord(
    cities.map((city) => city ?? others),
    lang,
  );
}

function ofText(
  value: string,
  fault: Fault<'no-template'> | Fault<'no-text'> | Fault<'wrong-class'> | Fault<'no-product'>,
): Phrase {
  switch (fault.kind) {
    case 'no-template':
      return phrase('时段没有话术，也没有旅程', 'the slot has neither a template nor a journey');
    case 'no-text': {
      const has = (lang: Lang) =>
        listWord(
          fault.channels.map((channel) => channelWord(channel, lang)),
          lang,
        );
      return phrase(
        `话术没有${channelWord(fault.channel, 'zh-CN')}文本（已有：${has('zh-CN')}）`,
        `the template has no text for ${channelWord(fault.channel, 'en')} (it has: ${has('en')})`,
      );
    }
    case 'wrong-class':
      return phrase(
        `话术「${value}」属于${classWord(fault.templateClass, 'zh-CN')}类，时段为${classWord(fault.touchClass, 'zh-CN')}类`,
        `template "${value}" is of class ${classWord(fault.templateClass, 'en')}, the slot of class ${classWord(fault.touchClass, 'en')}`,
      );
    case 'no-product':
      return phrase(
        `话术「${value}」需要产品变量 ${listWord(fault.variables, 'zh-CN')}，而时段未指定产品`,
        `template "${value}" cannot do without ${listWord(fault.variables, 'en')}, and the slot names no product`,
      );
  }
}

function notEligible(value: string, { example }: Fault<'not-eligible'>): Phrase {
  const fields = Object.entries(example);
  const zh = fields.map(([path, found]) => (found === null ? `无 ${path}` : `${path} 为 ${found}`));
  const en = fields.map(([path, found]) => (found === null ? `no ${path}` : `${path} ${found}`));

  return phrase(
    `时段人群超出产品「${value}」的适用客户，例如：${listWord(zh, 'zh-CN')}`,
    `the audience goes beyond those whom product "${value}" is for, such as a contact with ${listWord(en, 'en')}`,
  );
}
