// The published tables that the dates of calendars depend on.

import type { Stores } from '../ports/stores';
import { type CalendarTables, tablesOf } from '../rules/calendar/plan';

/** Those in force now. */
export async function calendarTables({
  holidays,
  blackouts,
}: Pick<Stores, 'holidays' | 'blackouts'>): Promise<CalendarTables> {
  const [days, closed] = await Promise.all([holidays.current('cn'), blackouts.current('default')]);
  return tablesOf(days?.body, closed?.body);
}
