// An instant as people of a zone write it.

import { civilOf } from './civil';
import { DAY_MS } from './durations';
import { zoneOf } from './zone';

const two = (n: number): string => String(n).padStart(2, '0');

/** `2026-03-02 09:00` on the local clock; seconds only when there are any, rounded up: what is promised at it has begun. */
export function localText(instant: number, zone: string): string {
  const second = Math.ceil(instant / 1000) * 1000;
  const wall = second + zoneOf(zone).offsetAt(second);
  const dayNo = Math.floor(wall / DAY_MS);
  const { year, month, day } = civilOf(dayNo);
  const seconds = Math.floor((wall - dayNo * DAY_MS) / 1000);
  const time = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}`;

  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)} ${time}${seconds % 60 === 0 ? '' : `:${two(seconds % 60)}`}`;
}
