// Which touches a gap or a cap counted, by id, so that "3 of 3" can be looked up one by one.

import type { GateContact, TouchRecord } from '../contact/gateContact.schema';
import { type ContactCalendar, windowFloor } from '../gate/cap';
import { canCount, counts, type LiveTouch, latestCounted, liveTouches } from '../gate/counted';
import type { PreparedPolicy } from '../gate/gate';
import type { Explained, Touch } from '../gate/gate.schema';
import { covers } from '../policy/scope';
import { instantAt } from '../time/instant';
import { zoneOf } from '../time/zone';
import type { LedgerRow } from './rows';
import { recalledTouch } from './touchState';

/**
 * The ids of the touches that a gap or cap counts at `touch.at`, the latest first: for a cap those in its window, for a
 * gap the latest one as it stands them, which alone decides. Empty when the rule does not apply to the touch or counts nothing.
 */
export function countedTouches(
  policy: PreparedPolicy,
  contact: GateContact,
  touch: Touch,
  { kind, rule }: Pick<Explained, 'kind' | 'rule'>,
): string[] {
  const found = kind === 'gap' ? policy.gaps : kind === 'cap' ? policy.caps : [];
  const asked = found.find(({ id }) => id === rule);
  if (asked === undefined || !covers(asked, touch) || !canCount(asked.counting, touch)) return [];

  const live = liveTouches(contact, touch);
  if (!('window' in asked)) {
    const latest = latestCounted(asked, live, touch);
    return latest === undefined ? [] : [idOf(latest)];
  }

  const calendar: ContactCalendar = {
    zone: zoneOf(contact.timezone ?? policy.timezone),
    billDay: contact.billDay ?? 1,
  };
  const floor = windowFloor(asked, instantAt(touch.at, 'touch.at'), calendar);

  return live.filter((each) => each.at >= floor && counts(asked.counting, each, touch)).map(idOf);
}

const idOf = ({ touch }: LiveTouch): string => touch.touchId;

/**
 * A contact's touches as they stood at a revision, from its ledger rows alone. A refused decision read the revision it
 * carries; a pass made the one it carries and read the one before.
 */
export function touchesAt(rows: readonly LedgerRow[], revision: number): TouchRecord[] {
  const byTouch = new Map<string, LedgerRow[]>();
  for (const row of rows) {
    if (row.revision > revision || (row.kind === 'decision' && row.verdict !== 'pass')) continue;
    const known = byTouch.get(row.touchId);
    if (known) known.push(row);
    else byTouch.set(row.touchId, [row]);
  }

  return [...byTouch]
    .map(([touchId, own]) => recalledTouch(own, touchId))
    .filter((touch) => touch !== null);
}
