// A lead that another channel did not reach: a ladder of channels, members and times of day, up to a final outcome.

import type { ChannelName } from '../../rules/contact/contact';
import type { InputOf } from '../../rules/journey/kinds';
import { type Attempt, isFinalOutcome, type LeadOutcome, nextRung } from '../../rules/journey/lead';
import { outcomeOfEvent, resultForPool } from '../../rules/journey/leadResult';
import type { JourneyResult } from '../../rules/journey/messages';
import { HOUR_MS } from '../../rules/time/durations';
import { runJourney } from '../kit/journey';
import { ANSWERS } from '../kit/offer';
import { reportLead } from '../kit/proxies';
import type { JourneyRun } from '../kit/run';
import type { TouchOutcome } from '../kit/touch';

/** The call centre reports a call within minutes; one it never reports was not answered. */
const CALL_RESULT_MS = HOUR_MS;
/** A message nobody answers in this time counts as not reached. */
const ANSWER_MS = 4 * HOUR_MS;

export async function leadRetry(input: InputOf<'leadRetry'>): Promise<JourneyResult> {
  const { leadId, product, maxAttempts } = input;
  const expires = input.expiresAt === undefined ? {} : { expiresAt: Date.parse(input.expiresAt) };
  const tried: Attempt[] = [];
  const closed: ChannelName[] = [];

  const climb = async (run: JourneyRun): Promise<string> => {
    const lead = { outcome: input.outcome, at: run.now() };

    for (let step = 1; ; step++) {
      const known = { ...(await run.facts()), ...expires, maxAttempts, zone: run.zone };
      const rung = nextRung({ ...known, lead, tried, closed });
      if (rung.kind === 'end') return rung.outcome;

      const early = await run.waitFor(ANSWERS, rung.at, '下一次联系 · the time of the next try');
      if (early) return run.conclude(early.kind);

      const { channel, staffId } = rung;
      const touched = await run.deliverOffer({
        step: `try-${step}-${channel}`,
        channel,
        category: 'lead',
        product,
        template: `lead-${channel}`,
        staffId,
        expiresAt: input.expiresAt,
      });
      if (touched.kind === 'suppressed') {
        if (touched.closes === 'contact') return 'exhausted';
        closed.push(channel);
        continue;
      }

      const outcome = await outcomeOf(run, channel, touched);
      tried.push({ channel, ...(staffId !== undefined && { staffId }), at: run.now(), outcome });
      if (isFinalOutcome(outcome)) return run.conclude(outcome);
    }
  };

  return runJourney('leadRetry', input, climb, {
    closing: async (outcome) => {
      const report = { leadId, outcome: resultForPool(outcome), attempts: tried.length };
      await reportLead.executeWithOptions({ summary: `回报商机 · report ${outcome}` }, [report]);
    },
  });
}

/** What a try came to. The customer's own word counts; a customer who only spoke is thinking it over. */
async function outcomeOf(
  run: JourneyRun,
  channel: ChannelName,
  touched: Exclude<TouchOutcome, { kind: 'suppressed' }>,
): Promise<LeadOutcome> {
  if (touched.kind === 'overtaken') return outcomeOfEvent(touched.by);
  const isCall = channel === 'call';
  if (touched.kind === 'unconfirmed' && !isCall) return 'not-reached';

  const kinds = [...ANSWERS, isCall ? 'call-result' : 'spoke'] as const;
  const until = run.now() + (isCall ? CALL_RESULT_MS : ANSWER_MS);
  const answer = await run.waitFor(kinds, until, '联系结果 · what the try came to', touched);
  return answer === null ? 'not-reached' : outcomeOfEvent(answer);
}
