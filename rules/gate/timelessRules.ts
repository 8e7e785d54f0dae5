// The rules that do not look at the clock: whether the contact can be reached, is blocked, and has consented.

import type { GateContact } from '../contact/gateContact.schema';
import type { Policy } from '../policy/policy.schema';
import { covers } from '../policy/scope';
import { type AskedRule, PASS, SUPPRESS, timeless } from './answer';
import type { Touch } from './gate.schema';

/** Shared by all decisions: nearly every contact can be reached and is not blocked. */
const REACHABLE = timeless(PASS, { kind: 'unreachable', reachable: true });
const NOT_BLOCKED = timeless(PASS, { kind: 'blocked', block: null });

/** The rules without a clock that apply to a touch, in the order of the gate. */
export function timelessRules(
  policy: Pick<Policy, 'consent'>,
  contact: GateContact,
  touch: Touch,
): AskedRule[] {
  return [
    unreachable(contact, touch),
    blocked(contact, touch),
    ...consents(policy.consent, contact, touch),
  ];
}

function unreachable(contact: GateContact, { channel }: Touch): AskedRule {
  const { reachable, why } = contact.channels?.[channel] ?? {};
  return reachable === true
    ? REACHABLE
    : timeless(SUPPRESS, {
        kind: 'unreachable',
        reachable: false,
        channel,
        ...(why !== undefined && { why }),
      });
}

function blocked(contact: GateContact, touch: Touch): AskedRule {
  const block = blocksFor(contact, touch).find(
    ({ channel }) => channel === '*' || channel === touch.channel,
  );
  return block === undefined ? NOT_BLOCKED : timeless(SUPPRESS, { kind: 'blocked', block });
}

/** What may close the channel of a touch. A hold stands in the way of offers alone. */
export function blocksFor(
  { blocks = NONE, holds }: GateContact,
  touch: Pick<Touch, 'class'>,
): NonNullable<GateContact['blocks']> {
  return holds !== undefined && touch.class === 'marketing' ? [...blocks, ...holds] : blocks;
}

const NONE: NonNullable<GateContact['blocks']> = [];

function consents(needs: Policy['consent'], contact: GateContact, touch: Touch): AskedRule[] {
  const rules: AskedRule[] = [];

  for (const consent of needs ?? []) {
    if (!covers(consent, touch)) continue;

    const { need } = consent;
    const given = contact.consents?.[touch.channel]?.[touch.class] ?? 'unknown';
    const isEnough = need === 'granted' ? given === 'granted' : given !== 'refused';
    rules.push(timeless(isEnough ? PASS : SUPPRESS, { kind: 'consent', given, need }));
  }

  return rules;
}
