// What begins a sequence: an event that fits its start, or a date that is near enough.

import { drawPairOf } from '../base/digest';
import type { Contact, Facts } from '../contact/contact';
import { dateAt } from '../time/anchors';
import { civilOf, dayNumber, daysInMonth, parseDate } from '../time/civil';
import { HOUR_MS } from '../time/durations';
import { formatInstant } from '../time/instant';
import { dateText } from '../time/localDate';
import { zoneOf } from '../time/zone';
import type { Condition } from '../trigger/condition';
import { isOneOf } from './isOneOf';
import type { Sequence, SequenceStart } from './sequence';

/** Something that has happened to a contact and may begin sequences. */
export type Happening =
  | { readonly kind: 'added'; readonly staffId: string; readonly scene?: string | undefined }
  | { readonly kind: 'stage'; readonly stage: string }
  | { readonly kind: 'order'; readonly product: string };

/** Names what lets a contact in, of parts that other systems or people name: it becomes part of other ids. */
export const occasionOf = (...parts: readonly string[]): string => parts.map(fitting).join('-');

/** What may stand in no id is left out; a draw of the whole tells such parts from each other. */
function fitting(part: string): string {
  const fit = part.replace(/[^A-Za-z0-9._@:-]/g, '');
  return fit === part
    ? part
    : `${fit}~${drawPairOf(part)
        .map((word) => word.toString(36))
        .join('')}`;
}

export function isStartedBy(start: SequenceStart, happening: Happening): boolean {
  switch (happening.kind) {
    case 'added':
      return start.kind === 'added' && isOneOf(happening.scene, start.scenes);
    case 'stage':
      return start.kind === 'stage' && start.stage === happening.stage;
    case 'order':
      return start.kind === 'order' && isOneOf(happening.product, start.products);
  }
}

/** Steps that keep off some kind of day move by a week at most, but for the longest rests. */
const MOST_MOVED_DAYS = 10;

/** True: what an event tells of is no longer so. A stage is entered and left again. */
export const isSuperseded = (
  happening: Happening,
  { facts = {} }: { readonly facts?: Facts | undefined },
): boolean => happening.kind === 'stage' && facts.stage !== happening.stage;

/**
 * True: no step could be done any more, and a run would be about nothing.
 * @param at ISO, what days are counted from; `now` in milliseconds; `zone` of the contact
 */
export function isTooLate(
  { steps }: Pick<Sequence, 'steps'>,
  at: string,
  now: number,
  zone: string,
): boolean {
  const local = zoneOf(zone);
  const day = local.dayAt(Date.parse(at));
  const ends = steps.map(
    (step) =>
      local.instantOf(day + step.day + 1 + (step.onlyOn ? MOST_MOVED_DAYS : 0), 0) +
      (step.lateWithinHours ?? 0) * HOUR_MS,
  );

  return now >= Math.max(...ends);
}

/** Starts that no event tells of: a date comes near, or nothing happens for long enough. */
export type DatedStart = Extract<
  SequenceStart,
  { readonly kind: 'birthday' | 'silent' | 'contract-end' }
>;

export const isDated = (start: SequenceStart): start is DatedStart =>
  start.kind === 'birthday' || start.kind === 'silent' || start.kind === 'contract-end';

/** What was due on so many days before is made up for: nobody looked while nothing ran. */
const LOOKED_BACK_DAYS = 7;

/** What lets a contact in on a date. */
export interface DueEntry {
  /** Names it: found again the next day it is the same. */
  readonly occasion: string;
  /** ISO: days of steps count from its local date. */
  readonly at: string;
}

/** What is due for a contact by `today` (`YYYY-MM-DD`, where the contact lives); null: nothing. */
export function dueEntry(
  start: DatedStart,
  { facts = {} }: Pick<Contact, 'facts'>,
  today: string,
  zone: string,
): DueEntry | null {
  const day = parseDate(today);
  const dueDay = dueDayOf(start, facts, day, zone);
  if (dueDay === null || dueDay > day || dueDay <= day - LOOKED_BACK_DAYS) return null;

  const date = dateText(dueDay);
  return {
    occasion: `${start.kind}-${date}`,
    at: formatInstant(dateAt(date, '00:00', zone)),
  };
}

/** As a day number; null: nothing is known of it. */
function dueDayOf(start: DatedStart, facts: Facts, today: number, zone: string): number | null {
  switch (start.kind) {
    case 'birthday':
      return lastYearly(String(facts.birthday ?? ''), today + (start.daysBefore ?? 0), start);
    case 'contract-end': {
      const end = parseDate(String(facts.contractEndsOn ?? ''));
      return Number.isNaN(end) ? null : end - start.daysBefore;
    }
    case 'silent': {
      const spoke = Date.parse(facts.lastSpokeAt ?? '');
      return Number.isNaN(spoke) ? null : zoneOf(zone).dayAt(spoke) + start.days;
    }
  }
}

/** The last birthday up to a day, less the days before; 29 February is kept on the 28th in other years. */
function lastYearly(
  birthday: string,
  until: number,
  { daysBefore = 0 }: { readonly daysBefore?: number | undefined },
): number | null {
  const [, month, day] = /^(?:\d{4}-)?(\d{2})-(\d{2})$/.exec(birthday) ?? [];
  if (month === undefined || day === undefined) return null;
  const [monthNo, dayNo] = [Number(month), Number(day)];
  if (monthNo < 1 || monthNo > 12 || dayNo < 1 || dayNo > daysInMonth(2024, monthNo)) return null;

  const { year } = civilOf(until);
  const ofYear = (each: number) =>
    dayNumber(each, monthNo, Math.min(dayNo, daysInMonth(each, monthNo)));
  const last = ofYear(year) > until ? ofYear(year - 1) : ofYear(year);
  return last - daysBefore;
}

/** Whoever may be due by `today` fits it: contacts live in zones a day ahead and a day behind. */
export function dueCondition(start: DatedStart, today: string): Condition | null {
  const day = parseDate(today);
  const around = (days: number) => dateText(day + days);

  switch (start.kind) {
    case 'birthday':
      return null; // a date of any year
    case 'contract-end': {
      const from = around(start.daysBefore - LOOKED_BACK_DAYS - 1);
      return { 'facts.contractEndsOn': { $gte: from, $lte: around(start.daysBefore + 1) } };
    }
    case 'silent': {
      const from = around(-start.days - LOOKED_BACK_DAYS - 1);
      return { 'facts.lastSpokeAt': { $gte: from, $lt: around(-start.days + 2) } };
    }
  }
}
