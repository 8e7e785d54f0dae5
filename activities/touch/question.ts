// What the gate is asked about a touch, and what is asked before it: whether there still is a reason, and a right.

import { variablesIn } from '../../rules/catalogue/template';
import { type Contact, speakerFor } from '../../rules/contact/contact';
import { marksOf } from '../../rules/contact/marks';
import { decide } from '../../rules/gate/gate';
import type { Decision, Touch } from '../../rules/gate/gate.schema';
import { personalFeature, refusesPersonal } from '../../rules/journey/personal';
import { lostRelevance } from '../../rules/journey/relevance';
import type { PolicyInForce } from '../policyInForce';
import { isWelcome, type TouchRequest } from './asked';
import { audienceFeature } from './origin';
import type { TouchContext } from './path';

/** What the gate says at `at`, or that the journey no longer has a reason to ask, or never had the right to. */
export async function judge(
  context: TouchContext,
  asked: TouchRequest,
  contact: Contact,
  policy: PolicyInForce,
  at: string,
): Promise<Decision> {
  const lost = lostRelevance(contact, asked.relevance ?? []);
  if (lost) return { verdict: 'suppressed', reason: 'irrelevant', rule: lost, explain: [] };

  const personal = await refusedFeature(context, asked, contact);
  if (personal !== null)
    return { verdict: 'suppressed', reason: 'personalisation', rule: personal, explain: [] };

  return decide(policy.prepared, contact, askedTouch(asked, at, contact.city));
}

/** The personal feature that the touch rests on although the customer wants none used; a template never changes, so it is read once. */
async function refusedFeature(
  { published }: TouchContext,
  asked: TouchRequest,
  contact: Contact,
): Promise<string | null> {
  if (!refusesPersonal(contact, asked.class)) return null;

  const { text } = await published.template(asked.template);
  return personalFeature({
    audienceBy: audienceFeature(asked.origin),
    variables: variablesIn(text),
  });
}

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
