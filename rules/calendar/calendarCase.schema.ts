// One whole case of compiling, as the vectors and the command line give it.

import { z } from 'zod';
import { parseWith } from '../input/parse';
import { date, holidayDays, instant, strict, text } from '../input/shape.schema';
import type { HolidayTable } from '../time/holidays';
import type { Calendar, CalendarContact } from './calendar';
import { CONDITIONS_OF_CALENDARS, calendarSchema } from './calendar.schema';

/** Its other fields are for audiences, with their nulls. */
const contact = z.looseObject({
  contactId: text,
  city: z.string().nullish(),
  billDay: z.int().min(1).max(31).nullish(),
  activatedAt: instant.nullish(),
});

const holidays = strict({
  days: holidayDays.default({}),
  names: z.record(z.string(), z.array(date)).default({}),
});

const calendarCase = strict({
  calendar: calendarSchema,
  contacts: z.array(contact),
  holidays: holidays.default({ days: {}, names: {} }),
  from: date,
  to: date,
  name: z.unknown().optional(),
  expect: z.unknown().optional(),
});

/** All that a compile depends on. */
export interface CalendarCase {
  readonly calendar: Calendar;
  readonly contacts: readonly CalendarContact[];
  readonly holidays: HolidayTable;
  readonly from: string;
  readonly to: string;
}

/** Reads one case of `sopflow calendar`; a malformed one is an error naming the place, the value and what is allowed. */
export function parseCalendarCase(value: unknown): CalendarCase {
  return parseWith<CalendarCase>(calendarCase, value, '', [...CONDITIONS_OF_CALENDARS, 'contacts']);
}
