// A decision as the ledger keeps it.

import { nextQuiet } from '../../rules/gate/nextQuiet';
import { basisOf } from '../../rules/ledger/basis';
import type { DecisionRow } from '../../rules/ledger/rows';
import { isWelcome } from './asked';
import { originFields } from './origin';
import type { DecidedTouch } from './path';
import { askedTouch } from './question';
import { deadlineOf } from './verdict';

/** A pass carries the revision that its reservation makes, and by when it must be settled. */
export function decisionRowFor(touch: DecidedTouch): DecisionRow {
  const { asked, contact, policy, decision, personal, at } = touch;
  const isPass = decision.verdict === 'pass';

  return {
    kind: 'decision',
    ...askedTouch(asked, at, contact.city),
    ...decision,
    city: contact.city,
    attempt: asked.attempt,
    contactId: contact.contactId,
    policy: policy.ref,
    ...originFields(asked.origin),
    ...(asked.answers && { answers: asked.answers }),
    basis: { ...basisOf(contact, asked, policy.timezone, policy.holidays), ...personal },
    revision: isPass ? contact.revision + 1 : contact.revision,
    ...(isPass && { settleBy: deadlineOf(at, asked, quietFrom(touch)) }),
  };
}

/** Milliseconds: from then on nobody may finish the touch by hand; null: whenever, or it goes out by itself. */
function quietFrom({ asked, contact, policy, at }: DecidedTouch): number | null {
  if (asked.channel === 'sms' || isWelcome(asked)) return null;
  const touch = askedTouch(asked, at, contact.city);
  return nextQuiet(policy.prepared, contact, touch, Date.parse(at));
}
