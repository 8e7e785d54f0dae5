// An acceptance that a run heard of and did not order goes back to where it came from: another run, an order by rule, or a person.

import type { ReturnInput } from '../../activities/contract';
import { attempt } from './attempt';
import { returnAcceptances } from './proxies';
import type { RunState } from './state';
import { patched } from './temporal';

/** The very last step of a run: what comes while others are given back is given back, too, until none is left. */
export async function giveBackAcceptances(state: RunState): Promise<void> {
  const { contactId } = state;

  for (let round = 1; ; round++) {
    const acceptances = takeAcceptances(state);
    if (acceptances.length === 0) return;
    // Runs that ended before this came to a second round gave back the first only.
    if (round > 1 && !patched('acceptances-to-the-last')) return;

    await attempt('giving acceptances back', () => returnAcceptances({ contactId, acceptances }));
  }
}

/** Those that the run has, once each. */
function takeAcceptances(state: RunState): ReturnInput['acceptances'] {
  const heard = [...(state.taken ? [state.taken] : []), ...state.events.splice(0)];
  delete state.taken;

  return heard.flatMap(
    // What is said in a call is said of what was on offer.
    ({ acceptance, eventId, at, product = state.product, touchId }) =>
      acceptance !== undefined && eventId !== undefined && product !== undefined
        ? [{ eventId, at, product, ...(touchId !== undefined && { touchId }) }]
        : [],
  );
}
