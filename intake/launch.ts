// Starting journeys and speaking to running ones, the same for the API and for what comes in by itself.

import type { Clock } from '../ports/clock';
import type { Engine } from '../ports/engine';
import type { Stores } from '../ports/stores';
import { type JourneyKind, journeyId, opportunityId } from '../rules/base/ids';
import type { Contact } from '../rules/contact/contact';
import type { ContactEvent, InputOf } from '../rules/journey/messages';
import { OVERAGE_TRIGGER } from '../rules/journey/opportunity';

export interface LaunchDeps {
  readonly stores: Pick<Stores, 'runs'>;
  readonly engine: Pick<Engine, 'start' | 'signal'>;
  readonly clock: Clock;
}

/** The workflow id that an input belongs to: the same entry never gets a second run. */
const WORKFLOW_ID: { readonly [kind in JourneyKind]: (input: InputOf[kind]) => string } = {
  welcome: ({ contactId, staffId }) => journeyId('welcome', contactId, staffId),
  followUp: ({ contactId, entry }) => journeyId('followUp', contactId, entry),
  monthStart: ({ contactId, entry }) => journeyId('monthStart', contactId, entry),
  overage: ({ contactId, entry, triggerId }) => opportunityId(triggerId, contactId, entry),
  leadRetry: ({ contactId, leadId }) => journeyId('leadRetry', contactId, leadId),
};

/** What every offer of the built-in overage trigger has in common. */
export const OVERAGE_DEFAULTS = {
  triggerId: OVERAGE_TRIGGER,
  template: 'overage-offer',
  channel: 'wecom',
  fallback: ['sms'],
} as const;

export const LEAD_ATTEMPTS = 6;

export interface Launched {
  readonly workflowId: string;
  readonly started: boolean;
}

/**
 * Starts a journey for a contact. Repeats are harmless: a run of this entry that is going, or may not go again, is left alone.
 * The row is written after the start, so that a start that failed leaves none, and never over a row that the run wrote itself.
 */
export async function launch<K extends JourneyKind>(
  { stores, engine, clock }: LaunchDeps,
  journey: K,
  contact: Pick<Contact, 'contactId' | 'city'>,
  input: InputOf[K],
): Promise<Launched> {
  const workflowId = WORKFLOW_ID[journey](input);
  const answer = await engine.start(journey, workflowId, input, { city: contact.city });
  if ((await stores.runs.find(workflowId)) === null)
    await stores.runs.open({
      workflowId,
      journey,
      contactId: contact.contactId,
      city: contact.city,
      startedAt: new Date(clock.now()).toISOString(),
      ...(input.staffId !== undefined && { staffId: input.staffId }),
    });
  return { workflowId, started: answer === 'started' };
}

/** Tells every running journey of a contact what happened, all at once: a withdrawal must not wait for a slow one among them. */
export async function signalRuns(
  { stores, engine }: Pick<LaunchDeps, 'stores' | 'engine'>,
  contactId: string,
  body: ContactEvent,
): Promise<void> {
  const runs = await stores.runs.ofContact(contactId);
  const running = runs.filter(({ state }) => state === 'running');
  await Promise.all(
    running.map(({ workflowId }) => engine.signal(workflowId, { signal: 'contact', body })),
  );
}
