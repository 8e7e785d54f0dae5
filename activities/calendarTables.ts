// The published tables that the dates of calendars depend on.

import type { Stores } from '../ports/stores';
import type { CalendarTables } from '../rules/calendar/plan';

/** Those in force now; nothing published, no holidays. */
export async function calendarTables({
  holidays,
}: Pick<Stores, 'holidays'>): Promise<CalendarTables> {
  const current = await holidays.current('cn');
  return { holidays: current?.body ?? { days: {}, names: {} }, blackouts: { blackouts: [] } };
}
