// What the gate is asked about a touch, and what is asked before it: whether there still is a reason, and a right.

import { variablesIn } from '../../rules/catalogue/template';
import { type Contact, speakerFor } from '../../rules/contact/contact';
import { decide } from '../../rules/gate/gate';
import type { Decision, Touch } from '../../rules/gate/gate.schema';
import { personalFeature, refusesPersonal } from '../../rules/journey/personal';
import { lostRelevance } from '../../rules/journey/relevance';
import type { TouchInput } from '../contract';
import type { PolicyInForce } from '../policyInForce';
import type { TouchContext } from './path';

/** What the gate says at `at`, or that the journey no longer has a reason to ask, or never had the right to. */
export async function judge(
  context: TouchContext,
  input: TouchInput,
  contact: Contact,
  policy: PolicyInForce,
  at: string,
): Promise<Decision> {
  const lost = lostRelevance(contact, input.relevance ?? []);
  if (lost) return { verdict: 'suppressed', reason: 'irrelevant', rule: lost, explain: [] };

  const personal = await refusedFeature(context, input, contact);
  if (personal !== null)
    return { verdict: 'suppressed', reason: 'personalisation', rule: personal, explain: [] };

  return decide(policy.prepared, contact, askedTouch(input, at, contact.city));
}

/** The personal feature that the touch rests on although the customer wants none used; a template never changes, so it is read once. */
async function refusedFeature(
  { published }: TouchContext,
  input: TouchInput,
  contact: Contact,
): Promise<string | null> {
  if (!refusesPersonal(contact, input.class)) return null;
  const { text } = await published.template(input.template);
  return personalFeature({ journey: input.journey, variables: variablesIn(text) });
}

/** What a touch can be told apart by, besides channel and class. */
const MARKS = ['category', 'campaign', 'product', 'staffId', 'expiresAt'] as const;

/** The touch as the gate sees it. */
export function askedTouch(input: TouchInput, at: string, city: string): Touch {
  const marks = MARKS.flatMap((mark) => (input[mark] === undefined ? [] : [[mark, input[mark]]]));
  return {
    touchId: input.touchId,
    at,
    channel: input.channel,
    class: input.class,
    city,
    ...Object.fromEntries(marks),
  };
}

/** Who is asked to confirm the touch by hand; welcomes go out by themselves. */
export function confirmerOf(
  { channel, welcomeCode, staffId }: TouchInput,
  contact: Contact,
): string | undefined {
  return channel === 'wecom' && welcomeCode === undefined
    ? speakerFor(contact, staffId)?.staffId
    : undefined;
}
