// The end of a run that leaves a touch waiting for somebody: it is called back, or its end is awaited, so that its slot comes free.

import { massSendId } from '../../rules/base/ids';
import { markStep } from './details';
import { withdrawSignal } from './messages';
import { now } from './now';
import type { OpenTask, RunState } from './run';
import { signalWorkflow } from './signalWorkflow';
import { condition } from './temporal';
import { closeTask } from './touch';

/**
 * A WeCom task is withdrawn: its mass-send flow cancels what staff have not sent and settles the touch. A call that was
 * queued cannot be called back; nobody but this run would give its slot back, so the run waits for it.
 */
export async function closeOpenTouches(state: RunState, contactId: string): Promise<void> {
  for (const task of [...state.open]) {
    if (isSettled(state, task)) continue;
    markStep(state, 'closing');
    const { touchId, channelRef, until } = task;
    if (task.channel === 'wecom') {
      if (await signalWorkflow(massSendId(channelRef), withdrawSignal, { touchId })) continue;
    } else if (until > now()) {
      const summary = `通话结果 · the result of ${touchId}`;
      await condition(() => isSettled(state, task), until - now(), { summary });
    }
    await closeTask(state, contactId, task);
  }
}

const isSettled = (state: RunState, { touchId }: OpenTask): boolean =>
  state.settled[touchId] !== undefined;
