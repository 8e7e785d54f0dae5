// The frame of a run: its row in the read model, the versions it is pinned to, and the facts it branches on.

import { CodedError } from '../rules/base/errors';
import { isRunOf, versionRef } from '../rules/base/ids';
import { type Contact, friendsOf } from '../rules/contact/contact';
import { formatInstant } from '../rules/time/instant';
import type { BeginInput, Begun, JourneyFacts } from './contract';
import type { ActivityDeps, CallingRun } from './deps';
import type { PublishedVersions } from './published';

const unknownContact = (contactId: string): CodedError =>
  new CodedError('NOT_FOUND', `contact ${contactId} does not exist`, [
    { path: 'contactId', message: 'unknown', value: contactId },
  ]);

/** Records the run and pins what it begins with; repeating it changes nothing. */
export async function begin(
  deps: ActivityDeps,
  published: PublishedVersions,
  caller: CallingRun,
  input: BeginInput,
): Promise<Begun> {
  const contact = await deps.stores.contacts.find(input.contactId);
  if (!contact) throw unknownContact(input.contactId);

  const staffId = input.staffId ?? friendsOf(contact)[0]?.staffId;
  const pinned = await Promise.all(input.templates.map((id) => pin(deps, id)));
  const startedAt = new Date(deps.clock.now()).toISOString();

  await deps.stores.runs.open({
    workflowId: caller.workflowId,
    journey: input.journey,
    contactId: contact.contactId,
    city: contact.city,
    ...(staffId !== undefined && { staffId }),
    ...(input.entry !== undefined && { entry: input.entry }),
    startedAt,
  });

  const timezone = await zoneIn(published, contact, startedAt);

  return {
    city: contact.city,
    timezone,
    ...(staffId !== undefined && { staffId }),
    templates: Object.fromEntries(pinned),
  };
}

/** Where the contact's clock stands now; it may have moved since the run began. */
export async function contactZone(
  { stores, clock }: Pick<ActivityDeps, 'stores' | 'clock'>,
  published: PublishedVersions,
  contactId: string,
): Promise<Pick<Begun, 'timezone'>> {
  const contact = await stores.contacts.find(contactId);
  if (!contact) throw unknownContact(contactId);
  return { timezone: await zoneIn(published, contact, formatInstant(clock.now())) };
}

const zoneIn = async (
  published: PublishedVersions,
  { timezone, city }: Pick<Contact, 'timezone' | 'city'>,
  at: string,
): Promise<string> => timezone ?? (await published.policyFor(city, at)).timezone;

async function pin(deps: ActivityDeps, id: string): Promise<[string, string]> {
  const current = await deps.stores.templates.current(id);
  if (!current)
    throw new CodedError(
      'UNAVAILABLE',
      `template "${id}" is not published: the journey waits for it`,
    );

  return [id, versionRef(id, current.version)];
}

export async function finish(
  deps: ActivityDeps,
  caller: CallingRun,
  outcome: string,
): Promise<void> {
  const { runs, sequenceEntries } = deps.stores;
  const { workflowId } = caller;
  const at = new Date(deps.clock.now()).toISOString();

  // First the entry: by the run's own row it is known which one it was.
  const run = isRunOf('sequence', workflowId) ? await runs.find(workflowId) : null;
  if (run?.entry !== undefined)
    await sequenceEntries.ended({ workflowId, entry: run.entry }, outcome, at);
  await runs.close(workflowId, outcome, at);
}

export async function facts(deps: ActivityDeps, contactId: string): Promise<JourneyFacts> {
  const contact = await deps.stores.contacts.find(contactId);
  if (!contact) throw unknownContact(contactId);

  const { lastSpokeAt, products = [] } = contact.facts ?? {};
  return {
    ...(lastSpokeAt !== undefined && { lastSpokeAt }),
    products,
    friends: friendsOf(contact).map((relation) => relation.staffId),
    phoneKnown: contact.phone !== undefined,
  };
}
