// A real-time opportunity: offer at once while it is worth something, on the next channel when one fails, and order on acceptance.

import type { ChannelName } from '../../rules/contact/contact';
import type { InputOf } from '../../rules/journey/kinds';
import type { ContactEvent, JourneyResult } from '../../rules/journey/messages';
import { HOUR_MS } from '../../rules/time/durations';
import { type JourneyRun, runJourney } from '../kit/journey';
import type { TouchOutcome } from '../kit/touch';

/** The offer has reached the customer in time; the answer may come later. */
const ANSWER_GRACE_MS = 24 * HOUR_MS;
/** Reasons that speak against this channel and not against the contact: another channel may still reach it. */
const CHANNEL_REASONS = new Set(['unreachable', 'blocked', 'consent', 'refused']);

export async function overage(input: InputOf<'overage'>): Promise<JourneyResult> {
  const channels = [input.channel, ...input.fallback] as ChannelName[]; // the trigger's schema allows no other names
  return runJourney(
    { journey: 'overage', templates: [input.template], channels },
    input,
    async (run) => {
      run.offers(input.product);
      const expires = Date.parse(input.expiresAt);
      const fits = ({ product }: ContactEvent) =>
        product === undefined || product === input.product;
      const heed = async (answer: ContactEvent) =>
        answer.kind === 'accepted' ? run.order(input.product) : 'refused';

      for (const [index, channel] of channels.entries()) {
        const offered = await offer(run, input, channel, channels.length - index, fits);
        if (offered.kind === 'overtaken') return heed(offered.by);
        if (offered.kind === 'sent') {
          const until = expires + ANSWER_GRACE_MS;
          const about = { fits, touchId: offered.touchId };
          const answer = await run.waitFor(
            ['accepted', 'refused'],
            until,
            '客户答复 · the customer to answer',
            about,
          );
          if (answer) return heed(answer);
          if (run.arrived(offered.touchId)) return 'no-answer';
        }
        if (offered.kind === 'suppressed' && !CHANNEL_REASONS.has(offered.reason))
          return 'not-offered';
        if (run.now() >= expires) return 'expired';
      }
      return 'not-offered';
    },
  );
}

/** Staff get an equal share of what is left of the opportunity, so that the channels after this one still have theirs. */
function offer(
  run: JourneyRun,
  input: InputOf<'overage'>,
  channel: ChannelName,
  channelsLeft: number,
  fits: (event: ContactEvent) => boolean,
): Promise<TouchOutcome> {
  const lifeMs = Math.max(Date.parse(input.expiresAt) - run.now(), 0);
  return run.touch({
    step: `offer-${channel}`,
    channel,
    class: 'marketing',
    category: 'overage',
    campaign: input.triggerId,
    product: input.product,
    template: input.template,
    ...(run.staffId !== undefined && { staffId: run.staffId }),
    relevance: [{ kind: 'not-bought', product: input.product }],
    expiresAt: input.expiresAt,
    confirmWithinHours: lifeMs / channelsLeft / HOUR_MS,
    unless: ['accepted', 'refused'],
    fits,
  });
}
