// The end of a run that leaves a touch waiting for somebody: it is called back, or its end is awaited, so that its slot comes free.

import { massSendId } from '../../rules/base/ids';
import { markStep } from './details';
import { withdrawSignal } from './messages';
import { now } from './now';
import { withdrawTouch } from './proxies';
import { signalWorkflow } from './signalWorkflow';
import type { OpenTask, RunState } from './state';
import { closeTask, isSettled } from './task';
import { condition, patched } from './temporal';

/** `why`: the outcome of the run. */
export async function closeOpenTouches(state: RunState, why: string): Promise<void> {
  state.isClosing = true;

  for (const task of [...state.open]) {
    if (isSettled(state, task)) continue;

    markStep(state, 'closing');

    const isWithdrawn = task.channel === 'wecom' && (await withdraw(state, task, why));
    if (isWithdrawn) continue;

    if (task.channel !== 'wecom') await waitForResult(state, task);
    await closeTask(state, task);
  }
}

/** A WeCom task: its mass-send flow cancels what staff have not sent and settles the touch. False: that flow has ended. */
async function withdraw(
  { contactId }: RunState,
  { channelRef, touchId, until }: OpenTask,
  why: string,
): Promise<boolean> {
  // Runs that closed before withdrawals were kept told the flow themselves.
  if (!patched('withdrawals-are-kept'))
    return signalWorkflow(massSendId(channelRef), withdrawSignal, { touchId });

  if (until <= now()) return false;
  await withdrawTouch({ contactId, touchId, why });
  return true;
}

/** A call that was queued cannot be called back; nobody but this run would give its slot back, so the run waits for it. */
async function waitForResult(state: RunState, task: OpenTask): Promise<void> {
  if (task.until <= now()) return;

  const summary = `通话结果 · the result of ${task.touchId}`;
  await condition(() => isSettled(state, task), task.until - now(), { summary });
}
