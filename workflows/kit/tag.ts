// Tags on the relation of a customer with the member whom the run speaks through.

import { tagCustomer } from './proxies';
import type { RunState } from './state';
import { log, TemporalFailure } from './temporal';

/** The customer may have left within seconds: a missing tag is no reason to fail the run. */
export async function tagSpeaker(
  { contactId, staffId }: RunState,
  tags: readonly string[],
): Promise<void> {
  if (staffId === undefined) return;

  const summary = `打标签 · tag ${tags.join(', ')}`;
  try {
    await tagCustomer.executeWithOptions({ summary }, [{ contactId, staffId, tags }]);
  } catch (error) {
    if (!(error instanceof TemporalFailure)) throw error;
    log.warn('the customer could not be tagged', { contactId, staffId });
  }
}
