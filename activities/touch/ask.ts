// One touch being asked for: who asks, for what, with which means. And the gate's answer to it as a ledger row.

import { variablesIn } from '../../rules/catalogue/template';
import { type Contact, speakerFor } from '../../rules/contact/contact';
import { decide } from '../../rules/gate/gate';
import type { Decision, Touch } from '../../rules/gate/gate.schema';
import { nextQuiet } from '../../rules/gate/nextQuiet';
import { personalFeature, refusesPersonal } from '../../rules/journey/personal';
import { lostRelevance } from '../../rules/journey/relevance';
import { basisOf } from '../../rules/ledger/basis';
import type { DecisionRow } from '../../rules/ledger/rows';
import type { TouchInput } from '../contract';
import type { ActivityDeps, CallingRun } from '../deps';
import type { PolicyInForce, PublishedVersions } from '../published';
import { deadlineOf } from './verdict';

/** For whom touches are asked, and with which means. */
export interface Desk {
  readonly deps: ActivityDeps;
  readonly published: PublishedVersions;
  readonly caller: CallingRun;
}

export interface Ask extends Desk {
  readonly input: TouchInput;
}

/** ISO instant of the deployment's clock. */
export const nowOf = ({ deps }: Desk): string => new Date(deps.clock.now()).toISOString();

/** Who is asked to confirm the touch by hand; welcomes go out by themselves. */
export function confirmerOf(
  { channel, welcomeCode, staffId }: TouchInput,
  contact: Contact,
): string | undefined {
  return channel === 'wecom' && welcomeCode === undefined
    ? speakerFor(contact, staffId)?.staffId
    : undefined;
}

/** Milliseconds: from then on nobody may finish the touch by hand; null: whenever, or it goes out by itself. */
function quietFrom(ask: Ask, policy: PolicyInForce, contact: Contact, at: string): number | null {
  if (ask.input.channel === 'sms' || ask.input.welcomeCode !== undefined) return null;
  return nextQuiet(
    policy.prepared,
    contact,
    askedTouch(ask.input, at, contact.city),
    Date.parse(at),
  );
}

/** What the gate says at `at`, or that the journey no longer has a reason to ask, or never had the right to. */
export async function judge(
  ask: Ask,
  policy: PolicyInForce,
  contact: Contact,
  at: string,
): Promise<Decision> {
  const lost = lostRelevance(contact, ask.input.relevance ?? []);
  if (lost) return { verdict: 'suppressed', reason: 'irrelevant', rule: lost, explain: [] };
  const personal = await refusedFeature(ask, contact);
  if (personal !== null)
    return { verdict: 'suppressed', reason: 'personalisation', rule: personal, explain: [] };
  return decide(policy.prepared, contact, askedTouch(ask.input, at, contact.city));
}

/** The personal feature that the touch rests on although the customer wants none used; a template never changes, so it is read once. */
async function refusedFeature({ published, input }: Ask, contact: Contact): Promise<string | null> {
  if (!refusesPersonal(contact, input.class)) return null;
  const { text } = await published.template(input.template);
  return personalFeature({ journey: input.journey, variables: variablesIn(text) });
}

/** The touch as the gate sees it. */
export function askedTouch(input: TouchInput, at: string, city: string): Touch {
  const {
    touchId,
    channel,
    class: touchClass,
    category,
    campaign,
    product,
    staffId,
    expiresAt,
  } = input;
  return {
    touchId,
    at,
    channel,
    class: touchClass,
    city,
    ...(category !== undefined && { category }),
    ...(campaign !== undefined && { campaign }),
    ...(product !== undefined && { product }),
    ...(staffId !== undefined && { staffId }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
}

/** The decision as the ledger keeps it; a pass carries the revision that its reservation makes. */
export function decisionRowFor(
  ask: Ask,
  decision: Decision,
  policy: PolicyInForce,
  contact: Contact,
  at: string,
): DecisionRow {
  return {
    kind: 'decision',
    ...askedTouch(ask.input, at, contact.city),
    ...decision,
    city: contact.city,
    attempt: ask.input.attempt,
    contactId: contact.contactId,
    policy: policy.ref,
    journey: ask.input.journey,
    step: ask.input.step,
    workflowId: ask.caller.workflowId,
    runId: ask.caller.runId,
    basis: basisOf(contact, ask.input, policy.timezone, policy.holidays),
    ...(decision.verdict === 'pass'
      ? {
          revision: contact.revision + 1,
          settleBy: deadlineOf(at, ask.input, quietFrom(ask, policy, contact, at)),
        }
      : { revision: contact.revision }),
  };
}
