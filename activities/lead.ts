// The end of a lead: reported to the pool it came from and closed in our own record.

import type { LeadOutcome } from '../rules/journey/lead';
import type { ActivityDeps } from './deps';

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

  const at = new Date(deps.clock.now()).toISOString();
  await deps.leadPool.report(input.leadId, {
    outcome: input.outcome,
    attempts: input.attempts,
    at,
  });

  await deps.stores.leads.update(input.leadId, {
    state: 'closed',
    result: input.outcome,
    attempts: input.attempts,
  });
}
