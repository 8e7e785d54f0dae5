// What a preview of a calendar found, for people: Chinese first, then English.

import type { CalendarHolidayWarning } from '../calendar/holidayWarnings';
import type { PreviewDay, PreviewReason, PreviewReport } from '../calendar/preview';
import { calendarHolidayWords } from './calendarHoliday';
import { reasonWords } from './reasons';
import { type Phrase, phrase } from './terms';

const OUTCOMES: Readonly<Record<PreviewReason['outcome'], Phrase>> = {
  passed: phrase('可触达', 'passes'),
  held: phrase('先暂缓', 'held for a while'),
  suppressed: phrase('不触达', 'suppressed'),
  missed: phrase('过期未达', 'expires while held'),
  'handed-on': phrase('转入旅程', 'gets a journey'),
};

/** Lines of each list that people take in at a glance. */
const SHOWN = 20;
const HOURS_ACROSS = 6;

interface Shown extends PreviewReport {
  readonly problems: readonly { readonly slotId: string; readonly message: string }[];
  readonly holidays: readonly CalendarHolidayWarning[];
}

/** The sentence that everything else explains. */
export const previewSentence = ({ contacts, occurrences, ...numbers }: PreviewReport): Phrase =>
  phrase(
    `${contacts} 位客户 ${occurrences} 次触达计划：${numbers.passed} 次可触达（其中 ${numbers.held} 次先被暂缓），${numbers.suppressed} 次不触达，${numbers.missed} 次过期未达，${numbers.handedOn} 次转入旅程`,
    `${occurrences} occurrences for ${contacts} contacts: ${numbers.passed} pass (${numbers.held} are held first), ${numbers.suppressed} are suppressed, ${numbers.missed} expire while held, ${numbers.handedOn} get a journey`,
  );

export function renderPreview(report: Shown): string {
  const { 'zh-CN': zh, en } = previewSentence(report);
  const { problems, holidays, days, reasons, staff, collisions } = report;

  return [
    zh,
    en,
    ...holidays.map(calendarHolidayWords).map(({ 'zh-CN': said, en: too }) => `! ${said} · ${too}`),
    ...problems.map(({ slotId, message }) => `! 时段 slot ${slotId}: ${message}`),
    ...section('按日 by day', days.map(dayLine)),
    ...section('原因 reasons', reasons.map(reasonLine)),
    ...section(
      '员工确认最多的日子 busiest days of staff',
      staff.map((each) => `${each.date} ${each.staffId}: ${each.confirmations}`),
    ),
    ...section(
      '同日冲突 due on the same date',
      collisions.map(
        ({ slots, contacts, firstDate }) =>
          `${slots.join(' ↔ ')}: ${contacts} 客户 contacts, 首日 first ${firstDate}`,
      ),
    ),
  ].join('\n');
}

function section(title: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];

  const hidden = lines.length - SHOWN;
  const rest = hidden > 0 ? [`  … ${hidden} 行 more (--json)`] : [];
  return [title, ...lines.slice(0, SHOWN).map((line) => `  ${line}`), ...rest];
}

function dayLine({ date, hours, confirmations, ...numbers }: PreviewDay): string {
  const across = Object.entries(hours)
    .sort(([, a], [, b]) => b - a)
    .slice(0, HOURS_ACROSS)
    .map(([hour, count]) => `${hour.padStart(2, '0')}h ${count}`);
  const asked = confirmations === 0 ? '' : `, 待员工确认 to confirm ${confirmations}`;

  return `${date}: ${numbers.occurrences} → ${numbers.passed}${asked} (${across.join(', ')})`;
}

function reasonLine({ outcome, reason, rule, count }: PreviewReason): string {
  const { 'zh-CN': zh, en } = OUTCOMES[outcome];
  const why = `${reasonWords(reason, rule, 'zh-CN')} · ${reasonWords(reason, rule, 'en')}`;
  return `${count} ${zh} ${en}: ${why}`;
}
