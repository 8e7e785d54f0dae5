// Tasks that steps of sequences ask of staff: opened once, and ended when their time or their run is over.

import type { TaskWords } from '../ports/staffTasks';
import { CodedError } from '../rules/base/errors';
import { parseVersionRef } from '../rules/base/ids';
import { BY_SOPFLOW } from '../rules/contact/staffTask';
import type { TaskSettled } from '../rules/journey/messages';
import { formatInstant } from '../rules/time/instant';
import type { EndTasksInput, OpenTaskInput } from './contract';
import type { ActivityDeps, CallingRun } from './deps';

type TaskDeps = Pick<ActivityDeps, 'clock'> & {
  readonly stores: Pick<ActivityDeps['stores'], 'contacts' | 'sequences' | 'staffTasks'>;
};

/** Repeating it changes nothing. @throws CodedError NOT_FOUND: nobody knows the contact any more */
export async function openStaffTask(
  deps: TaskDeps,
  { workflowId }: Pick<CallingRun, 'workflowId'>,
  { sequence, step, ...task }: OpenTaskInput,
): Promise<void> {
  const contact = await deps.stores.contacts.find(task.contactId);
  if (!contact)
    throw new CodedError('NOT_FOUND', `contact ${task.contactId} does not exist`, [
      { path: 'contactId', message: 'unknown', value: task.contactId },
    ]);

  const words = await wordsOf(deps, sequence, step);
  await deps.stores.staffTasks.open([
    {
      ...task,
      city: contact.city,
      origin: { sequence, workflowId, step },
      ...(words && { words }),
      openedAt: formatInstant(deps.clock.now()),
    },
  ]);
}

/** What the step says; a version that cannot be found any more leaves the task without words. */
async function wordsOf(
  { stores }: TaskDeps,
  ref: string,
  stepId: string,
): Promise<TaskWords | undefined> {
  const pinned = parseVersionRef(ref);
  const version = pinned && (await stores.sequences.find(pinned.id, pinned.version));
  const action = version?.body.steps.find(({ id }) => id === stepId)?.do;
  if (!action || !('scene' in action || 'template' in action)) return undefined;

  const { template, product } = action;
  const scene = 'scene' in action ? action.scene : undefined;
  return {
    ...(template !== undefined && { template }),
    ...(scene !== undefined && { scene }),
    ...(product !== undefined && { product }),
  };
}

/** Ends those that are open, and answers how each has ended: what a member did first stands. Those that never began are left out. */
export async function endStaffTasks(
  { stores, clock }: TaskDeps,
  { taskIds, as }: EndTasksInput,
): Promise<readonly TaskSettled[]> {
  const at = formatInstant(clock.now());
  const settled: TaskSettled[] = [];

  for (const taskId of taskIds) {
    await stores.staffTasks.actOfRun(taskId, { did: as, by: BY_SOPFLOW, at });
    const last = (await stores.staffTasks.find(taskId))?.acts.at(-1);
    if (last) settled.push({ taskId, outcome: last.did, at: last.at });
  }

  return settled;
}
