// An acceptance that a run heard of and did not order goes back to where it came from: another run, an order by rule, or a person.

import { attempt } from './attempt';
import { returnAcceptances } from './proxies';
import type { RunState } from './state';

/** The very last step of a run, so that one that comes while it closes is not lost either. */
export async function giveBackAcceptances(state: RunState): Promise<void> {
  const { contactId, taken, events } = state;
  const left = [...(taken ? [taken] : []), ...events].flatMap(
    // What is said in a call is said of what was on offer.
    ({ acceptance, eventId, at, product = state.product, touchId }) =>
      acceptance !== undefined && eventId !== undefined && product !== undefined
        ? [{ eventId, at, product, ...(touchId !== undefined && { touchId }) }]
        : [],
  );
  if (left.length > 0)
    await attempt('giving acceptances back', () =>
      returnAcceptances({ contactId, acceptances: left }),
    );
}
