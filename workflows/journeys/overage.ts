// A real-time opportunity: offer at once while it is worth something, on the next channel when one fails, and order on acceptance.

import type { ChannelName } from '../../rules/contact/contact';
import { type InputOf, journeyKind } from '../../rules/journey/kinds';
import type { JourneyResult } from '../../rules/journey/messages';
import { DAY_MS, HOUR_MS } from '../../rules/time/durations';
import { runJourney } from '../kit/journey';
import type { OfferOutcome } from '../kit/offer';
import type { JourneyRun } from '../kit/run';

type Input = InputOf<'overage'>;

/** The offer has reached the customer in time; the answer may come later. */
const ANSWER_GRACE_MS = DAY_MS;

export async function overage(input: Input): Promise<JourneyResult> {
  return runJourney('overage', input, async (run) => {
    const expires = Date.parse(input.expiresAt);
    const channels = journeyKind('overage').channels(input);

    for (const [index, channel] of channels.entries()) {
      const offered = await offerOn(run, input, channel, channels.length - index);

      if (offered.kind === 'answered') return run.conclude(offered.answer);
      if (offered.kind === 'no-answer') return 'no-answer';
      if (offered.kind === 'suppressed' && offered.closes === 'contact') return 'not-offered';
      if (run.now() >= expires) return 'expired';
    }

    return 'not-offered';
  });
}

/** Staff get an equal share of what is left of the opportunity, so that the channels after this one still have theirs. */
function offerOn(
  run: JourneyRun,
  { product, template, triggerId, expiresAt }: Input,
  channel: ChannelName,
  channelsLeft: number,
): Promise<OfferOutcome> {
  const expires = Date.parse(expiresAt);
  const lifeMs = Math.max(expires - run.now(), 0);

  return run.offer({
    step: `offer-${channel}`,
    channel,
    category: 'overage',
    campaign: triggerId,
    product,
    template,
    staffId: run.staffId,
    expiresAt,
    confirmWithinHours: lifeMs / channelsLeft / HOUR_MS,
    answerBy: () => expires + ANSWER_GRACE_MS,
  });
}
