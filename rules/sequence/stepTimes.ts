// When a step is due: on a local date counted from the event, between two local times. Milliseconds in and out.

import { dateAt, wallMs } from '../time/anchors';
import { parseDate } from '../time/civil';
import type { DayKind, DayKinds } from '../time/dayKind';
import { HOUR_MS, MINUTE_MS } from '../time/durations';
import { dateText } from '../time/localDate';
import { zoneOf } from '../time/zone';
import type { SequenceStep } from './sequence';
import type { StepNote } from './stepNote';

type Timed = Pick<SequenceStep, 'day' | 'window' | 'afterMinutes' | 'lateWithinHours'>;

export interface StepTimes {
  readonly dueAt: number;
  /** Done later, it is late. */
  readonly dueBy: number;
  /** Not done by then, it is missed. Before `dueAt`: it was over before the event. */
  readonly until: number;
}

/** The local date (`YYYY-MM-DD`) of a step that keeps off no kind of day. @param eventAt milliseconds */
export const stepDate = ({ day }: Pick<Timed, 'day'>, eventAt: number, zone: string): string =>
  dateText(zoneOf(zone).dayAt(eventAt) + day);

/**
 * The times of a step on a local date. A window that the clocks skip begins with the first instant after the gap and is as long as
 * on any other day.
 */
export function stepTimes(step: Timed, date: string, eventAt: number, zone: string): StepTimes {
  const { window, afterMinutes = 0, lateWithinHours = 0 } = step;
  const from = dateAt(date, window.from, zone);
  const to = dateAt(date, window.to, zone);

  const dueBy = to > from ? to : from + wallMs(window.to) - wallMs(window.from);
  return {
    dueAt: Math.max(from, eventAt + afterMinutes * MINUTE_MS),
    dueBy,
    until: dueBy + lateWithinHours * HOUR_MS,
  };
}

/** Why a step is not begun at an instant that is not before `dueAt`; null: it may begin. */
export function noteOfTimes({ dueAt, until }: StepTimes, at: number): StepNote | null {
  if (dueAt > until) return { state: 'skipped', reason: 'over-before' };
  return at > until ? { state: 'missed', reason: 'window-over' } : null;
}

/** Longer than any rest of a year, with the make-up work days around it. */
const MOST_DAYS = 60;

/**
 * The first date on or after `date` that is of this kind.
 * @throws Error when none comes within two months: a holiday table that rests for so long is a mistake
 */
export function nextDateOfKind(date: string, kind: DayKind, kindOf: DayKinds): string {
  const first = parseDate(date);
  for (let day = first; day < first + MOST_DAYS; day++)
    if (kindOf(day) === kind) return dateText(day);

  throw new Error(`no ${kind} day within ${MOST_DAYS} days from ${date}`);
}
