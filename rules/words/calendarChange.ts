// A change of a calendar as one line for people: `slot "balance": time 10:00 → 11:00`.

import type { PlanChange } from '../calendar/diff';
import { calendarFieldWord, calendarValueWord, slotWord } from './calendar';
import { type Lang, type Phrase, phrase } from './terms';

type Changed = Extract<PlanChange, { readonly change: 'changed' }>;
type Given = Exclude<PlanChange, Changed>;

/** One change as one line, in both languages. */
export const planChangeWords = (change: PlanChange): Phrase =>
  phrase(lineOf(change, 'zh-CN'), lineOf(change, 'en'));

const lineOf = (change: PlanChange, lang: Lang): string =>
  change.change === 'changed' ? changedLine(change, lang) : givenLine(change, lang);

const PARTS: Readonly<Record<'phase' | 'slot', Phrase>> = {
  phase: phrase('阶段', 'phase'),
  slot: phrase('时段', 'slot'),
};

const nameOf = (part: 'phase' | 'slot', id: string, lang: Lang): string =>
  lang === 'en' ? `${PARTS[part].en} "${id}"` : `${PARTS[part]['zh-CN']}「${id}」`;

function changedLine(change: Changed, lang: Lang): string {
  const { field } = change;
  const value = (given: unknown) => calendarValueWord(field, given, lang);
  const line = `${calendarFieldWord(field, lang)} ${value(change.before)} → ${value(change.after)}`;

  if (change.part === 'calendar') return line;
  return `${nameOf(change.part, change.id, lang)}${lang === 'en' ? ': ' : '：'}${line}`;
}

const VERBS = { added: phrase('新增', 'added'), removed: phrase('取消', 'removed') } as const;

function givenLine(change: Given, lang: Lang): string {
  const verb = VERBS[change.change][lang];
  const space = lang === 'en' ? ' ' : '';
  const colon = lang === 'en' ? ': ' : '：';

  if (change.part === 'slot')
    return `${verb}${space}${nameOf('slot', change.slot.id, lang)}${colon}${slotWord(change.slot, lang)}`;

  const { id, fromDay, toDay } = change.phase;
  const days = phrase(`每月 ${fromDay}-${toDay} 日`, `days ${fromDay}-${toDay}`)[lang];
  return `${verb}${space}${nameOf('phase', id, lang)}${colon}${days}`;
}
