// The end of a run that leaves a touch waiting for somebody: it is called back, or its end is awaited, so that its slot comes free.

import { condition } from '@temporalio/workflow';
import { massSendId } from '../rules/ids';
import { markStep } from './details';
import { withdrawSignal } from './messages';
import { now } from './now';
import type { RunState } from './run';
import { tell } from './tell';
import { closeTask } from './touch';

/**
 * A WeCom task is withdrawn: its mass-send flow cancels what staff have not sent and settles the touch. A call that was
 * queued cannot be called back; nobody but this run would give its slot back, so the run waits for it.
 */
export async function lastWords(state: RunState, contactId: string): Promise<void> {
  for (const task of [...state.open]) {
    if (state.settled[task.touchId] !== undefined) continue;
    if (task.channel === 'wecom') {
      await tell(massSendId(task.channelRef), withdrawSignal, { touchId: task.touchId });
      continue;
    }
    markStep(state, 'closing');
    if (task.until > now())
      await condition(() => state.settled[task.touchId] !== undefined, task.until - now(), {
        summary: `通话结果 · the result of ${task.touchId}`,
      });
    await closeTask(state, contactId, task);
  }
}
