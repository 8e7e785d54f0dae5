// What the gate is asked about a touch, and what is asked before it: whether there still is a reason, and a right.

import { type CodedError, isCodedError } from '../../rules/base/errors';
import { variablesIn } from '../../rules/catalogue/template';
import { textOn } from '../../rules/catalogue/texts';
import { type Contact, countedWhole, speakerFor } from '../../rules/contact/contact';
import { marksOf } from '../../rules/contact/marks';
import { decide } from '../../rules/gate/gate';
import type { Decision, Touch } from '../../rules/gate/gate.schema';
import { personalFeature, refusesPersonal } from '../../rules/journey/personal';
import { lostRelevance } from '../../rules/journey/relevance';
import type { Basis } from '../../rules/ledger/rows';
import type { PolicyInForce } from '../policyInForce';
import { isWelcome, type TouchRequest } from './asked';
import { audienceFeature } from './origin';
import type { TouchContext } from './path';
import { assertAnswers } from './reply';

/** What a touch rests on of the customer's person, as its row keeps it; nothing but for marketing. */
export type PersonalBasis = Pick<Basis, 'personalisation' | 'personalFeature'>;

interface Judged {
  readonly decision: Decision;
  readonly personal: PersonalBasis;
}

/** What the gate says at `at`, or that the journey no longer has a reason to ask, or never had the right to. */
export async function judge(
  context: TouchContext,
  asked: TouchRequest,
  contact: Contact,
  policy: PolicyInForce,
  at: string,
): Promise<Judged> {
  const personal = await personalBasis(context, asked, contact);
  const lost = lostRelevance(contact, asked.relevance ?? []);
  if (lost) return { decision: refusedFor('irrelevant', lost), personal };

  if (asked.withdrawnText === 'ends')
    return { decision: refusedFor('template-withdrawn', asked.template), personal };

  const { personalisation, personalFeature: feature } = personal;
  if (personalisation === 'refused' && feature !== undefined)
    return { decision: refusedFor('personalisation', feature), personal };

  const touch = askedTouch(asked, at, contact.city);
  const decision = decide(policy.prepared, countedWhole(contact), touch);
  // What is stopped anyway may also come too late for an answer.
  if (decision.verdict !== 'suppressed') assertAnswers(asked, contact, at);
  if (decision.verdict !== 'pass' || !context.givesWay) return { decision, personal };

  return { decision: context.givesWay(touch, contact, policy, decision), personal };
}

const refusedFor = (reason: string, rule: string): Decision => ({
  verdict: 'suppressed',
  reason,
  rule,
  explain: [],
});

async function personalBasis(
  { published }: TouchContext,
  asked: TouchRequest,
  contact: Contact,
): Promise<PersonalBasis> {
  if (asked.class !== 'marketing') return {};

  const isRefused = refusesPersonal(contact, asked.class);
  const variables = await variablesRead(published, asked, isRefused);
  const feature = personalFeature({ audienceBy: audienceFeature(asked.origin), variables });

  return {
    personalisation: isRefused ? 'refused' : 'allowed',
    ...(feature !== null && { personalFeature: feature }),
  };
}

/** A text that does not exist ends the touch later, by name; only who refused personal features needs to know its variables now. */
async function variablesRead(
  published: TouchContext['published'],
  { template, channel }: TouchRequest,
  isRefused: boolean,
): Promise<readonly string[]> {
  try {
    return variablesIn(textOn(await published.template(template), channel) ?? '');
  } catch (error) {
    if (!isRefused && isCodedError(error) && isFaultOfTemplate(error)) return [];
    throw error;
  }
}

const isFaultOfTemplate = ({ code }: CodedError): boolean =>
  code === 'NOT_FOUND' || code.startsWith('TEMPLATE_');

/** The touch as the gate sees it. */
export function askedTouch(asked: TouchRequest, at: string, city: string): Touch {
  const { expiresAt } = asked;
  return {
    touchId: asked.touchId,
    at,
    channel: asked.channel,
    class: asked.class,
    city,
    ...marksOf(asked),
    ...(expiresAt !== undefined && { expiresAt }),
  };
}

/** Who is asked to confirm the touch by hand; welcomes go out by themselves. */
export function confirmerOf(asked: TouchRequest, contact: Contact): string | undefined {
  return asked.channel === 'wecom' && !isWelcome(asked)
    ? speakerFor(contact, asked.staffId)?.staffId
    : undefined;
}
