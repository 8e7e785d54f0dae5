// The end of a lead: reported to the pool it came from and closed in our own record.

import { isCodedError } from '../rules/base/errors';
import type { LeadOutcome } from '../rules/journey/lead';
import type { ActivityDeps } from './deps';
import { isFinalFailure } from './failures';

/** A lead that a person closed meanwhile keeps what the person said. */
export async function reportLead(
  deps: ActivityDeps,
  input: {
    readonly leadId: string;
    readonly outcome: LeadOutcome | 'exhausted' | 'stopped';
    readonly attempts: number;
  },
): Promise<void> {
  if ((await deps.stores.leads.find(input.leadId))?.state === 'closed') return;

  const { leadId, outcome, attempts } = input;
  const at = new Date(deps.clock.now()).toISOString();
  try {
    await deps.leadPool.report(leadId, { outcome, attempts, at });
  } catch (error) {
    // A pool that will never take it, for it does not know the lead: our own record is the end of it, not a failed run.
    if (!isCodedError(error) || !isFinalFailure(error)) throw error;
  }

  await deps.stores.leads.update(leadId, { state: 'closed', result: outcome, attempts });
}
