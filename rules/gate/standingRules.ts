// The rules that do not look at the clock: whether the contact can be reached, is blocked, and has consented.

import type { GateContact } from '../contact/gateContact.schema';
import type { Policy } from '../policy/policy.schema';
import { covers } from '../policy/scope';
import { type AskedRule, PASS, SUPPRESS, timeless } from './answer';
import type { Touch } from './gate.schema';

function unreachable(contact: GateContact, touch: Touch): AskedRule {
  const reachable = contact.channels?.[touch.channel]?.reachable === true;
  return reachable
    ? timeless(PASS, { kind: 'unreachable', reachable })
    : timeless(SUPPRESS, { kind: 'unreachable', reachable, channel: touch.channel });
}

function blocked(contact: GateContact, touch: Touch): AskedRule {
  const block = contact.blocks?.find(({ channel }) => channel === '*' || channel === touch.channel);
  return block === undefined
    ? timeless(PASS, { kind: 'blocked', block: null })
    : timeless(SUPPRESS, { kind: 'blocked', block });
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
    const { need } = consent;
    const isEnough = need === 'granted' ? given === 'granted' : given !== 'refused';
    rules.push(timeless(isEnough ? PASS : SUPPRESS, { kind: 'consent', given, need }));
  }
  return rules;
}
