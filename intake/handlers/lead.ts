// A lead another channel did not reach: kept, and tried again by its journey unless it came with a final outcome.

import type { Lead } from '../../ports/leads';
import { journeyId } from '../../rules/base/ids';
import { isFinalOutcome } from '../../rules/journey/lead';
import { knownContact } from '../contact';
import type { IntakeDeps } from '../deps';
import { launch } from '../launch';

export async function handleLead(deps: IntakeDeps, lead: Lead): Promise<void> {
  const contact = await knownContact(deps, lead.contactId);
  const { leadId, contactId, product, outcome, expiresAt } = lead;
  const { city } = contact;
  if (isFinalOutcome(outcome)) {
    await deps.stores.leads.add([{ ...lead, city, state: 'closed', result: outcome, attempts: 0 }]);
    return;
  }

  const workflowId = journeyId('leadRetry', contactId, leadId);
  await deps.stores.leads.add([{ ...lead, city, state: 'open', attempts: 0, workflowId }]);

  await launch(deps, 'leadRetry', contact, {
    leadId,
    product,
    outcome,
    ...(expiresAt !== undefined && { expiresAt }),
  });
}
