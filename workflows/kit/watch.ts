// A touch that waits for staff is judged again whenever something has changed that may have made it wrong.

import { attempt } from './attempt';
import { now } from './now';
import { reviewTouch, withdrawTouch } from './proxies';
import type { OpenTask, RunState } from './state';
import { CancellationScope, condition, patched } from './temporal';

/** Goes on beside the journey until the task has ended. Costs no history as long as nothing changes. */
export function watchTask(state: RunState, task: OpenTask, heard: number): void {
  void CancellationScope.nonCancellable(() => watch(state, task, heard));
}

async function watch(state: RunState, task: OpenTask, heard: number): Promise<void> {
  let known = heard;
  let quietFrom = Number.POSITIVE_INFINITY;

  for (;;) {
    const since = known;
    const isAwake = () => hasChanged(state, since) || !isOpen(state, task);

    // Its follower keeps the deadline; only a quiet time that begins sooner is ours to keep.
    if (quietFrom < task.deadline) await condition(isAwake, quietFrom - now());
    else await condition(isAwake);
    if (!isOpen(state, task)) return;

    known = state.changes.length;
    if (!isToBeReviewed(state, since)) continue;

    const review = await attempt('judging an open task again', () =>
      isRefused(state, task) ? takeBack(task) : reviewTouch(task.input),
    );
    if (review?.stands === false) {
      task.takenBack = review;
      return;
    }
    // Runs whose review failed before this looked at their task no more.
    if (review === undefined && !patched('watch-goes-on')) return;

    quietFrom = nextLook(review?.quietFrom);
  }
}

/** The customer has closed the channel to offers, whatever the policy makes of it. */
const isRefused = ({ lost }: RunState, { channel, input }: OpenTask): boolean =>
  lost.includes(channel) && input.class === 'marketing';

async function takeBack({ input }: OpenTask): Promise<NonNullable<OpenTask['takenBack']>> {
  const { contactId, touchId } = input;
  await withdrawTouch({ contactId, touchId, why: 'opted-out' });
  return { stands: false, verdict: 'suppressed', reason: 'consent' };
}

/** A quiet time that has begun already was looked at just now. */
function nextLook(quietFrom: string | undefined): number {
  const instant = Date.parse(quietFrom ?? '');
  return instant > now() ? instant : Number.POSITIVE_INFINITY;
}

/** Runs that heard of events before these were taken for changes did not look at their tasks then. A quiet time needs no change. */
function isToBeReviewed({ changes }: RunState, since: number): boolean {
  const heard = changes.slice(since).filter((what) => what !== 'slots');
  const isOnlyEvents = heard.length > 0 && heard.every((what) => what === 'event');
  return !isOnlyEvents || patched('events-are-changes');
}

/** What else ends of the contact makes no task wrong: it was decided with this one among them. */
const hasChanged = ({ changes }: RunState, since: number): boolean =>
  changes.slice(since).some((what) => what !== 'slots');

const isOpen = (state: RunState, task: OpenTask): boolean =>
  state.ending === null &&
  !state.isClosing &&
  state.open.includes(task) &&
  state.settled[task.touchId] === undefined;
