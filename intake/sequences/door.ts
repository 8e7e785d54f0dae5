// The one door into sequences: whoever asks (an event, the daily look, a person, another sequence) is let in or refused by the same
// rules, and both are kept.

import type { Clock } from '../../ports/clock';
import type { Engine } from '../../ports/engine';
import type { Version } from '../../ports/library';
import type { EntryAnswer, EntryRequest } from '../../ports/sequenceDoor';
import type { SequenceEntry } from '../../ports/sequenceEntries';
import type { Stores } from '../../ports/stores';
import { CodedError } from '../../rules/base/errors';
import { versionRef } from '../../rules/base/ids';
import type { Contact } from '../../rules/contact/contact';
import type { StaleReason } from '../../rules/contact/staleStart';
import { journeyInput, journeyKind } from '../../rules/journey/kinds';
import { entryRefusal } from '../../rules/journey/reentry';
import type { Sequence } from '../../rules/sequence/sequence';
import { isTooLate } from '../../rules/sequence/starts';
import { formatInstant } from '../../rules/time/instant';
import { createMatcher } from '../../rules/trigger/matcher';
import { launch } from '../launch';

export interface DoorDeps {
  readonly stores: Pick<Stores, 'contacts' | 'runs' | 'sequenceEntries' | 'sequences' | 'waves'>;
  readonly engine: Pick<Engine, 'start' | 'signal' | 'reviewWaves' | 'describe'>;
  readonly clock: Clock;
  /** IANA zone of a contact that names none. */
  readonly timezone: string;
}

/** So many of one contact never come at once. */
const MAX_RACES = 20;

/**
 * Lets a contact into a sequence, or refuses it; either is kept, but for who is not of its audience. Repeats are harmless: one
 * occasion has one entry, and one run.
 */
export async function enterSequence(
  deps: DoorDeps,
  version: Version<Sequence>,
  contact: Contact,
  request: EntryRequest,
): Promise<EntryAnswer> {
  const { audience } = version.body;
  if (audience && !createMatcher(audience)(contact))
    return { kind: 'refused', reason: 'outside-audience' };

  for (let race = 0; race < MAX_RACES; race++) {
    const earlier = await earlierEntries(deps, version.id, contact);
    const same = earlier.find(({ occasion }) => occasion === request.occasion);
    if (same) return await answerAgain(deps, same);

    const entry = decidedEntry(deps, { version, contact, request, earlier });
    if (entry.reason === 'is-in-now' && (await endLostRuns(deps, earlier))) continue;
    if (!(await deps.stores.sequenceEntries.add(entry))) continue; // somebody came first

    if (entry.reason !== undefined) return { kind: 'refused', reason: entry.reason };
    await startRun(deps, entry, contact, version.body);
    return { kind: 'started', workflowId: entry.workflowId };
  }

  const { contactId } = contact;
  throw new CodedError('CONFLICT', `contact ${contactId} entered ${version.id} ${MAX_RACES} times`);
}

/** Of every record of the person. */
function earlierEntries(
  { stores }: DoorDeps,
  sequenceId: string,
  { contactId, mergedFrom = [] }: Contact,
): Promise<readonly SequenceEntry[]> {
  const ids = [contactId, ...mergedFrom.map((record) => record.contactId)];
  return stores.sequenceEntries.of(sequenceId, ids);
}

/** Runs that are over without a word, for somebody terminated them, have ended. False: there is none. */
async function endLostRuns(
  { stores, engine, clock }: DoorDeps,
  entries: readonly SequenceEntry[],
): Promise<boolean> {
  let hasLost = false;
  for (const entry of entries.filter(({ state }) => state === 'running')) {
    const run = await engine.describe(entry.workflowId);
    if (run?.status === 'running') continue;

    await stores.sequenceEntries.ended(entry, 'lost', formatInstant(clock.now()));
    hasLost = true;
  }

  return hasLost;
}

