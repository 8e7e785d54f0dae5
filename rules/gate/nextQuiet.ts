// When it is next quiet for a touch: a task for staff must be done or cancelled by then.

import type { GateContact } from '../contact/gateContact.schema';
import { covers } from '../policy/scope';
import { instantAt } from '../time/instant';
import { type Zone, zoneOf } from '../time/zone';
import { PASS } from './answer';
import { dndRules } from './dnd';
import type { PreparedPolicy } from './gate';
import type { Touch } from './gate.schema';
import { askQuiet, ownQuiet, type QuietWindow } from './quiet';

/** No task waits longer. */
const DAYS_AHEAD = 31;

/**
 * The first instant from `at` on (milliseconds) at which a quiet window or an entry of do-not-disturb is about the touch:
 * `at` itself when it is quiet already. Null: none begins within 31 days.
 */
export function nextQuiet(
  policy: PreparedPolicy,
  contact: GateContact,
  touch: Touch,
  at: number,
): number | null {
  const zone = zoneOf(contact.timezone ?? policy.timezone);
  const own = contact.quietHours && ownQuiet(contact.quietHours);
  const windows = [...policy.quiet, ...(own ? [own] : [])].filter((window) =>
    covers(window, touch),
  );
  const rules = [...dndRules(contact, touch), ...windows.map((window) => askQuiet(window, zone))];
  if (rules.some((rule) => rule.answer(at) !== PASS)) return at;

  const horizon = zone.dayAt(at) + DAYS_AHEAD;
  const entries = (contact.dnd ?? []).flatMap(({ from }, i) =>
    from === undefined ? [] : [instantAt(from, `contact.dnd[${i}].from`)],
  );

  // An entry may be about other touches or end before it begins: only the rules know.
  const begun = entries.filter(
    (from) =>
      from > at &&
      zone.dayAt(from) <= horizon &&
      rules.some((rule) => rule.kind === 'dnd' && rule.answer(from) !== PASS),
  );

  const starts = windows
    .map((window) => startAfter(window, zone, at, horizon))
    .filter((start) => start !== null);
  const all = [...begun, ...starts];

  return all.length === 0 ? null : Math.min(...all);
}

/** The first start of a window after the instant; a window whose ends meet in a clock gap has none. */
function startAfter(window: QuietWindow, zone: Zone, at: number, lastDay: number): number | null {
  for (let dayNo = zone.dayAt(at); dayNo <= lastDay; dayNo += 1) {
    if (!window.startsOn(dayNo)) continue;
    const start = zone.instantOf(dayNo, window.fromMs);
    if (start > at && start < zone.instantOf(dayNo + window.nights, window.toMs)) return start;
  }
  return null;
}
