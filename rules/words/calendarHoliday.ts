// What the holiday table leaves open for a calendar, as a sentence for people.

import { assertNever } from '../base/errors';
import type { CalendarHolidayWarning } from '../calendar/holidayWarnings';
import { holidayWord, type Lang, listWord, type Phrase, phrase } from './terms';

export function calendarHolidayWords(warning: CalendarHolidayWarning): Phrase {
  switch (warning.kind) {
    case 'unarranged-year':
      return unarranged(warning);
    case 'unknown-holiday': {
      const { name, nearest } = warning;
      const known = (lang: Lang) =>
        listWord(
          warning.known.map((one) => `${one} ${holidayWord(one, lang)}`),
          lang,
        );
      const meant =
        nearest === null ? ['', ''] : [`，是否指「${nearest}」`, `; did you mean "${nearest}"?`];
      return phrase(
        `节假日表没有「${name}」${meant[0]}：该时段不会有日期（已有：${known('zh-CN')}）`,
        `the holiday table has no "${name}"${meant[1]}: the slot has no dates (known: ${known('en')})`,
      );
    }
    case 'undated-holiday': {
      const { name, year } = warning;
      return phrase(
        `节假日表没有 ${year} 年${holidayWord(name, 'zh-CN')}的日期：该时段当年不会有日期`,
        `the holiday table has no date of ${holidayWord(name, 'en')} in ${year}: the slot has none that year`,
      );
    }
    default:
      return assertNever(warning, 'warning');
  }
}

function unarranged({
  year,
  predicted,
  slots,
}: Extract<CalendarHolidayWarning, { readonly kind: 'unarranged-year' }>): Phrase {
  const said =
    predicted > 0 ? [`（仅有 ${predicted} 天预测）`, ` (${predicted} days predicted)`] : ['', ''];
  const asked =
    slots.length > 0
      ? [`受影响的时段：${listWord(slots, 'zh-CN')}`, `slots concerned: ${listWord(slots, 'en')}`]
      : ['目前没有时段依赖它', 'no slot depends on it so far'];

  return phrase(
    `节假日表没有 ${year} 年的放假安排${said[0]}：当年只按普通周末判断；${asked[0]}`,
    `the holiday table has no arrangement of ${year}${said[1]}: that year goes by weekends alone; ${asked[1]}`,
  );
}
