// Two records of one person become one, and are parted again when that was wrong; each with evidence, and safe to repeat.

import { randomUUID } from 'node:crypto';
import type { Clock } from '../ports/clock';
import type { Stores } from '../ports/stores';
import { CodedError } from '../rules/base/errors';
import type { ConsentStatement } from '../rules/contact/consentLog';
import type { Contact, Profile } from '../rules/contact/contact';
import { strictestConsents } from '../rules/contact/merge';
import { formatInstant } from '../rules/time/instant';
import { type LaunchDeps, wakeRuns } from './launch';
import { type OpenTasksDeps, reviewOpenTasks } from './openTasks';

export interface MergeDeps extends OpenTasksDeps {
  readonly stores: Pick<Stores, 'contactActs' | 'contacts' | 'deliveries' | 'runs' | 'waves'>;
  readonly engine: LaunchDeps['engine'];
  readonly clock: Clock;
}

/** Who says so, and why. */
export interface Because {
  readonly by: string;
  readonly reason: string;
}

const MAX_RACES = 20;

/** `other` goes into `contactId`. @throws CodedError NOT_FOUND, or CONFLICT when one of them went into another contact before */
export async function mergeContacts(
  deps: MergeDeps,
  { contactId, other }: { readonly contactId: string; readonly other: string },
  because: Because,
): Promise<void> {
  const { into, from } = await bothKept(deps, contactId, other);
  if (from.mergedInto === contactId) return await settleMerge(deps, contactId, other);
  assertMergeable(into, from);

  const at = formatInstant(deps.clock.now());
  await recordAct(deps, 'merged', { contactId, other, at }, because, [into, from]);
  await join(deps, contactId, other, at);
  await settleMerge(deps, contactId, other);
}

/** `other`, which went into `contactId`, is a contact of its own again; what the person refused holds for both. */
export async function splitContact(
  deps: MergeDeps,
  { contactId, other }: { readonly contactId: string; readonly other: string },
  because: Because,
): Promise<void> {
  const { into, from } = await bothKept(deps, contactId, other);
  if (!into.mergedFrom?.some((each) => each.contactId === other))
    throw new CodedError('CONFLICT', `contact ${other} did not go into ${contactId}`);

  const at = formatInstant(deps.clock.now());
  await recordAct(deps, 'split', { contactId, other, at }, because, [into, from]);
  await partRecord(deps, contactId, other);

  const refusals = refusalsOf(into.consents, at);
  if (refusals.length > 0) await deps.stores.contacts.consent(other, refusals);
  for (const id of [contactId, other]) await wakeRuns(deps, id, 'profile');
  await reviewOpenTasks(deps, [contactId, other]);
}

/** For who is forgotten: every record of the person, each on its own again. */
export async function partAll(
  deps: Pick<MergeDeps, 'stores'>,
  { contactId, mergedFrom = [] }: Contact,
): Promise<readonly Contact[]> {
  const others = mergedFrom.map((record) => record.contactId);
  for (const other of others) await partRecord(deps, contactId, other);

  return await deps.stores.contacts.findKept([...others, contactId]);
}

/** With the runs that began under its id. */
async function partRecord(
  { stores }: Pick<MergeDeps, 'stores'>,
  contactId: string,
  other: string,
): Promise<void> {
  await stores.contacts.part(contactId, other);

  const runs = await stores.runs.ofContact(contactId);
  const own = runs.filter(({ workflowId }) => workflowId.includes(`/${other}/`));
  await stores.runs.handOver(
    contactId,
    other,
    own.map(({ workflowId }) => workflowId),
  );
}

async function bothKept({ stores }: MergeDeps, contactId: string, other: string) {
  const found = await stores.contacts.findKept([contactId, other]);
  const [into, from] = [contactId, other].map((id) => found.find((each) => each.contactId === id));
  if (into && from) return { into, from };

  const missing = into ? other : contactId;
  throw new CodedError('NOT_FOUND', `contact ${missing} does not exist`, [
    { path: into ? 'other' : 'contactId', message: 'unknown', value: missing },
  ]);
}

function assertMergeable(into: Contact, from: Contact): void {
  if (into.contactId === from.contactId)
    throw new CodedError('INVALID_INPUT', 'a contact cannot go into itself', [
      { path: 'other', message: 'the contact itself', value: from.contactId },
    ]);
  for (const { contactId, mergedInto } of [into, from])
    if (mergedInto !== undefined)
      throw new CodedError('CONFLICT', `contact ${contactId} went into ${mergedInto} before`);
}

/** Everything of the other record first, then its end; again when something was told to it in between. */
async function join(deps: MergeDeps, contactId: string, other: string, at: string): Promise<void> {
  const { contacts } = deps.stores;

  for (let race = 0; race < MAX_RACES; race++) {
    const { into, from } = await bothKept(deps, contactId, other);
    await contacts.absorb(contactId, other);

    const told = (await contacts.consentLog(other)).flatMap((each) =>
      each.receivedAt === undefined ? [] : [{ ...each, receivedAt: each.receivedAt }],
    );
    const refusals = refusalsOf(strictestConsents(into.consents, from.consents), at);
    await contacts.consent(contactId, [...told, ...refusals]);
    if (await contacts.retire(other, contactId, from.profileRevision)) return;
  }

  throw new CodedError('CONFLICT', `contact ${other} moved ${MAX_RACES} times while it was merged`);
}

/** Told anew: a grant that the other record heard later must not undo what this one was told. */
function refusalsOf(consents: Profile['consents'], receivedAt: string): ConsentStatement[] {
  return Object.entries(consents ?? {}).flatMap(([channel, states]) =>
    Object.entries(states ?? {})
      .filter(([, state]) => state === 'refused')
      .map(([name]) => ({
        channel,
        class: name as ConsentStatement['class'], // the keys of consents are classes
        state: 'refused' as const,
        source: 'merge',
        receivedAt,
      })),
  );
}

/** Runs of the other record hear from now on what is told of this one, and every open task is looked at again. */
async function settleMerge(deps: MergeDeps, contactId: string, other: string): Promise<void> {
  await deps.stores.runs.handOver(other, contactId);
  await wakeRuns(deps, contactId, 'profile');
  await reviewOpenTasks(deps, [contactId, other]);
}

async function recordAct(
  { stores }: MergeDeps,
  kind: 'merged' | 'split',
  about: { readonly contactId: string; readonly other: string; readonly at: string },
  because: Because,
  [into, from]: readonly [Contact, Contact],
): Promise<void> {
  const before = { [about.contactId]: traitsOf(into), [about.other]: traitsOf(from) };
  await stores.contactActs.record({ actId: randomUUID(), kind, ...about, ...because, before });
}

/** What of a contact may stand in a record that outlives it: nothing personal. */
const traitsOf = ({ city, consents, blocks, relations = [], phone, unionId }: Contact) => ({
  city,
  consents: consents ?? {},
  blocks: blocks ?? [],
  staff: relations.map(({ staffId }) => staffId),
  names: [...(phone ? ['phone'] : []), ...(unionId ? ['unionId'] : [])],
});
