// The words of the sales calendar in both languages: anchors, fields and values.

import { assertNever } from '../base/errors';
import type { Anchor, Weekday } from '../calendar/calendar';
import type { PlannedSlot } from '../calendar/plan';
import { channelWord, classWord, type Lang, listWord, type Phrase, phrase } from './terms';

const WEEKDAY_WORDS: Readonly<Record<Weekday, Phrase>> = {
  mon: phrase('周一', 'Monday'),
  tue: phrase('周二', 'Tuesday'),
  wed: phrase('周三', 'Wednesday'),
  thu: phrase('周四', 'Thursday'),
  fri: phrase('周五', 'Friday'),
  sat: phrase('周六', 'Saturday'),
  sun: phrase('周日', 'Sunday'),
};

/** On which days a slot is due: `every month on the last day`, `账单日后 1 天`. */
function anchorWord(anchor: Anchor, lang: Lang): string {
  switch (anchor.kind) {
    case 'date':
      return anchor.date;
    case 'monthDay':
      return monthDayWord(anchor)[lang];
    case 'workday':
      return nth(anchor.n, phrase('工作日', 'work day'))[lang];
    case 'weekday':
      return nth(anchor.n, WEEKDAY_WORDS[anchor.weekday])[lang];
    case 'weekly': {
      const days = anchor.weekdays.map((day) => WEEKDAY_WORDS[day][lang]);
      return phrase(`每${listWord(days, lang)}`, `every ${listWord(days, lang)}`)[lang];
    }
    case 'holiday':
      return around(phrase(`节日「${anchor.name}」`, `holiday "${anchor.name}"`), anchor)[lang];
    case 'billDay':
      return around(phrase('账单日', 'bill day'), anchor)[lang];
    case 'cycleEnd':
      return around(phrase('账期末日', 'end of the bill cycle'), anchor)[lang];
    case 'activation':
      return around(phrase('入网日', 'day of activation'), anchor)[lang];
    default:
      return assertNever(anchor, 'anchor');
  }
}

function monthDayWord({
  day,
  ifMissing,
}: {
  readonly day: number;
  readonly ifMissing?: 'last' | 'skip' | undefined;
}): Phrase {
  const skips = ifMissing === 'skip';
  const zh = day > 0 ? `每月 ${day} 日` : `每月倒数第 ${-day} 日`;
  const en =
    day > 0 ? `every month on day ${day}` : `every month on day ${-day} counted from the end`;
  return phrase(
    `${zh}${skips ? '（无此日则跳过）' : ''}`,
    `${en}${skips ? ' (skipped when missing)' : ''}`,
  );
}

const nth = (n: number, what: Phrase): Phrase =>
  phrase(
    `每月${n > 0 ? '' : '倒数'}第 ${Math.abs(n)} 个${what['zh-CN']}`,
    `every month on ${what.en} ${Math.abs(n)}${n > 0 ? '' : ' counted from the end'}`,
  );

function around(
  what: Phrase,
  { offsetDays = 0 }: { readonly offsetDays?: number | undefined },
): Phrase {
  if (offsetDays === 0) return what;

  const days = Math.abs(offsetDays);
  return phrase(
    `${what['zh-CN']}${offsetDays > 0 ? '后' : '前'} ${days} 天`,
    `${days} d ${offsetDays > 0 ? 'after' : 'before'} ${what.en}`,
  );
}

/** A slot in one line: when, on what, with which text. */
export function slotWord({ anchor, at, touch }: PlannedSlot, lang: Lang): string {
  const parts = [
    `${anchorWord(anchor, lang)} ${at}`,
    `${channelWord(touch.channel, lang)}${lang === 'en' ? ' ' : ''}${classWord(touch.class, lang)}`,
    ...(touch.template === undefined
      ? []
      : [`${phrase('话术', 'template')[lang]} ${touch.template}`]),
  ];
  return parts.join(lang === 'en' ? ', ' : '，');
}

