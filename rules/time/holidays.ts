// Rest days and make-up work days, and the first days of named holidays, as versioned data.

/** Local date (`YYYY-MM-DD`) → kind of day. */
export type Holidays = Readonly<Record<string, 'rest' | 'work'>>;

export interface HolidayTable {
  /** Arranged, and therefore facts. Exceptions only: otherwise Mon-Fri work, Sat-Sun rest. Local date → kind. */
  readonly days: Holidays;
  /** What is only expected of years that nobody has arranged yet: shown and warned of, never decided by. */
  readonly predicted?: Holidays;
  /** Name → its first days. */
  readonly names: Readonly<Record<string, readonly string[]>>;
}
