// Forgetting a person: asked for once, begun at once, and gone on with until it is done, whichever process dies in between.

import type { Clock } from '../ports/clock';
import type { Engine } from '../ports/engine';
import type { Person, Tombstone } from '../ports/forgetting';
import type { Log } from '../ports/log';
import type { Stores } from '../ports/stores';
import { mapInParallel } from '../rules/base/mapInParallel';
import type { Contact } from '../rules/contact/contact';
import { hashOfName, type Pseudonyms, pseudonymsOf } from '../rules/ledger/subject';
import { isOpen } from '../rules/ledger/touchState';
import { MINUTE_MS } from '../rules/time/durations';
import { formatInstant, instantAt } from '../rules/time/instant';
import { contactIdOfWecom, laneOf } from './inbound';
import { reviewTasksOfWaves } from './launch';

export interface ForgetDeps {
  readonly stores: Pick<Stores, 'contacts' | 'runs' | 'touches' | 'forgetting' | 'waves'>;
  readonly engine: Pick<Engine, 'signal' | 'reviewWaves'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Absent: this deployment has no pseudonyms, and nobody can be forgotten. */
  readonly subjectOf: Pseudonyms | undefined;
}

/** The block that keeps a contact from being touched while it is being forgotten. */
const BLOCK = { channel: '*', reason: 'forgotten' } as const;

interface Asked {
  readonly by: string;
  readonly reason: string;
}

/**
 * Keeps that a contact is to be forgotten, closes every channel and ends the runs. Repeats are harmless.
 * @throws CodedError CONFLICT where there are no pseudonyms
 */
export async function beginForgetting(
  deps: ForgetDeps,
  contact: Contact,
  { by, reason }: Asked,
): Promise<Tombstone> {
  const { stores, clock } = deps;
  const subjectOf = pseudonymsOf(deps.subjectOf);
  const { contactId, life } = contact;
  const person = personOf(contact);

  const tombstone = await stores.forgetting.begin(
    {
      ...{ subject: subjectOf(contactId, life), state: 'forgetting', reason, by },
      at: formatInstant(clock.now()),
      names: namesOf(contactId, person.aliases).map((name) => hashOfName(subjectOf, name)),
      ...(life !== undefined && { life }),
    },
    person,
  );
  await goOnForgetting(deps, tombstone, person);

  return (await stores.forgetting.find(tombstone.subject)) ?? tombstone;
}

function personOf({ contactId, phone, unionId, relations = [] }: Contact): Person {
  const customers = [...new Set(relations.map(({ externalUserId }) => externalUserId))];
  return {
    contactId,
    aliases: [
      ...(phone === undefined ? [] : [`phone:${phone}`]),
      ...(unionId === undefined ? [] : [`unionId:${unionId}`]),
      ...customers.map((id) => `externalUserId:${id}`),
    ],
    lanes: [
      laneOf(contactId),
      ...(phone === undefined ? [] : [`phone/${phone}`]),
      ...customers.map((id) => laneOf(contactIdOfWecom(id))),
    ],
  };
}

const namesOf = (contactId: string, aliases: readonly string[]): readonly string[] => [
  `contactId:${contactId}`,
  ...aliases,
];

/** One step further: no touch begins any more, the runs are told to end, and once none is left the person is erased. */
async function goOnForgetting(
  { stores, engine, clock, log }: ForgetDeps,
  tombstone: Tombstone,
  person: Person,
): Promise<void> {
  const { contactId } = person;
  const { subject } = tombstone;
  await stores.contacts.block(contactId, BLOCK);
  await reviewTasksOfWaves({ stores, engine }, [contactId]);

  const running = await stores.runs.runningOf([contactId]);
  const at = formatInstant(clock.now());
  const heard = await mapInParallel(running, ({ workflowId }) =>
    engine.signal(workflowId, { signal: 'contact', body: { kind: 'forgotten', at } }),
  );
  // A run that nobody hears in is over, whatever its row says.
  if (heard.includes(true)) return;
  if (!(await endOpenTouches({ stores, clock }, tombstone, contactId))) return;

  const removed = await stores.forgetting.erase(tombstone, person);
  await stores.forgetting.end(subject, removed, formatInstant(clock.now()));
  log.info({ subject, removed }, 'a person was forgotten');
}

/** A task that was taken back is settled within minutes; whatever is not by then, nobody will be told of any more. */
const TASK_PATIENCE_MS = 10 * MINUTE_MS;

/** Gives back what is still reserved, so that the ledger has an end of it. False: staff may be stopped still. */
async function endOpenTouches(
  {
    stores,
    clock,
  }: Pick<ForgetDeps, 'clock'> & { readonly stores: Pick<Stores, 'contacts' | 'touches'> },
  { at: askedAt }: Tombstone,
  contactId: string,
): Promise<boolean> {
  const open = (await stores.contacts.find(contactId))?.touches.filter(isOpen) ?? [];
  const isPatient = clock.now() < instantAt(askedAt, 'at') + TASK_PATIENCE_MS;
  if (isPatient && open.some(({ state }) => state === 'tasked')) return false;

  const at = formatInstant(clock.now());
  const reason = { kind: 'withdrawn', rule: 'forgotten' } as const;
  await stores.touches.settleMany(
    open.map(({ touchId }) => ({ contactId, touchId, settled: 'released', reason, at })),
  );
  return true;
}

/** All that is not done yet, one after the other; one that fails keeps no other from its end. */
export async function goOnWithAll(deps: ForgetDeps): Promise<void> {
  for (const { tombstone, person } of await deps.stores.forgetting.open()) {
    const { subject } = tombstone;
    await goOnForgetting(deps, tombstone, person).catch((error: unknown) =>
      deps.log.warn({ err: error, subject }, 'forgetting goes on later'),
    );
  }
}

type KnownDeps = Partial<Pick<ForgetDeps, 'subjectOf'>> & {
  readonly stores: Pick<Stores, 'forgetting'>;
};

/** What stays of these contacts, if they were forgotten: what is heard of them is nobody's any more. */
export async function tombstonesOf(
  { stores, subjectOf }: KnownDeps,
  contactIds: readonly string[],
): Promise<readonly Tombstone[]> {
  if (!subjectOf || contactIds.length === 0) return [];

  const names = contactIds.map((contactId) => hashOfName(subjectOf, `contactId:${contactId}`));
  return await stores.forgetting.ofNames(names);
}