interface Asked {
  readonly version: Version<Sequence>;
  readonly contact: Contact;
  readonly request: EntryRequest;
  readonly earlier: readonly SequenceEntry[];
}

function decidedEntry(
  deps: DoorDeps,
  { version, contact, request, earlier }: Asked,
): SequenceEntry {
  const { contactId, city } = contact;
  const { occasion, at, staffId } = request;
  const zone = contact.timezone ?? deps.timezone;
  const input = journeyInput('sequence', contactId, startOf(version, request), zone);
  const now = deps.clock.now();

  const stale = staleReason(request, isTooLate(version.body, at, now, zone));
  const reason = stale ?? entryRefusal(version.body.reentry, earlierRuns(earlier), input.entry);
  const ordinal = 1 + earlier.filter((each) => each.contactId === contactId).length;

  return {
    entryId: `${version.id}/${contactId}/${ordinal}`,
    ...{ sequenceId: version.id, version: version.version, contactId, city, ordinal },
    ...{ occasion, entry: input.entry, at, askedAt: formatInstant(now) },
    ...(staffId !== undefined && { staffId }),
    workflowId: journeyKind('sequence').workflowId(input),
    ...(reason === null ? { state: 'admitted' } : { state: 'refused', reason }),
  };
}

function staleReason({ isSuperseded }: EntryRequest, isLate: boolean): StaleReason | null {
  if (isSuperseded) return 'superseded';
  return isLate ? 'too-late' : null;
}

const startOf = (
  { id, version, body }: Pick<Version<Sequence>, 'id' | 'version' | 'body'>,
  { occasion, at, staffId }: EntryRequest,
) => ({
  ...{ sequence: versionRef(id, version), occasion, at, reentry: body.reentry },
  ...(staffId !== undefined && { staffId }),
});

const earlierRuns = (entries: readonly SequenceEntry[]) =>
  entries
    .filter(({ state }) => state !== 'refused')
    .map(({ entry, state }) => ({ entry, isRunning: state !== 'ended' }));

/** A crash may have come between the entry and its run. */
async function answerAgain(deps: DoorDeps, entry: SequenceEntry): Promise<EntryAnswer> {
  if (entry.reason !== undefined) return { kind: 'refused', reason: entry.reason };
  if (entry.state === 'admitted') await startAgain(deps, entry);

  return { kind: 'repeated', workflowId: entry.workflowId };
}

/** Under the version that let it in. A contact that is gone needs no run. */
async function startAgain(deps: DoorDeps, entry: SequenceEntry): Promise<void> {
  const { sequences, contacts, sequenceEntries } = deps.stores;
  const version = await sequences.find(entry.sequenceId, entry.version);
  const contact = await contacts.find(entry.contactId);
  if (version && contact) return await startRun(deps, entry, contact, version.body);

  await sequenceEntries.ended(entry, 'contact-gone', formatInstant(deps.clock.now()));
}

/** The run before may be in its last moments under the same id: then this one is started by `startAdmitted`, a little later. */
async function startRun(
  deps: DoorDeps,
  entry: SequenceEntry,
  { city, timezone }: Contact,
  body: Sequence,
): Promise<void> {
  const { sequenceId, version, contactId, entryId, workflowId } = entry;
  const about = { contactId, city, ...(timezone !== undefined && { timezone }) };
  const start = startOf({ id: sequenceId, version, body }, entry);
  const { started } = await launch(deps, 'sequence', about, start);

  const isOurs = started || (await deps.stores.runs.find(workflowId))?.entry === entry.entry;
  if (isOurs) await deps.stores.sequenceEntries.begun(entryId);
}

const START_AFTER_MS = 15_000;
const PAGE = 200;

/** Starts the runs of those who were let in and have none: the process died, or another run was just ending. Repeats are harmless. */
export async function startAdmitted(deps: DoorDeps): Promise<void> {
  const before = formatInstant(deps.clock.now() - START_AFTER_MS);
  for (const entry of await deps.stores.sequenceEntries.unstarted(before, PAGE))
    await startAgain(deps, entry);
}
