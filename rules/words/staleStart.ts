// Why a journey was not started, in one sentence.

import type { StaleReason, StaleStart } from '../contact/staleStart';
import { JOURNEY_KINDS, journeyKind } from '../journey/kinds';
import { instantAt } from '../time/instant';
import { localText } from '../time/localText';
import { type Lang, type Phrase, phrase } from './terms';

const REASONS: Readonly<Record<StaleReason, Phrase>> = {
  superseded: phrase('已有更新的情况', 'something newer is known'),
  'not-due': phrase('已无应缴金额', 'nothing is due any more'),
  'cycle-over': phrase('属于已结束的账期', 'it is of a bill cycle that is over'),
  'too-late': phrase('已过可用时限', 'its time is over'),
};

/** `未启动「月初账单」：…`, with when what was told of happened, where the customer lives. */
export function staleStartWords(
  { journey, reason, occurredAt, eventId }: StaleStart,
  lang: Lang,
  zone: string,
): string {
  const kind = JOURNEY_KINDS.find((each) => each === journey);
  const name = kind ? journeyKind(kind).name[lang === 'en' ? 'en' : 'zh'] : journey;
  const when = localText(instantAt(occurredAt, 'occurredAt'), zone);
  const why = REASONS[reason][lang];

  return lang === 'en'
    ? `${name} was not started: event ${eventId} of ${when} is stale, ${why}`
    : `未启动「${name}」：${when} 的事件 ${eventId} 已过时（${why}）`;
}
