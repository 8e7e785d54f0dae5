// The bill is out: say what is due, on the next day offer the plan that suits better, remind once, and order what is accepted.

import type { InputOf } from '../../rules/journey/kinds';
import type { JourneyResult } from '../../rules/journey/messages';
import { endOfBill } from '../../rules/journey/staleness';
import { dayAt } from '../../rules/time/anchors';
import { runJourney } from '../kit/journey';
import { ANSWERS, type OfferTouch } from '../kit/offer';
import type { JourneyRun } from '../kit/run';
import type { JourneyTouch } from '../kit/touch';

const OFFER_HOUR = '10:00';
const ANSWER_DAYS = 3;

export async function monthStart(input: InputOf<'monthStart'>): Promise<JourneyResult> {
  return runJourney('monthStart', input, async (run) => {
    const end = (zone: string) => endOfBill(input.billedAt, zone);
    await sayWhatIsDue(run, end(await run.zone()));

    const nextDay = daysOn(run, 1);
    await run.waitUntil(nextDay, '次日推荐套餐 · the day after, to offer a plan');
    const { product, currentPlan } = await run.suggestPlan();
    if (product === null) return 'nothing-to-offer';

    const offer = offerOf(run, product, currentPlan, end(await run.zone()));
    const answerBy = () => {
      const someDays = daysOn(run, ANSWER_DAYS);
      return (zone: string) => Math.min(someDays(zone), end(zone));
    };
    const offered = await run.offer({ ...offer, answerBy });
    if (offered.kind === 'answered') return run.conclude(offered.answer);

    return offered.kind === 'no-answer' ? remind(run, offer, end) : 'not-offered';
  });
}

/** At the offer's hour so many days after now. */
function daysOn(run: JourneyRun, days: number): (zone: string) => number {
  const from = run.now();
  return (zone) => dayAt(from, days, OFFER_HOUR, zone);
}

async function sayWhatIsDue(run: JourneyRun, end: number): Promise<void> {
  await run.touch({
    ...voice(run),
    step: 'bill',
    class: 'service',
    category: 'bill',
    template: 'bill-balance',
    relevance: [{ kind: 'bill-open' }],
    expiresAt: new Date(end).toISOString(),
    settle: 'later',
  });
}

/** Pointless once the customer is on another plan than the one that the suggestion was made for. */
function offerOf(
  run: JourneyRun,
  product: string,
  currentPlan: string | undefined,
  end: number,
): OfferTouch {
  return {
    ...voice(run),
    step: 'upsell',
    category: 'plan-upsell',
    template: 'plan-upsell',
    product,
    relevance: currentPlan === undefined ? [] : [{ kind: 'plan-is', plan: currentPlan }],
    expiresAt: new Date(end).toISOString(),
    settle: 'later',
  };
}

/** The last word of the month: its answer is waited for even when the reminder itself was held back. */
async function remind(
  run: JourneyRun,
  offer: OfferTouch,
  end: (zone: string) => number,
): Promise<string> {
  const expiresAt = new Date(end(await run.zone())).toISOString();
  const reminder = { ...offer, step: 'remind', template: 'plan-reminder', expiresAt };
  const reminded = await run.deliverOffer(reminder);
  if (reminded.kind === 'overtaken') return run.conclude(reminded.by.kind);

  const late = await run.waitFor(ANSWERS, end, '提醒后的答复 · an answer to the reminder');
  return late === null ? 'no-answer' : run.conclude(late.kind);
}

/** Through the member the customer knows; by SMS when there is none. */
function voice(run: JourneyRun): Pick<JourneyTouch, 'channel' | 'staffId'> {
  return run.speaks('wecom') ? { channel: 'wecom', staffId: run.staffId } : { channel: 'sms' };
}
