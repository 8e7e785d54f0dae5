// A step that a member of staff does.

import type { TaskSettled } from '../../../rules/journey/messages';
import type { StaffAction } from '../../../rules/sequence/sequence';
import { doneAt, type StepNote } from '../../../rules/sequence/stepNote';
import { now } from '../now';
import { endTasks, openTask } from '../proxies';
import type { RunState } from '../state';
import { waitUntilTrue } from '../waits';
import { type Course, type DueStep, stepIdOf } from './course';
import { keepNote } from './note';

export async function askStaff(
  course: Course,
  due: DueStep,
  { kind }: StaffAction,
): Promise<StepNote> {
  const { state, input } = course;
  const { step, times } = due;
  const { contactId, staffId } = state;
  const taskId = stepIdOf(course, due);

  await keepNote(course, due, { state: 'due' });
  await openTask({
    ...{ taskId, kind, contactId, sequence: input.sequence, step: step.id },
    ...(staffId !== undefined && { staffId }),
    dueAt: new Date(times.dueAt).toISOString(),
    dueBy: new Date(times.dueBy).toISOString(),
    expiresAt: new Date(times.until).toISOString(),
  });
  // A notice asks for nothing.
  if (kind === 'notice') return doneAt(now(), times.dueBy);

  await waitUntilTrue(
    state,
    () => isEnded(state, taskId),
    `员工完成任务 · staff to do ${step.id}`,
    times.until,
  );
  return noteOfTask(await endOf(state, taskId, 'missed'), times.dueBy);
}

/** One that was postponed is still to be done. */
function isEnded({ tasks }: RunState, taskId: string): boolean {
  const { outcome = 'postponed' } = tasks[taskId] ?? {};
  return outcome !== 'postponed';
}

/** Ends a task that is still open; what a member did first stands. */
export async function endOf(
  { contactId, tasks }: RunState,
  taskId: string,
  as: 'missed' | 'cancelled',
): Promise<TaskSettled | undefined> {
  const told = tasks[taskId];
  if (told !== undefined && told.outcome !== 'postponed') return told;

  const [ended] = await endTasks({ contactId, taskIds: [taskId], as });
  return ended;
}

export function noteOfTask(ended: TaskSettled | undefined, dueBy: number): StepNote {
  switch (ended?.outcome) {
    case 'done':
      return doneAt(Date.parse(ended.at), dueBy);
    case 'not-reached':
      return { ...doneAt(Date.parse(ended.at), dueBy), reason: 'not-reached' };
    case 'cancelled':
      return { state: 'skipped', reason: 'cancelled' };
    default:
      return { state: 'missed', reason: 'not-done' };
  }
}
