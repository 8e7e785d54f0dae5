// A touch that waits for staff is judged again whenever something has changed that may have made it wrong.

import { now } from './now';
import { reviewTouch } from './proxies';
import type { OpenTask, RunState } from './state';
import { CancellationScope, condition, log, TemporalFailure } from './temporal';

/** Goes on beside the journey until the task has ended. Costs no history as long as nothing changes. */
export function watchTask(state: RunState, task: OpenTask, heard: number): void {
  void CancellationScope.nonCancellable(() => watch(state, task, heard)).catch((error: unknown) => {
    if (!(error instanceof TemporalFailure)) throw error;
    log.warn('a task could not be judged again', { touchId: task.touchId });
  });
}

async function watch(state: RunState, task: OpenTask, heard: number): Promise<void> {
  let known = heard;
  let quietFrom = Number.POSITIVE_INFINITY;

  for (;;) {
    const since = known;
    const isAwake = () => hasChanged(state, since) || !isOpen(state, task);

    // Its follower keeps the deadline; only a quiet time that begins sooner is ours to keep.
    if (quietFrom < task.deadline) await condition(isAwake, Math.max(quietFrom - now(), 1));
    else await condition(isAwake);
    if (!isOpen(state, task)) return;

    known = state.changes.length;
    const review = await reviewTouch(task.input);
    if (!review.stands) {
      task.takenBack = review;
      return;
    }
    quietFrom = Date.parse(review.quietFrom ?? '') || Number.POSITIVE_INFINITY;
  }
}

/** What else ends of the contact makes no task wrong: it was decided with this one among them. */
const hasChanged = ({ changes }: RunState, since: number): boolean =>
  changes.slice(since).some((what) => what !== 'slots');

const isOpen = (state: RunState, task: OpenTask): boolean =>
  !state.isClosing && state.open.includes(task) && state.settled[task.touchId] === undefined;
