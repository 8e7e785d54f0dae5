// How far back a policy looks.

import type { CalendarUnit } from '../time/windows';
import { everyPolicyOf } from './cities';
import type { PolicyDocument } from './document.schema';
import type { Policy } from './policy.schema';

/** The longest that a window of each unit can last, with a day to spare for changes of the clocks and of the date line. */
const LONGEST_HOURS: Readonly<Record<CalendarUnit, number>> = {
  day: 48,
  week: 192,
  month: 768,
  billCycle: 768,
};

/** How many hours back a touch can still matter to a policy: older ones may be dropped. */
export function longestWindowHours(policy: Policy): number {
  const gaps = (policy.gaps ?? []).map(({ hours }) => hours);
  const caps = (policy.caps ?? []).map(({ window }) =>
    window.kind === 'rolling' ? window.hours : LONGEST_HOURS[window.unit],
  );
  return Math.ceil(Math.max(0, ...gaps, ...caps));
}

/** The same over all cities of a document: a contact may move to one that looks further back. */
export const longestWindowHoursAnywhere = (document: PolicyDocument): number =>
  Math.max(...everyPolicyOf(document).map(longestWindowHours));
