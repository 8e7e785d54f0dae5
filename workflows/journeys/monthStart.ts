// The bill is out: say what is due, on the next day offer the plan that suits better, remind once, and order what is accepted.

import type { InputOf } from '../../rules/journey/kinds';
import type { ContactEvent, JourneyResult } from '../../rules/journey/messages';
import { dayAt } from '../../rules/time/anchors';
import { type JourneyRun, runJourney } from '../kit/journey';
import { suggestPlan } from '../kit/proxies';
import type { JourneyTouch } from '../kit/touch';

const TEMPLATES = ['bill-balance', 'plan-upsell', 'plan-reminder'] as const;
const OFFER_HOUR = '10:00';
const ANSWER_DAYS = 3;
const LAST_DAY = 20;

export async function monthStart(input: InputOf<'monthStart'>): Promise<JourneyResult> {
  const setting = {
    journey: 'monthStart',
    templates: TEMPLATES,
    channels: ['wecom', 'sms'],
  } as const;
  return runJourney(setting, input, async (run) => {
    const billed = Date.parse(input.billedAt);
    const end = dayAt(billed, LAST_DAY, '23:59', run.zone);
    const expiresAt = new Date(end).toISOString();

    await run.touch({
      ...voice(run),
      step: 'bill',
      class: 'service',
      category: 'bill',
      template: 'bill-balance',
      relevance: [{ kind: 'bill-open' }],
      expiresAt,
      settle: 'later',
    });
    await run.waitUntil(
      dayAt(run.now(), 1, OFFER_HOUR, run.zone),
      '次日推荐套餐 · the day after, to offer a plan',
    );
    return upsell(run, input.contactId, end);
  });
}

async function upsell(run: JourneyRun, contactId: string, end: number): Promise<string> {
  const { product, currentPlan } = await suggestPlan({ contactId });
  if (product === null) return 'nothing-to-offer';
  run.offers(product);
  const fits = (event: ContactEvent) => event.product === undefined || event.product === product;
  const offer = {
    ...voice(run),
    class: 'marketing',
    category: 'plan-upsell',
    product,
    relevance: [
      ...(currentPlan === undefined ? [] : [{ kind: 'plan-is', plan: currentPlan } as const]),
      { kind: 'not-bought', product } as const,
    ],
    expiresAt: new Date(end).toISOString(),
    unless: ['accepted', 'refused'],
    fits,
  } as const;
  const heed = async (answer: ContactEvent) =>
    answer.kind === 'accepted' ? run.order(product) : 'refused';

  const offered = await run.touch({
    ...offer,
    step: 'upsell',
    template: 'plan-upsell',
    settle: 'later',
  });
  if (offered.kind === 'overtaken') return heed(offered.by);
  if (offered.kind === 'suppressed') return 'not-offered';
  const { touchId } = offered;
  const threeDays = Math.min(dayAt(run.now(), ANSWER_DAYS, OFFER_HOUR, run.zone), end);
  const about = { fits, touchId };
  const answer = await run.waitFor(
    ['accepted', 'refused'],
    threeDays,
    '客户答复 · the customer to answer',
    about,
  );
  if (answer) return heed(answer);
  if (!run.arrived(touchId)) return 'not-offered';

  const reminded = await run.touch({
    ...offer,
    step: 'remind',
    template: 'plan-reminder',
    settle: 'later',
  });
  if (reminded.kind === 'overtaken') return heed(reminded.by);
  const late = await run.waitFor(
    ['accepted', 'refused'],
    end,
    '提醒后的答复 · an answer to the reminder',
    { fits },
  );
  return late ? heed(late) : 'no-answer';
}

/** Through the member the customer knows; by SMS when there is none. */
function voice(run: JourneyRun): Pick<JourneyTouch, 'channel' | 'staffId'> {
  if (!run.speaks('wecom')) return { channel: 'sms' };
  return { channel: 'wecom', ...(run.staffId !== undefined && { staffId: run.staffId }) };
}
