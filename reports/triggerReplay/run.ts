// A version of a trigger over the stored events of the last days, and beside it the version in force.

import { setImmediate as breathe } from 'node:timers/promises';
import type { StoredEvent } from '../../ports/events';
import type { Stores } from '../../ports/stores';
import { recordIds } from '../../rules/contact/contact';
import type { PolicySnapshot } from '../../rules/gate/policySnapshot';
import { DAY_MS } from '../../rules/time/durations';
import { formatInstant } from '../../rules/time/instant';
import { EVERY_CITY, type Trigger } from '../../rules/trigger/trigger';
import { createPlayer, type PlayedContact, type PlayedReport } from './play';

export interface TriggerReplayInput {
  readonly stores: Pick<Stores, 'events' | 'contacts' | 'firings'>;
  readonly tested: Trigger;
  /** Of the same id. */
  readonly inForce?: Trigger | undefined;
  /** Those of other ids that are enabled. */
  readonly others: readonly Trigger[];
  readonly policyFor: (city: string) => PolicySnapshot;
  readonly timezone: string;
  /** ISO: the events of the `days` before it. */
  readonly until: string;
  readonly days: number;
  readonly signal?: AbortSignal;
  readonly progress?: (played: ReplayProgress) => void;
}

export interface ReplayProgress {
  readonly events: number;
}

export interface TriggerReplayReport {
  /** ISO. */
  readonly from: string;
  readonly until: string;
  readonly tested: PlayedReport;
  /** The same events under the version that is enabled; absent: none is. */
  readonly inForce?: PlayedReport;
}

const PAGE = 5000;

/** @throws the signal's reason once it is aborted. */
export async function runTriggerReplay(input: TriggerReplayInput): Promise<TriggerReplayReport> {
  const { tested, inForce, others, until, days, policyFor, timezone } = input;
  const from = formatInstant(Date.parse(until) - days * DAY_MS);
  const playing = { others, policyFor, timezone };
  const players = [tested, ...(inForce ? [inForce] : [])].map((trigger) =>
    createPlayer({ ...playing, tested: trigger }),
  );
  const contacts = contactsRead(input, from);

  let played = 0;
  for await (const events of pagesOf(input, from)) {
    const known = await contacts(events);
    for (const event of events) {
      const of = known.get(event.contactId);
      if (of) for (const player of players) player.take(event, of);
    }

    played += events.length;
    input.signal?.throwIfAborted();
    input.progress?.({ events: played });
    await breathe();
  }

  const [ofTested, ofInForce] = players.map((player) => player.report());
  if (!ofTested) throw new Error('a trigger is played');
  return { from, until, tested: ofTested, ...(ofInForce && { inForce: ofInForce }) };
}

/** Of every type that either version listens to, in the cities of either. */
async function* pagesOf(
  { stores, tested, inForce, until }: TriggerReplayInput,
  from: string,
): AsyncGenerator<readonly StoredEvent[]> {
  const versions = [tested, ...(inForce ? [inForce] : [])];
  const types = [...new Set(versions.map(({ event }) => event))];
  const cities = versions.map(({ city }) => city);
  const scope = cities.includes(EVERY_CITY) ? {} : { cities };
  const to = formatInstant(Date.parse(until) + 1); // what was received at that instant, too

  let page: StoredEvent[] = [];
  for await (const event of stores.events.walk({ from, to, types, ...scope })) {
    page.push(event);
    if (page.length < PAGE) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

/**
 * Each contact is read once, as it is known now, with what had fired for it before the first event. An event told of a record that has
 * gone into another since is one of that.
 */
function contactsRead({ stores }: TriggerReplayInput, from: string) {
  const known = new Map<string, PlayedContact | null>();

  return async (
    events: readonly StoredEvent[],
  ): Promise<ReadonlyMap<string, PlayedContact | null>> => {
    const told = new Set(events.map(({ contactId }) => contactId));
    const ids = [...told].filter((id) => !known.has(id));
    if (ids.length === 0) return known;

    const [merged, played] = await Promise.all([
      stores.contacts.findMerged(ids),
      playedContacts(stores, ids, from),
    ]);
    for (const id of ids) known.set(id, played.get(merged.get(id) ?? id) ?? null);
    return known;
  };
}

async function playedContacts(
  { contacts, firings }: Pick<Stores, 'contacts' | 'firings'>,
  ids: readonly string[],
  from: string,
): Promise<ReadonlyMap<string, PlayedContact>> {
  const found = await contacts.findMany(ids);
  const fired = await firings.ofMany(found.flatMap(recordIds));

  return new Map(
    found.map((contact) => {
      const all = recordIds(contact).flatMap((id) => fired.get(id) ?? []);
      const firedBefore = all.filter(({ occurredAt }) => occurredAt < from);
      return [contact.contactId, { contact, firedBefore }];
    }),
  );
}
