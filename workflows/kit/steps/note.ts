// How a step stands: shown by the run, and kept for good.

import type { StepNote } from '../../../rules/sequence/stepNote';
import { noteStep } from '../details';
import { now } from '../now';
import { keepStep } from '../proxies';
import { type Course, type DueStep, stepIdOf } from './course';

export async function keepNote(course: Course, due: DueStep, note: StepNote): Promise<void> {
  const { state, input } = course;
  const { step, times } = due;

  if (note.state === 'due') course.underWay.add(due);
  else course.underWay.delete(due);
  noteStep(state, { step: step.id, ...note });

  await keepStep({
    stepId: stepIdOf(course, due),
    contactId: state.contactId,
    ...(state.staffId !== undefined && { staffId: state.staffId }),
    sequence: input.sequence,
    step: step.id,
    dueAt: new Date(times.dueAt).toISOString(),
    at: new Date(now()).toISOString(),
    ...note,
  });
}
