// A calendar once more, for another month: slots of one date move with it; phases and all other anchors hold in any month.

import { civilOf, dayNumber, daysInMonth, parseDate } from '../time/civil';
import { dateText } from '../time/localDate';
import type { CalendarPlan, PlannedSlot } from './plan';

/** A date that was moved. `shortened`: its new month lacks the day, and it is the month's last. */
export interface MovedDate {
  readonly slotId: string;
  readonly before: string;
  readonly after: string;
  readonly shortened?: true;
}

export interface CopiedPlan {
  readonly plan: CalendarPlan;
  readonly moved: readonly MovedDate[];
}

/**
 * @param to how many months later (or earlier, when negative), or the month (`YYYY-MM`) into which the earliest date moves; the
 * others keep their distance in months
 */
export function copyPlan(plan: CalendarPlan, to: number | string): CopiedPlan {
  const months = typeof to === 'number' ? to : monthsUntil(plan, to);
  const copied = plan.slots.map((slot) => copySlot(slot, months));

  return {
    plan: { ...plan, slots: copied.map(({ slot }) => slot) },
    moved: copied.flatMap(({ moved }) => moved ?? []),
  };
}

function copySlot(
  slot: PlannedSlot,
  months: number,
): { readonly slot: PlannedSlot; readonly moved?: MovedDate } {
  if (slot.anchor.kind !== 'date' || months === 0) return { slot };

  const before = slot.anchor.date;
  const { date, isShortened } = movedDate(before, months);
  const moved = { slotId: slot.id, before, after: date };

  return {
    slot: { ...slot, anchor: { kind: 'date', date } },
    moved: isShortened ? { ...moved, shortened: true } : moved,
  };
}

function movedDate(
  date: string,
  months: number,
): { readonly date: string; readonly isShortened: boolean } {
  const { day, ...from } = civilOf(parseDate(date));
  const count = monthCount(from) + months;
  const year = Math.floor(count / 12);
  const month = (count % 12) + 1;
  const kept = Math.min(day, daysInMonth(year, month));

  return { date: dateText(dayNumber(year, month, kept)), isShortened: kept < day };
}

/** Months since the year 0. */
const monthCount = ({ year, month }: { readonly year: number; readonly month: number }): number =>
  year * 12 + month - 1;

function monthsUntil({ slots }: CalendarPlan, month: string): number {
  const dates = slots.flatMap(({ anchor }) => (anchor.kind === 'date' ? [anchor.date] : []));
  const [earliest] = [...dates].sort();
  if (earliest === undefined) return 0;

  return monthCount(civilOf(parseDate(`${month}-01`))) - monthCount(civilOf(parseDate(earliest)));
}