const FIELDS: Readonly<Record<string, Phrase>> = {
  name: phrase('名称', 'name'),
  timezone: phrase('时区', 'time zone'),
  cities: phrase('地市', 'cities'),
  fromDay: phrase('起始日', 'first day'),
  toDay: phrase('结束日', 'last day'),
  behaviour: phrase('客户行为', 'behaviour of customers'),
  hotTopics: phrase('咨询热点', 'hot topics'),
  scene: phrase('推荐场景', 'scene'),
  starProducts: phrase('明星产品', 'star products'),
  phase: phrase('阶段', 'phase'),
  anchor: phrase('日期', 'dates'),
  shift: phrase('遇休息日', 'on days of rest'),
  at: phrase('时刻', 'time'),
  spanDays: phrase('分散天数', 'spread over days'),
  spreadMinutes: phrase('分散分钟', 'spread over minutes'),
  priority: phrase('优先级', 'priority'),
  expiresAfterHours: phrase('有效时长（小时）', 'expires after hours'),
  audience: phrase('目标客群', 'audience'),
  'touch.channel': phrase('渠道', 'channel'),
  'touch.class': phrase('类别', 'class'),
  'touch.category': phrase('品类', 'category'),
  'touch.campaign': phrase('活动', 'campaign'),
  'touch.product': phrase('产品', 'product'),
  'touch.template': phrase('话术', 'template'),
  'delivery.promotion': phrase('促销', 'promotion'),
  'delivery.scene': phrase('话术场景', 'scene for staff'),
  'delivery.materials': phrase('素材', 'materials'),
  'delivery.atBlackout': phrase('遇封网日', 'on blackout days'),
  'delivery.openedWithinDays': phrase('几天内打开过', 'opened within days'),
  'delivery.fallback': phrase('备用渠道', 'channels to fall back on'),
  'delivery.confirmWithinHours': phrase('员工确认时限（小时）', 'hours for staff to confirm'),
  'delivery.whenStaffFull': phrase('员工任务已满时', 'when staff have no room'),
  'delivery.journey': phrase('旅程', 'journey'),
};

export const calendarFieldWord = (field: string, lang: Lang): string =>
  FIELDS[field]?.[lang] ?? field;

const VALUES: Readonly<Record<string, Readonly<Record<string, Phrase>>>> = {
  shift: {
    none: phrase('照常', 'as it is'),
    next: phrase('顺延到工作日', 'the next work day'),
    previous: phrase('提前到工作日', 'the work day before'),
    skip: phrase('跳过', 'left out'),
  },
  'delivery.atBlackout': {
    skip: phrase('跳过', 'left out'),
    next: phrase('顺延', 'the next day that is free'),
    previous: phrase('提前', 'the free day before'),
  },
  'delivery.whenStaffFull': {
    defer: phrase('顺延', 'deferred'),
    reroute: phrase('改派', 'given to another member'),
  },
};

/** What an absent field stands for. */
const ABSENT: Readonly<Record<string, Phrase>> = {
  cities: phrase('全部', 'all'),
  audience: phrase('全部', 'everybody'),
  shift: phrase('照常', 'as it is'),
  spanDays: phrase('1', '1'),
  spreadMinutes: phrase('0', '0'),
  'delivery.confirmWithinHours': phrase('24', '24'),
  'delivery.atBlackout': phrase('跳过', 'left out'),
  'delivery.whenStaffFull': phrase('顺延', 'deferred'),
};

/** The value of a field of a calendar; what is absent as what it stands for. */
export function calendarValueWord(field: string, value: unknown, lang: Lang): string {
  if (value === undefined) return (ABSENT[field] ?? phrase('无', 'none'))[lang];
  if (field === 'anchor') return anchorWord(value as Anchor, lang); // a change's value is of its field
  if (Array.isArray(value))
    return listWord(
      value.map((each) => wordOf(field, each, lang)),
      lang,
    );
  return wordOf(field, value, lang);
}

function wordOf(field: string, value: unknown, lang: Lang): string {
  if (typeof value === 'object') return JSON.stringify(value);

  const text = String(value);
  if (field === 'touch.channel' || field === 'delivery.fallback') return channelWord(text, lang);
  if (field === 'touch.class') return classWord(text, lang);
  return VALUES[field]?.[text]?.[lang] ?? text;
}
