// Waves of calendars, and what became of each contact in them. Whoever counts a wave counts these records, so that its numbers are
// exact whatever is retried.

import type { WaveContactState, WaveKey, WaveState } from '../rules/calendar/wave';
import type { CityScope } from './contacts';

export interface WaveRecord extends WaveKey {
  readonly waveId: string;
  readonly state: WaveState;
  /** Of the calendar; absent: all. */
  readonly cities?: readonly string[];
  /** `id@version`: the text that was current when the wave began. Absent: its slot names none. */
  readonly template?: string;
  /** ISO. */
  readonly startedAt: string;
  readonly endedAt?: string;
  /** Everybody up to this contact id has been looked at. */
  readonly walkedTo?: string;
  /** The walk through the audience is over. */
  readonly isWalked: boolean;
}

export interface WaveContact {
  readonly waveId: string;
  readonly contactId: string;
  readonly city: string;
  readonly state: WaveContactState;
  /** ISO: when the calendar has it due. */
  readonly plannedAt: string;
  /** ISO: when it is looked at next; on `waiting` and `tasked` only. */
  readonly dueAt?: string;
  readonly channel: string;
  /** Of the touch on this channel: asked last, or to be asked next. Counts from 1. */
  readonly attempt: number;
  /** True: the attempt was asked and left without an answer. */
  readonly isAsked?: boolean;
  /** Who is asked to confirm, where that was chosen. */
  readonly staffId?: string;
  /** Members of staff who had no room for it, and are not asked again before it is deferred. */
  readonly fullStaff?: readonly string[];
  /** How often the open task was looked at. */
  readonly looks?: number;
  /** The open task was taken back, and ends soon; `deferred`: then it may be asked for again. */
  readonly takenBack?: 'deferred' | 'suppressed';
  readonly reason?: string;
  readonly rule?: string;
  /** ISO: since when it is in this state. */
  readonly at: string;
  /** Counts changes from 1: a change holds only against the record it was made from. */
  readonly revision: number;
}

export interface WaveFilter extends CityScope {
  readonly calendarId?: string;
  readonly state?: WaveState;
  /** `YYYY-MM-DD`. */
  readonly date?: string;
  /** The last wave of the page before. */
  readonly after?: string;
  readonly limit: number;
}

export interface WaveContactFilter extends CityScope {
  readonly state?: WaveContactState;
  /** The last contact of the page before. */
  readonly after?: string;
  readonly limit: number;
}

/** How many contacts of a wave are in a state for a reason. */
export interface WaveNumber {
  readonly waveId: string;
  readonly state: WaveContactState;
  readonly reason?: string;
  readonly count: number;
}

export interface WaveStore {
  /** Keeps a new wave; one that is there is answered as it is. */
  open(wave: WaveRecord): Promise<WaveRecord>;
  find(waveId: string): Promise<WaveRecord | null>;
  /** By id, ascending; a wave of all cities is in everybody's. */
  list(filter: WaveFilter): Promise<WaveRecord[]>;
  /** False: it is in none of the states that it may be moved from. `at` (ISO) is when it ended, where it has. */
  move(waveId: string, from: readonly WaveState[], to: WaveState, at: string): Promise<boolean>;
  /** The walk has come so far; it never goes back. */
  walked(
    waveId: string,
    to: { readonly walkedTo?: string; readonly isWalked: boolean },
  ): Promise<void>;

  /** Takes contacts in; those that are in it already stay as they are. */
  enrol(contacts: readonly WaveContact[]): Promise<void>;
  /** In no order; those that are not in it are left out. */
  findContacts(waveId: string, contactIds: readonly string[]): Promise<WaveContact[]>;
  /** Those to be looked at by an instant (ISO), the longest due first, then by id. */
  due(waveId: string, until: string, limit: number): Promise<WaveContact[]>;
  /** ISO: when the next one is due, or the one in that place (from 1); null: fewer have not come to an end. */
  nextDue(waveId: string, place?: number): Promise<string | null>;
  /** Each holds only against the record it was made from, whose revision is one less; the others are passed over. */
  keep(contacts: readonly WaveContact[]): Promise<void>;
  /** Those that have failed are due again at an instant (ISO), as the next attempts of their touches; how many there are. */
  retryFailed(waveId: string, at: string): Promise<number>;
  /** Has the open tasks of these contacts looked at by an instant (ISO); how many there are. */
  hasten(contactIds: readonly string[], at: string): Promise<number>;
  /** Open tasks of any wave that are to be looked at by an instant (ISO), the longest due first. */
  dueTasks(until: string, limit: number): Promise<WaveContact[]>;
  /** By contact id, ascending. */
  contacts(waveId: string, filter: WaveContactFilter): Promise<WaveContact[]>;
  numbers(waveIds: readonly string[], scope?: CityScope): Promise<WaveNumber[]>;
}
