// How much a calendar asks of customers and of staff, day by day: the numbers in which two versions are compared.

import { type Profile, speakerFor } from '../contact/contact';
import type { CompiledSlot } from './compiledSlot';

export interface DayLoad {
  /** Local date of the calendar. */
  readonly date: string;
  readonly occurrences: number;
  /** Each once, in however many slots. */
  readonly contacts: number;
  /** Occurrences on WeCom that a member has to confirm. */
  readonly confirmations: number;
  /** Members with any. */
  readonly staff: number;
  /** Of the member who has most; 0 when nobody has any. */
  readonly mostOfOne: number;
}

/** What one member of staff has to confirm on one date. */
export interface MemberLoad {
  readonly staffId: string;
  readonly date: string;
  readonly confirmations: number;
}

export interface CalendarLoad {
  readonly occurrences: number;
  readonly contacts: number;
  /** Days with any occurrence, ascending. */
  readonly days: readonly DayLoad[];
  /** The highest, most first. */
  readonly staff: readonly MemberLoad[];
}

export interface LoadCount {
  /** Each contact is added once. */
  add(contact: Profile): void;
  load(): CalendarLoad;
}

interface DayCount {
  occurrences: number;
  contacts: number;
  readonly byStaff: Map<string, number>;
}

const MOST_MEMBERS = 100;

export function createLoadCount(slots: readonly CompiledSlot[]): LoadCount {
  const days = new Map<string, DayCount>();
  let contacts = 0;

  return {
    add(contact) {
      const dates = new Set<string>();
      let speaker: string | undefined;

      for (const { slot, datesOf } of slots)
        for (const { date } of datesOf(contact)) {
          const day = dayOf(days, date);
          day.occurrences += 1;
          if (!dates.has(date)) day.contacts += 1;
          dates.add(date);

          if (slot.touch.channel !== 'wecom') continue;
          speaker ??= speakerFor(contact, undefined)?.staffId;
          if (speaker !== undefined) day.byStaff.set(speaker, (day.byStaff.get(speaker) ?? 0) + 1);
        }

      if (dates.size > 0) contacts += 1;
    },
    load: () => loadOf(days, contacts),
  };
}

function dayOf(days: Map<string, DayCount>, date: string): DayCount {
  const known = days.get(date);
  if (known) return known;

  const day: DayCount = { occurrences: 0, contacts: 0, byStaff: new Map() };
  days.set(date, day);
  return day;
}

function loadOf(days: ReadonlyMap<string, DayCount>, contacts: number): CalendarLoad {
  const sorted = [...days].sort(([a], [b]) => (a < b ? -1 : 1));
  const members = sorted.flatMap(([date, { byStaff }]) =>
    [...byStaff].map(([staffId, confirmations]) => ({ staffId, date, confirmations })),
  );

  return {
    occurrences: sum(sorted.map(([, day]) => day.occurrences)),
    contacts,
    days: sorted.map(([date, day]) => dayLoad(date, day)),
    staff: members.sort(byConfirmations).slice(0, MOST_MEMBERS),
  };
}

function dayLoad(date: string, { occurrences, contacts, byStaff }: DayCount): DayLoad {
  const counts = [...byStaff.values()];

  return {
    ...{ date, occurrences, contacts, confirmations: sum(counts), staff: counts.length },
    mostOfOne: counts.reduce((most, count) => Math.max(most, count), 0),
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

function byConfirmations(a: MemberLoad, b: MemberLoad): number {
  if (a.confirmations !== b.confirmations) return b.confirmations - a.confirmations;
  if (a.date !== b.date) return a.date < b.date ? -1 : 1;
  return a.staffId < b.staffId ? -1 : 1;
}
