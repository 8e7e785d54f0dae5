// Whether a touch of a slot has to give way: a slot of higher priority is due for the same contact while the touch would still use
// up what the gate allows.

import { waveTouchId } from '../base/ids';
import { type Contact, countedWhole } from '../contact/contact';
import type { GateContact } from '../contact/gateContact.schema';
import { marksOf } from '../contact/marks';
import { decide, type PreparedPolicy } from '../gate/gate';
import type { Decision, Touch } from '../gate/gate.schema';
import { HOUR_MS, MINUTE_MS } from '../time/durations';
import { formatInstant, instantAt } from '../time/instant';
import { expiryOf } from './agenda';
import type { CompiledSlot } from './compiledSlot';
import { type CalendarLife, versionAt } from './life';
import type { CalendarPlan } from './plan';

/** Whoever gives way asks again no sooner: the other one may be late. */
const ASK_AGAIN_MS = 30 * MINUTE_MS;

/** A version of a calendar, compiled for the dates that matter. */
export interface CalendarAhead {
  readonly life: CalendarLife;
  readonly plan: CalendarPlan;
  readonly slots: readonly CompiledSlot[];
}

interface Asked {
  readonly touch: Touch;
  readonly priority: number;
  readonly contact: Contact;
  readonly policy: PreparedPolicy;
  /** How far the policy's windows reach, in hours. */
  readonly windowHours: number;
}

/** The first touch of higher priority that would be worse off, and when to ask again (milliseconds); null: none would. */
export function yieldsTo(
  asked: Asked,
  calendars: readonly CalendarAhead[],
): { readonly touchId: string; readonly until: number } | null {
  const { touch, contact, windowHours } = asked;
  const now = instantAt(touch.at, 'touch.at');
  const ahead = calendars
    .flatMap((calendar) => dueAhead(asked, calendar, now))
    .filter(({ at }) => instantAt(at, 'at') <= now + windowHours * HOUR_MS)
    .sort((a, b) => (a.at < b.at ? -1 : 1));

  const counted = countedWhole(contact);
  const reserved = { ...touch, state: 'reserved' as const };
  const used = { ...counted, touches: [...(counted.touches ?? []), reserved] };
  const first = ahead.find((due) => isWorse(asked.policy, due, counted, used));
  if (!first) return null;

  return {
    touchId: first.touchId,
    until: Math.max(instantAt(first.at, 'at'), now + ASK_AGAIN_MS),
  };
}

/** What is due from now on, or has been and is still worth a touch; those that were reserved have had their turn. */
function dueAhead(
  { touch, priority, contact }: Asked,
  { life, plan, slots }: CalendarAhead,
  now: number,
): readonly Touch[] {
  const higher = slots.filter(({ slot }) => (slot.priority ?? 0) > priority);
  const had = new Set(contact.touches.map(({ touchId }) => touchId));

  return higher.flatMap(({ slot, datesOf }) =>
    datesOf(contact).flatMap(({ date, at }): Touch[] => {
      const touchId = waveTouchId(plan.id, slot.id, date, contact.contactId);
      const isOver = expiryOf(slot, at) <= now || had.has(touchId) || touchId === touch.touchId;
      if (isOver || versionAt(life, formatInstant(at)) !== plan.version) return [];

      const { channel, class: touchClass, category, campaign, product } = slot.touch;
      return [
        {
          ...{ touchId, channel, class: touchClass, city: contact.city },
          at: formatInstant(Math.max(at, now)),
          ...marksOf({ category, campaign, product, staffId: undefined }),
        },
      ];
    }),
  );
}

/** The touch ahead would pass, or pass sooner, without the one that asks. */
function isWorse(
  policy: PreparedPolicy,
  due: Touch,
  counted: GateContact,
  used: GateContact,
): boolean {
  const alone = decide(policy, counted, due);
  if (alone.verdict === 'suppressed') return false;

  return passesAt(decide(policy, used, due), due) > passesAt(alone, due);
}

function passesAt({ verdict, until = '' }: Decision, { at }: Touch): string {
  if (verdict === 'pass') return at;
  return verdict === 'deferred' ? until : '9999';
}
