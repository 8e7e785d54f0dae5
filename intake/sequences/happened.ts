// What has happened to a contact begins the sequences that wait for it.

import type { Log } from '../../ports/log';
import type { EntryRequest } from '../../ports/sequenceDoor';
import type { Contact } from '../../rules/contact/contact';
import type { StaleReason } from '../../rules/contact/staleStart';
import { type Happening, isStartedBy, isSuperseded } from '../../rules/sequence/starts';
import { formatInstant } from '../../rules/time/instant';
import { type DoorDeps, enterSequence } from './door';

export interface HappenedDeps extends DoorDeps {
  readonly log: Log;
}

/** The event that told of it, and as what the sequences know it. */
interface Told extends EntryRequest {
  readonly eventId: string;
}

const STALE: readonly string[] = ['superseded', 'too-late'] satisfies readonly StaleReason[];

/** Lets the contact into every sequence that begins with it. Repeats are harmless: the event names the entries. */
export async function startSequences(
  deps: HappenedDeps,
  contact: Contact,
  happening: Happening,
  told: Told,
): Promise<void> {
  const request = { ...told, isSuperseded: isSuperseded(happening, contact) };
  for (const version of await deps.stores.sequences.inForce()) {
    if (!isStartedBy(version.body.start, happening)) continue;

    const answer = await enterSequence(deps, version, contact, request);
    if (answer.kind !== 'refused') continue;
    const { reason } = answer;
    if (isStale(reason)) await keepStale(deps, contact, told, reason);
  }
}

const isStale = (reason: string): reason is StaleReason => STALE.includes(reason);

/** Once: a repeat finds it. */
async function keepStale(
  { stores, clock, log }: HappenedDeps,
  { contactId }: Contact,
  { eventId, at: occurredAt }: Told,
  reason: StaleReason,
): Promise<void> {
  const at = formatInstant(clock.now());
  const stale = { verdict: 'stale', reason, journey: 'sequence', eventId, occurredAt, at } as const;
  await stores.contacts.addStaleStart(contactId, stale);
  log.info({ contactId, eventId, journey: 'sequence', reason }, 'a journey was not started: stale');
}
