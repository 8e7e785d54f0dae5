// Whether what was told of still is: a journey starts only from what is still true and inside its window.

import type { Contact } from '../contact/contact';
import type { StaleReason } from '../contact/staleStart';
import { dayAt } from '../time/anchors';
import { civilOf } from '../time/civil';
import { instantAt } from '../time/instant';
import { firstDay } from '../time/windows';
import { zoneOf } from '../time/zone';

type Known = Pick<Contact, 'facts' | 'billDay'>;

/** A bill is spoken of up to this many days after it came out. */
const BILL_DAYS = 20;

/** The last instant at which a bill is spoken of, in milliseconds. */
export const endOfBill = (billedAt: string, zone: string): number =>
  dayAt(instantAt(billedAt, 'billedAt'), BILL_DAYS, '23:59', zone);

/** Why no journey starts from a bill at `now` (milliseconds); null: one does. `known` is as after it was told of. */
export function staleBill(
  known: Known,
  billedAt: string,
  now: number,
  zone: string,
): StaleReason | null {
  const { billedAt: latest = billedAt, billDueFen = 0 } = known.facts ?? {};
  const local = zoneOf(zone);
  const day = local.dayAt(instantAt(billedAt, 'billedAt'));
  // Of an unknown bill day the bill itself is the word.
  const billDay = known.billDay ?? civilOf(day).day;

  if (local.dayAt(instantAt(latest, 'billedAt')) > day) return 'superseded';
  if (firstDay('billCycle', local.dayAt(now), billDay) > day) return 'cycle-over';
  if (now >= endOfBill(billedAt, zone)) return 'too-late';
  return billDueFen > 0 ? null : 'not-due';
}

/**
 * The instant (ISO) that names the bill which is spoken of at another: when it came out, as far as that is known of the same bill
 * cycle; else the other instant itself. So whatever speaks of a bill names it as the bill's own event does.
 */
export function billSpokenOf({ facts, billDay }: Known, at: string, zone: string): string {
  const { billedAt } = facts ?? {};
  if (billedAt === undefined) return at;

  const local = zoneOf(zone);
  const billed = local.dayAt(instantAt(billedAt, 'billedAt'));
  const day = billDay ?? civilOf(billed).day;
  const cycleOf = (dayNo: number): number => firstDay('billCycle', dayNo, day);
  const isSame = cycleOf(billed) === cycleOf(local.dayAt(instantAt(at, 'at')));
  return isSame ? billedAt : at;
}
