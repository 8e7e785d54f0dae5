// A decision as the ledger keeps it.

import { nextQuiet } from '../../rules/gate/nextQuiet';
import { basisOf } from '../../rules/ledger/basis';
import type { DecisionRow } from '../../rules/ledger/rows';
import type { CallingRun } from '../deps';
import type { DecidedTouch } from './path';
import { askedTouch } from './question';
import { deadlineOf } from './verdict';

/** A pass carries the revision that its reservation makes, and by when it must be settled. */
export function decisionRowFor(caller: CallingRun, touch: DecidedTouch): DecisionRow {
  const { input, contact, policy, decision, at } = touch;
  const isPass = decision.verdict === 'pass';

  return {
    kind: 'decision',
    ...askedTouch(input, at, contact.city),
    ...decision,
    city: contact.city,
    attempt: input.attempt,
    contactId: contact.contactId,
    policy: policy.ref,
    journey: input.journey,
    step: input.step,
    workflowId: caller.workflowId,
    runId: caller.runId,
    basis: basisOf(contact, input, policy.timezone, policy.holidays),
    revision: isPass ? contact.revision + 1 : contact.revision,
    ...(isPass && { settleBy: deadlineOf(at, input, quietFrom(touch)) }),
  };
}

/** Milliseconds: from then on nobody may finish the touch by hand; null: whenever, or it goes out by itself. */
function quietFrom({ input, contact, policy, at }: DecidedTouch): number | null {
  if (input.channel === 'sms' || input.welcomeCode !== undefined) return null;
  const asked = askedTouch(input, at, contact.city);
  return nextQuiet(policy.prepared, contact, asked, Date.parse(at));
}
