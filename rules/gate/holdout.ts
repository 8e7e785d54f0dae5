// The holdout: a stable share of contacts (or of contacts per campaign) that is never touched, to measure against.

import { drawOf } from '../base/digest';
import type { GateContact } from '../contact/gateContact.schema';
import type { Policy } from '../policy/policy.schema';
import { covers } from '../policy/scope';
import { type AskedRule, PASS, SUPPRESS, timeless } from './answer';
import type { Touch } from './gate.schema';

const BUCKETS = 2 ** 32;

/** The holdout's answer, or undefined when it does not apply: it needs a campaign to be drawn by campaign. */
export function holdoutRule(
  holdout: Policy['holdout'],
  contact: GateContact,
  touch: Touch,
): AskedRule | undefined {
  if (holdout === undefined || !covers(holdout, touch)) return undefined;
  if (holdout.by === 'campaign' && touch.campaign === undefined) return undefined;

  const drawnBy =
    holdout.by === 'campaign' ? `${contact.contactId}:${touch.campaign}` : contact.contactId;
  const isHeldOut = drawOf(`${holdout.salt}:${drawnBy}`) < (holdout.percent / 100) * BUCKETS;
  const { percent, by } = holdout;

  return timeless(isHeldOut ? SUPPRESS : PASS, { kind: 'holdout', isHeldOut, percent, by });
}
