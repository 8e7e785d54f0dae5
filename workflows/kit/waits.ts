// Waiting: for an instant, for an event, for an operator; always ready to end the run.

import type { ContactEvent } from '../../rules/journey/messages';
import { markStep, whileWaiting } from './details';
import { now } from './now';
import { type EventKind, isAboutOffer, type RunState } from './state';
import { RunEnded } from './stops';
import { condition } from './temporal';
import { currentZone, type Due } from './zone';

type EventFilter = (event: ContactEvent) => boolean;

/** Takes the oldest event of these kinds that was not taken before and speaks of no other offer. */
export function takeEvent(
  state: RunState,
  kinds: readonly EventKind[],
  fits: EventFilter = () => true,
): ContactEvent | null {
  const index = indexOfEvent(state, kinds, fits);
  const event = index < 0 ? undefined : state.events.splice(index, 1)[0];
  if (event?.acceptance !== undefined) state.taken = event;

  return event ?? null;
}

/** True when `takeEvent` would find one. */
export const hasEvent = (
  state: RunState,
  kinds: readonly EventKind[],
  fits: EventFilter = () => true,
): boolean => indexOfEvent(state, kinds, fits) >= 0;

const indexOfEvent = (state: RunState, kinds: readonly EventKind[], fits: EventFilter): number =>
  state.events.findIndex(
    (event) => kinds.includes(event.kind) && isAboutOffer(state, event) && fits(event),
  );

export interface EventWait {
  readonly kinds: readonly EventKind[];
  readonly until: Due;
  /** What an operator reads. */
  readonly waitingFor: string;
  readonly fits?: EventFilter;
  /** Ends the wait early. */
  readonly isPointless?: () => boolean;
}

/** The first such event, also one from before the wait; null when there was none until then. */
export async function waitForEvent(state: RunState, wait: EventWait): Promise<ContactEvent | null> {
  const { kinds, until, waitingFor, fits, isPointless = () => false } = wait;

  await waitUntilDue(state, () => hasEvent(state, kinds, fits) || isPointless(), waitingFor, until);
  await waitWhilePaused(state);

  return takeEvent(state, kinds, fits);
}

/** As `waitUntilTrue`; a local time is waited for where the contact is. What was due before the contact moved is over. */
export async function waitUntilDue(
  state: RunState,
  met: () => boolean,
  waitingFor: string,
  due: Due,
): Promise<boolean> {
  if (typeof due === 'number') return waitUntilTrue(state, met, waitingFor, due);

  for (;;) {
    const until = due(await currentZone(state));
    await waitUntilTrue(state, () => met() || state.isZoneOld, waitingFor, until);
    if (met() || until <= now()) return met();
  }
}

/** Waits until `met`, or `until` (milliseconds), or the end of the run. True when met. `waitingFor` is what an operator reads. */
export async function waitUntilTrue(
  state: RunState,
  met: () => boolean,
  waitingFor: string,
  until?: number,
): Promise<boolean> {
  const awake = () => state.ending !== null || met();
  if (!awake() && (until === undefined || until > now())) {
    // A run that begins with a wait must be found by its journey and city all the same.
    if (state.step === 'begin') markStep(state, 'waiting');
    const wait = {
      what: waitingFor,
      ...(until !== undefined && { until: new Date(until).toISOString() }),
    };
    await whileWaiting(state, wait, async () => {
      if (until === undefined) await condition(awake);
      else await condition(awake, until - now(), { summary: waitingFor });
    });
  }
  if (state.ending !== null) throw new RunEnded(state.ending);

  return met();
}

/** A paused run begins nothing new. Stopping it works all the same. */
export async function waitWhilePaused(state: RunState): Promise<void> {
  await waitUntilTrue(state, () => !state.paused, '继续运行 · an operator to resume the run');
}
