// Where a contact falls within the days and minutes of a slot: always the same place, evenly over all contacts.

import { drawPairOf } from '../base/digest';
import type { Slot } from './calendar';

export interface Placement {
  /** Whole days after the base date. */
  readonly days: number;
  /** Whole minutes after the wall time. */
  readonly minutes: number;
}

const AT_ONCE: Placement = { days: 0, minutes: 0 };

/** The place of each contact in one slot. */
export function placementsOf(calendarId: string, slot: Slot): (contactId: string) => Placement {
  const { spanDays = 1, spreadMinutes = 0 } = slot;
  if (spanDays === 1 && spreadMinutes === 0) return () => AT_ONCE;

  return (contactId) => {
    const [days, minutes] = drawPairOf(`${calendarId}/${slot.id}/${contactId}`);
    return {
      days: days % spanDays,
      minutes: spreadMinutes === 0 ? 0 : minutes % spreadMinutes,
    };
  };
}
