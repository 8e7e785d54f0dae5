// What sequences learn of a contact: its stage and its tags, as facts like all others.

import { CodedError } from '../../rules/base/errors';
import { mapInParallel } from '../../rules/base/mapInParallel';
import type { Contact, Facts } from '../../rules/contact/contact';
import { occasionOf } from '../../rules/sequence/starts';
import { formatInstant } from '../../rules/time/instant';
import type { ActivityDeps, CallingRun, WorkerDeps } from '../deps';

interface TagInput {
  readonly contactId: string;
  readonly tags: readonly string[];
}

export async function hasTag(deps: ActivityDeps, { contactId, tags }: TagInput): Promise<boolean> {
  const known = tagsOf(await knownContact(deps, contactId));
  return tags.some((tag) => known.includes(tag));
}

export async function addTags(
  deps: ActivityDeps,
  caller: CallingRun,
  { contactId, tags }: TagInput,
): Promise<void> {
  const contact = await knownContact(deps, contactId);
  const all = [...new Set([...tagsOf(contact), ...tags])];
  await learn(deps, caller, contact, { tags: all });
}

export async function setStage(
  deps: Pick<WorkerDeps, keyof ActivityDeps | 'sequenceDoor'>,
  caller: CallingRun,
  { contactId, stage }: { readonly contactId: string; readonly stage: string },
): Promise<void> {
  await learn(deps, caller, await knownContact(deps, contactId), { stage });

  // The run names it, so that a repeat is the same.
  const occasion = occasionOf('stage', caller.runId, stage);
  const told = { occasion, eventId: occasion, at: formatInstant(deps.clock.now()) };
  await deps.sequenceDoor.happened(contactId, { kind: 'stage', stage }, told);
}

/** Other runs of the contact may be waiting for just that. */
async function learn(
  { stores, engine, clock }: ActivityDeps,
  { workflowId: own }: CallingRun,
  { contactId }: Contact,
  facts: Facts,
): Promise<void> {
  await stores.contacts.learn(contactId, facts, { asOf: formatInstant(clock.now()) });

  const others = (await stores.runs.runningOf([contactId])).filter((run) => run.workflowId !== own);
  await mapInParallel(others, ({ workflowId }) =>
    engine.signal(workflowId, { signal: 'changed', body: { what: 'profile' } }),
  );
}

function tagsOf({ facts = {} }: Contact): readonly string[] {
  const { tags } = facts;
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [];
}

/** @throws CodedError NOT_FOUND */
async function knownContact({ stores }: ActivityDeps, contactId: string): Promise<Contact> {
  const contact = await stores.contacts.find(contactId);
  if (!contact) throw new CodedError('NOT_FOUND', `contact ${contactId} does not exist`);
  return contact;
}
