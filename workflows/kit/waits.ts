// Waiting: for an instant, for an event, for an operator; always ready to end the run.

import type { ContactEvent } from '../../rules/journey/messages';
import { describe, markStep } from './details';
import { now } from './now';
import type { EventKind, RunState } from './run';
import { RunEnded } from './stops';
import { condition } from './temporal';

/** Takes the oldest event of these kinds that was not taken before. */
export function takeEvent(
  state: RunState,
  kinds: readonly EventKind[],
  fits: (event: ContactEvent) => boolean = () => true,
): ContactEvent | null {
  const index = state.events.findIndex((event) => kinds.includes(event.kind) && fits(event));
  return index < 0 ? null : (state.events.splice(index, 1)[0] ?? null);
}

/** Waits until `met`, or `until` (milliseconds), or the end of the run. True when met. `why` is what an operator reads. */
export async function waitUntilTrue(
  state: RunState,
  met: () => boolean,
  why: string,
  until?: number,
): Promise<boolean> {
  const awake = () => state.ending !== null || met();
  if (!awake() && (until === undefined || until > now())) {
    // A run that begins with a wait must be found by its journey and city all the same.
    if (state.step === 'begin') markStep(state, 'waiting');
    state.waitingFor = why;
    if (until !== undefined) state.until = new Date(until).toISOString();
    describe(state);
    if (until === undefined) await condition(awake);
    else await condition(awake, until - now(), { summary: why });
    delete state.waitingFor;
    delete state.until;
  }
  if (state.ending !== null) throw new RunEnded(state.ending);
  return met();
}

/** A paused run begins nothing new. Stopping it works all the same. */
export async function waitWhilePaused(state: RunState): Promise<void> {
  await waitUntilTrue(state, () => !state.paused, '继续运行 · an operator to resume the run');
}
