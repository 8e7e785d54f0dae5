// Starting journeys and speaking to running ones, the same for the API and for what comes in by itself.

import type { Clock } from '../ports/clock';
import type { Engine } from '../ports/engine';
import type { RunRecord } from '../ports/runs';
import type { Stores } from '../ports/stores';
import { mapInParallel } from '../rules/base/mapInParallel';
import type { Contact } from '../rules/contact/contact';
import { LONG_AGO } from '../rules/contact/earlierConsents';
import { type JourneyKind, journeyInput, journeyKind, type StartOf } from '../rules/journey/kinds';
import type { ContactChanged, ContactEvent, JourneyMessage } from '../rules/journey/messages';

export interface LaunchDeps {
  readonly stores: Pick<Stores, 'runs' | 'waves'>;
  readonly engine: Pick<Engine, 'start' | 'signal' | 'reviewWaves'>;
  readonly clock: Clock;
  /** IANA zone of a contact that names none. */
  readonly timezone: string;
}

interface RunsDeps {
  readonly stores: Pick<Stores, 'runs' | 'waves'>;
  readonly engine: Pick<Engine, 'signal' | 'reviewWaves'>;
}

export interface Launched {
  readonly workflowId: string;
  readonly started: boolean;
}

/**
 * Starts a journey for a contact. Repeats are harmless: a run of this entry that is going or has ended is left alone, also when
 * Temporal no longer knows it. The row is written after the start, so that a start that failed leaves none, and never over a row
 * that the run wrote itself.
 */
export async function launch<K extends JourneyKind>(
  { stores, engine, clock, timezone }: LaunchDeps,
  journey: K,
  contact: Pick<Contact, 'contactId' | 'city' | 'timezone'>,
  start: StartOf<K>,
): Promise<Launched> {
  const input = journeyInput(journey, contact.contactId, start, contact.timezone ?? timezone);
  const workflowId = journeyKind(journey).workflowId(input);

  const known = await stores.runs.find(workflowId);
  if (known !== null && hasEnded(known, input.entry)) return { workflowId, started: false };

  const answer = await engine.start(journey, workflowId, input, { city: contact.city });
  await stores.runs.openNew({
    workflowId,
    journey,
    contactId: contact.contactId,
    city: contact.city,
    entry: input.entry,
    startedAt: new Date(clock.now()).toISOString(),
    ...(input.staffId !== undefined && { staffId: input.staffId }),
  });

  return { workflowId, started: answer === 'started' };
}

/** A journey that may run again does so for another entry only. */
function hasEnded({ journey, state, entry: last }: RunRecord, entry: string): boolean {
  if (state === 'running') return false;
  return last === entry || journeyKind(journey).mayRunAgain !== true;
}

/** Tells every running journey of a contact what happened, all at once: a withdrawal must not wait for a slow one among them. */
export async function signalRuns(
  deps: RunsDeps,
  contactId: string,
  body: ContactEvent,
): Promise<void> {
  await tellRuns(deps, contactId, { signal: 'contact', body });
  await reviewTasksOfWaves(deps, [contactId]);
}

/** Tells them that something has changed which decides over their held touches and open tasks. */
export async function wakeRuns(
  deps: RunsDeps,
  contactId: string,
  what: ContactChanged['what'],
): Promise<void> {
  await tellRuns(deps, contactId, { signal: 'changed', body: { what } });
  // What else ends of a contact makes no open task wrong.
  if (what !== 'slots') await reviewTasksOfWaves(deps, [contactId]);
}

/** The same for many contacts, who have few runs between them. */
export async function wakeRunsOf(
  { stores, engine }: RunsDeps,
  contactIds: readonly string[],
  what: ContactChanged['what'],
): Promise<void> {
  const running = contactIds.length > 0 ? await stores.runs.runningOf(contactIds) : [];
  await mapInParallel(running, ({ workflowId }) =>
    engine.signal(workflowId, { signal: 'changed', body: { what } }),
  );
}

interface ReviewDeps {
  readonly stores: Pick<Stores, 'waves'>;
  readonly engine: Pick<Engine, 'reviewWaves'>;
}

/** Touches of waves that wait for staff have no run of their own: all that were marked are judged again by one flow. */
export async function reviewTasksOfWaves(
  { stores, engine }: ReviewDeps,
  contactIds: readonly string[],
): Promise<void> {
  if (contactIds.length === 0) return;
  if ((await stores.waves.hasten(contactIds, LONG_AGO)) > 0) await engine.reviewWaves();
}

async function tellRuns(
  { stores, engine }: RunsDeps,
  contactId: string,
  message: JourneyMessage,
): Promise<void> {
  const running = await stores.runs.runningOf([contactId]);
  await Promise.all(running.map(({ workflowId }) => engine.signal(workflowId, message)));
}
