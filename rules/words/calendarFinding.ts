// What is found in a calendar before it is approved, as sentences for people.

import { assertNever } from '../base/errors';
import type { AudienceHint } from '../calendar/audienceCount';
import type { PlanFault, PlanHint } from '../calendar/faults';
import type { CalendarHolidayWarning } from '../calendar/holidayWarnings';
import type { SlotFault } from '../calendar/slotFault';
import { calendarHolidayWords } from './calendarHoliday';
import { slotFaultWords } from './slotFault';
import { channelWord, type Lang, listWord, type Phrase, phrase } from './terms';

export type CalendarFinding =
  | PlanFault
  | PlanHint
  | AudienceHint
  | SlotFault
  | CalendarHolidayWarning;

export const calendarFindingWords = (finding: CalendarFinding): Phrase =>
  'fault' in finding ? slotFaultWords(finding) : wordsOf(finding);

function wordsOf(finding: Exclude<CalendarFinding, SlotFault>): Phrase {
  switch (finding.kind) {
    case 'phases-overlap':
      return overlap(finding);
    case 'expires-before-end':
      return phrase(
        `时段「${finding.slot}」下发 ${finding.expiresAfterHours} 小时后失效，而最后一位客户在 ${finding.endsAfterHours} 小时后才轮到；有效时长须不少于 ${finding.endsAfterHours} 小时`,
        `slot "${finding.slot}" expires after ${finding.expiresAfterHours} h, and its last contact is due after ${finding.endsAfterHours} h; allowed: at least ${finding.endsAfterHours}`,
      );
    case 'fallback-repeats':
      return phrase(
        `时段「${finding.slot}」的备用渠道「${channelWord(finding.channel, 'zh-CN')}」此前已尝试；须为另一渠道`,
        `slot "${finding.slot}" falls back on ${channelWord(finding.channel, 'en')}, which was tried before; allowed: another channel`,
      );
    case 'days-free':
      return phrase(
        `以下日期不属于任何阶段：${daysWord(finding.days, 'zh-CN')} 日`,
        `no phase has these days: ${daysWord(finding.days, 'en')}`,
      );
    case 'reaches-nobody':
      return phrase(
        `时段「${finding.slot}」的目标客群为空：日历地市的 ${finding.contacts} 位客户中无人符合`,
        `slot "${finding.slot}" reaches nobody: none of the ${finding.contacts} contacts of the calendar's cities matches`,
      );
    case 'reaches-everybody':
      return phrase(
        `时段「${finding.slot}」的目标客群条件未筛掉任何人：日历地市的 ${finding.contacts} 位客户全部符合`,
        `slot "${finding.slot}" reaches everybody: its condition holds for all ${finding.contacts} contacts of the calendar's cities`,
      );
    case 'lacks-variable':
      return lacking(finding);
    case 'unarranged-year':
    case 'unknown-holiday':
    case 'undated-holiday':
      return calendarHolidayWords(finding);
    default:
      return assertNever(finding, 'finding');
  }
}

type Found<Kind extends Exclude<CalendarFinding, SlotFault>['kind']> = Extract<
  CalendarFinding,
  { readonly kind: Kind }
>;

function overlap({ phase, other, fromDay, toDay }: Found<'phases-overlap'>): Phrase {
  const days = dayRange({ fromDay, toDay });
  return phrase(
    `阶段「${phase}」与「${other}」重叠：每月 ${days} 日`,
    `phases "${phase}" and "${other}" overlap: both have day ${days}`,
  );
}

interface Days {
  readonly fromDay: number;
  readonly toDay: number;
}

const dayRange = ({ fromDay, toDay }: Days): string =>
  fromDay === toDay ? String(fromDay) : `${fromDay}-${toDay}`;

const daysWord = (days: readonly Days[], lang: Lang): string => listWord(days.map(dayRange), lang);

function lacking(finding: Found<'lacks-variable'>): Phrase {
  const { slot, template, variable, contacts, reached, first } = finding;
  const isWhole = first.length === contacts;
  const zh = `${first.join('、')}${isWhole ? '' : ' 等'}`;
  const en = `${first.join(', ')}${isWhole ? '' : ' …'}`;

  return phrase(
    `时段「${slot}」的 ${reached} 位客户中 ${contacts} 位缺少话术 ${template} 所需的「${variable}」，不会收到：${zh}`,
    `slot "${slot}": ${contacts} of ${reached} contacts lack ${variable}, which template ${template} needs, and get nothing: ${en}`,
  );
}
