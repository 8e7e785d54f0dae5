// The rules that do not look at the clock: whether the contact can be reached, is blocked, and has consented.

import type { GateContact } from '../contact/gateContact.schema';
import type { Policy } from '../policy/policy.schema';
import { covers } from '../policy/scope';
import { type AskedRule, PASS, SUPPRESS, timeless } from './answer';
import type { Touch } from './gate.schema';

function unreachable(contact: GateContact, touch: Touch): AskedRule {
  const reachable = contact.channels?.[touch.channel]?.reachable === true;
  return timeless(
    'unreachable',
    reachable ? PASS : SUPPRESS,
    reachable ? 'reachable' : `not reachable on ${touch.channel}`,
  );
}

function blocked(contact: GateContact, touch: Touch): AskedRule {
  const block = contact.blocks?.find(({ channel }) => channel === '*' || channel === touch.channel);
  if (block === undefined) return timeless('blocked', PASS, 'no block');
  return timeless(
    'blocked',
    SUPPRESS,
    block.reason === undefined
      ? `blocked on ${block.channel}`
      : `blocked on ${block.channel}: ${block.reason}`,
  );
}

/** The standing rules that apply to a touch, in the order of the gate. */
export function standingRules(
  policy: Pick<Policy, 'consent'>,
  contact: GateContact,
  touch: Touch,
): AskedRule[] {
  const rules = [unreachable(contact, touch), blocked(contact, touch)];
  for (const consent of policy.consent ?? []) {
    if (!covers(consent, touch)) continue;
    const given = contact.consents?.[touch.channel]?.[touch.class] ?? 'unknown';
    const enough = consent.need === 'granted' ? given === 'granted' : given !== 'refused';
    rules.push(timeless('consent', enough ? PASS : SUPPRESS, `${given}, needs ${consent.need}`));
  }
  return rules;
}
