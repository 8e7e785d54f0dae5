// The calendar date that a customer sees at an instant.

import { civilOf } from './civil';
import { instantAt } from './instant';
import { zoneOf } from './zone';

/** `YYYY-MM-DD` of an ISO instant in an IANA zone. */
export function localDate(instant: string, zone: string): string {
  return dateText(zoneOf(zone).dayAt(instantAt(instant, 'instant')));
}

/** `YYYY-MM-DD` of a day number. */
export function dateText(dayNo: number): string {
  const { year, month, day } = civilOf(dayNo);
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
