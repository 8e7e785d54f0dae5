// A lead that another channel did not reach: a ladder of channels, members and times of day, up to a final outcome.

import type { ChannelName } from '../../rules/contact/contact';
import type { InputOf } from '../../rules/journey/kinds';
import {
  type Attempt,
  isFinalOutcome,
  type LeadOutcome,
  nextRung,
  type Rung,
} from '../../rules/journey/lead';
import type { ContactEvent, JourneyResult } from '../../rules/journey/messages';
import { HOUR_MS } from '../../rules/time/durations';
import { type JourneyRun, runJourney } from '../kit/journey';
import { reportLead } from '../kit/proxies';
import type { TouchOutcome } from '../kit/touch';

const TEMPLATES = { wecom: 'lead-wecom', call: 'lead-call', sms: 'lead-sms' } as const;
/** The call centre reports a call within minutes; one it never reports was not answered. */
const CALL_RESULT_MS = HOUR_MS;
/** A message nobody answers in this time counts as not reached. */
const ANSWER_MS = 4 * HOUR_MS;
/** Reasons that close one channel for this lead; any other is against the contact as a whole. */
const CHANNEL_REASONS = new Set(['unreachable', 'blocked', 'consent', 'refused']);

type Try = Extract<Rung, { kind: 'try' }>;
type Result = LeadOutcome | 'exhausted' | 'stopped';

export async function leadRetry(input: InputOf<'leadRetry'>): Promise<JourneyResult> {
  const tried: Attempt[] = [];
  const setting = {
    journey: 'leadRetry',
    templates: Object.values(TEMPLATES),
    channels: ['wecom', 'call', 'sms'],
    closing: async (outcome: string) => {
      await reportLead.executeWithOptions({ summary: `回报商机 · report ${outcome}` }, [
        { leadId: input.leadId, outcome: resultOf(outcome), attempts: tried.length },
      ]);
    },
  } as const;
  return runJourney(setting, input, async (run) => {
    run.offers(input.product);
    const lead = { outcome: input.outcome, at: run.now() };
    const closed: ChannelName[] = [];
    for (let step = 1; ; step++) {
      const { friends, phoneKnown } = await run.facts();
      const limits = { maxAttempts: input.maxAttempts, zone: run.zone, ...expiry(input) };
      const rung = nextRung({ lead, tried, friends, phoneKnown, closed, ...limits });
      if (rung.kind === 'end') return rung.outcome;

      const early = await run.waitFor(
        ['accepted', 'refused'],
        rung.at,
        '下一次联系 · the time of the next try',
        {
          fits: fits(input),
        },
      );
      if (early) return conclude(run, input, answerOf(early));
      const touched = await reach(run, input, rung, step);
      if (touched.kind === 'suppressed') {
        if (!CHANNEL_REASONS.has(touched.reason)) return 'exhausted';
        closed.push(rung.channel);
        continue;
      }
      const { outcome, at } = await outcomeOf(run, input, rung, touched);
      const staff = rung.staffId === undefined ? {} : { staffId: rung.staffId };
      tried.push({ channel: rung.channel, ...staff, at, outcome });
      if (isFinalOutcome(outcome)) return conclude(run, input, outcome);
    }
  });
}

function reach(
  run: JourneyRun,
  input: InputOf<'leadRetry'>,
  rung: Try,
  step: number,
): Promise<TouchOutcome> {
  return run.touch({
    step: `try-${step}-${rung.channel}`,
    channel: rung.channel,
    class: 'marketing',
    category: 'lead',
    product: input.product,
    template: TEMPLATES[rung.channel],
    ...(rung.staffId !== undefined && { staffId: rung.staffId }),
    ...(input.expiresAt !== undefined && { expiresAt: input.expiresAt }),
    relevance: [{ kind: 'not-bought', product: input.product }],
    unless: ['accepted', 'refused'],
    fits: fits(input),
  });
}

/** What a try came to. The customer's own word counts; a customer who only spoke is thinking it over. */
async function outcomeOf(
  run: JourneyRun,
  input: InputOf<'leadRetry'>,
  { channel }: Try,
  touched: Exclude<TouchOutcome, { kind: 'suppressed' }>,
): Promise<{ readonly outcome: LeadOutcome; readonly at: number }> {
  if (touched.kind === 'overtaken') return { outcome: answerOf(touched.by), at: run.now() };
  const at = run.now();
  const isCall = channel === 'call';
  if (touched.kind === 'unconfirmed' && !isCall) return { outcome: 'not-reached', at };
  const kinds = isCall
    ? (['call-result', 'accepted', 'refused'] as const)
    : (['accepted', 'refused', 'spoke'] as const);
  const until = at + (isCall ? CALL_RESULT_MS : ANSWER_MS);
  const ofThis = (event: ContactEvent) =>
    fits(input)(event) && (event.touchId === undefined || event.touchId === touched.touchId);
  const answer = await run.waitFor(kinds, until, '联系结果 · what the try came to', {
    fits: ofThis,
  });
  return { outcome: answer === null ? 'not-reached' : answerOf(answer), at: run.now() };
}

/** @throws Error on an event that no try waits for: a fault of this file, never to be taken for the customer's word */
function answerOf(event: ContactEvent): LeadOutcome {
  switch (event.kind) {
    case 'call-result':
      return event.outcome ?? 'not-reached';
    case 'accepted':
    case 'refused':
      return event.kind;
    case 'spoke':
      return 'hesitating';
    default:
      throw new Error(`a ${event.kind} event says nothing of a try`);
  }
}

/** The outcome of the run: an acceptance counts once it is an order. */
async function conclude(
  run: JourneyRun,
  input: InputOf<'leadRetry'>,
  outcome: LeadOutcome,
): Promise<string> {
  return outcome === 'accepted' ? run.order(input.product) : outcome;
}

const WON = new Set(['ordered', 'order-rejected', 'converted']);

/** What the pool is told: it knows outcomes of leads, not of runs. */
function resultOf(outcome: string): Result {
  if (WON.has(outcome)) return 'accepted';
  if (
    outcome === 'exhausted' ||
    outcome === 'refused' ||
    outcome === 'wrong-number' ||
    outcome === 'no-relation'
  )
    return outcome;
  return 'stopped';
}

/** An event that names another product is about another offer. */
const fits =
  (input: InputOf<'leadRetry'>) =>
  ({ product }: ContactEvent): boolean =>
    product === undefined || product === input.product;

const expiry = ({ expiresAt }: InputOf<'leadRetry'>) =>
  expiresAt === undefined ? {} : { expiresAt: Date.parse(expiresAt) };
