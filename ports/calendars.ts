// Where it is kept which version of a calendar is in force from when, and whether it runs. Versions themselves are a library's.

import type { CalendarLife } from '../rules/calendar/life';

export interface CalendarLifeStore {
  /** Null: none of its versions was ever approved. */
  find(calendarId: string): Promise<CalendarLife | null>;
  /** All of them, by id. */
  list(): Promise<CalendarLife[]>;
  /**
   * Keeps the next state of a life, whose revision is one more than that of the state it was made from; the first has revision 1.
   * False: somebody else changed it meanwhile.
   */
  keep(next: CalendarLife): Promise<boolean>;
}
