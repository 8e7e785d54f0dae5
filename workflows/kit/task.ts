// A touch that somebody must still act on, from its hand-over to its end.

import type { TouchInput, TouchVerdict } from '../../activities/contract';
import type { ChannelName } from '../../rules/contact/contact';
import { MINUTE_MS } from '../../rules/time/durations';
import { noteTouch } from './details';
import { settleTouch, withdrawTouch } from './proxies';
import type { EventKind, OpenTask, RunState } from './state';
import type { TouchOutcome } from './touch';
import { hasEvent, takeEvent, waitUntilTrue } from './waits';
import { watchTask } from './watch';

/** The settlement of a tasked touch reaches us by signal; its follower works to the same deadline and comes first. */
const GRACE_MS = 30 * MINUTE_MS;

type Tasked = Extract<TouchVerdict, { verdict: 'tasked' }>;

/** `heard`: how many changes the gate knew of when it let the touch pass. */
export function openTask(
  state: RunState,
  input: TouchInput & { readonly channel: ChannelName },
  tasked: Tasked,
  heard: number,
): OpenTask {
  const { touchId, channel } = input;
  const { channelRef } = tasked;
  const deadline = Date.parse(tasked.deadline);

  const task = { touchId, channel, channelRef, input, deadline, until: deadline + GRACE_MS };
  state.open.push(task);
  watchTask(state, task, heard);
  return task;
}

export const isSettled = (state: RunState, { touchId }: OpenTask): boolean =>
  state.settled[touchId] !== undefined;

interface Pointless {
  /** Events that make the touch pointless. */
  readonly unless: readonly EventKind[];
  readonly isSuperseded: () => boolean;
}

/** Waits until staff have acted, the touch has become pointless, or the time is over. */
export async function waitForStaff(
  state: RunState,
  task: OpenTask,
  { unless, isSuperseded }: Pointless,
): Promise<TouchOutcome> {
  // A call that is queued cannot be called back.
  const isGivenUp = () => task.channel === 'wecom' && isSuperseded();
  await waitUntilTrue(
    state,
    () => isSettled(state, task) || hasEvent(state, unless) || isGivenUp(),
    `员工确认 · staff to act on ${state.step}`,
    task.until,
  );

  if (!isSettled(state, task)) {
    const by = takeEvent(state, unless);
    if (by) return { kind: 'overtaken', by };
    if (isGivenUp()) return giveUp(state, task);
  }

  return closeTask(state, task);
}

/** Its follower cancels it and settles the touch. */
async function giveUp(state: RunState, task: OpenTask): Promise<TouchOutcome> {
  const { touchId } = task;
  state.open.splice(state.open.indexOf(task), 1);
  await withdrawTouch({ contactId: state.contactId, touchId, why: 'superseded' });

  return { kind: 'unconfirmed', touchId };
}

/** Ends a task that is settled or has run out of time, and takes it off the list of open ones. */
export async function closeTask(state: RunState, task: OpenTask): Promise<TouchOutcome> {
  const { touchId } = task;
  const { contactId } = state;
  state.open.splice(state.open.indexOf(task), 1);

  if (!isSettled(state, task))
    await settleTouch({ touchId, contactId, settled: 'released', why: 'unconfirmed' });

  const settled = state.settled[touchId];
  if (settled?.settled === 'sent') return { kind: 'sent', touchId };

  noteTouch(state, { touchId, verdict: 'released', reason: settled?.why ?? 'unconfirmed' });
  return { kind: 'unconfirmed', touchId };
}
