// A lead that another channel did not reach: a ladder of channels, members and times of day, up to a final outcome.

import type { ChannelName } from '../../rules/contact/contact';
import type { InputOf } from '../../rules/journey/kinds';
import {
  answerTimeMs,
  isFinalOutcome,
  type Ladder,
  type LeadOutcome,
  nextRung,
} from '../../rules/journey/lead';
import { outcomeOfEvent, resultForPool } from '../../rules/journey/leadResult';
import type { JourneyResult } from '../../rules/journey/messages';
import { runJourney } from '../kit/journey';
import { ANSWERS } from '../kit/offer';
import { reportLead } from '../kit/proxies';
import type { JourneyRun } from '../kit/run';
import type { TouchOutcome } from '../kit/touch';

type LeadInput = InputOf<'leadRetry'>;

export async function leadRetry(input: LeadInput): Promise<JourneyResult> {
  const ladder: Ladder = { tried: [], closed: [] };

  return runJourney('leadRetry', input, (run) => climb(run, input, ladder), {
    closing: async (outcome) => {
      const result = { outcome: resultForPool(outcome), attempts: ladder.tried.length };
      const report = { leadId: input.leadId, ...result };
      await reportLead.executeWithOptions({ summary: `回报商机 · report ${outcome}` }, [report]);
    },
  });
}

async function climb(run: JourneyRun, input: LeadInput, ladder: Ladder): Promise<string> {
  const { product, maxAttempts, expiresAt } = input;
  const expires = expiresAt === undefined ? {} : { expiresAt: Date.parse(expiresAt) };
  const lead = { outcome: input.outcome, at: run.now() };

  for (let step = 1; ; step++) {
    const known = { ...(await run.facts()), ...expires, maxAttempts, lead, ...ladder };
    const rung = nextRung({ ...known, zone: await run.zone() });
    if (rung.kind === 'end') return rung.outcome;

    const due = (zone: string) => {
      const moved = nextRung({ ...known, zone });
      return moved.kind === 'end' ? rung.at : moved.at;
    };
    const early = await run.waitFor(ANSWERS, due, '下一次联系 · the time of the next try');
    if (early) return run.conclude(early.kind);

    const { channel, staffId } = rung;
    const offer = { category: 'lead', product, template: `lead-${channel}`, staffId, expiresAt };
    const touched = await run.deliverOffer({ ...offer, step: `try-${step}-${channel}`, channel });
    if (touched.kind === 'suppressed') {
      if (touched.closes === 'contact') return 'exhausted';
      ladder.closed.push(channel);
      continue;
    }

    const outcome = await outcomeOf(run, channel, touched);
    ladder.tried.push({ channel, ...(staffId && { staffId }), at: run.now(), outcome });
    if (isFinalOutcome(outcome)) return run.conclude(outcome);
  }
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
  const until = run.now() + answerTimeMs(channel);
  const answer = await run.waitFor(kinds, until, '联系结果 · what the try came to', touched);

  return answer === null ? 'not-reached' : outcomeOfEvent(answer);
}
